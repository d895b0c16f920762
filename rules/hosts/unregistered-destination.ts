import {
  callOf,
  defineRule,
  describe,
  destinationHosts,
  hostReference,
  type Mesh,
  nameOf,
  type ResourceByKind,
  STOCK,
  SYMPTOMS,
  slipOf,
  storyOf,
} from '../../src/rule-api.ts';

type Service = ResourceByKind['Service'];
type VirtualService = ResourceByKind['VirtualService'];

/** Among more names than these a likeness is chance. */
const MAX_CANDIDATES = 500;
const FAILS = `${describe(SYMPTOMS['no-cluster'].http)}; TLS and TCP connections are reset. With ALLOW_ANY as well: a route to an unknown host fails`;

export default defineRule({
  meta: {
    name: 'unregistered-destination',
    code: 'EL303',
    family: 'hosts',
    peers: ['IST0101', 'KIA1101'],
    severity: 'error',
    summary: 'A route leads to a host that no Service and no ServiceEntry registers.',
    fixable: 'suggestion',
  },
  messages: {
    alias: {
      text: '{vs}: destination {host} is an ExternalName Service, an alias of {target}, which no ServiceEntry registers, so what is routed there fails',
      label: "leads to '{target}'",
      symptom: FAILS,
      help: "add a ServiceEntry for '{target}'",
    },
    withinWildcard: {
      text: "{vs}: destination {host} is registered only as part of '{wildcard}', which is no destination for it, so what is routed there fails",
      label: 'no ServiceEntry of exactly this name',
      symptom: FAILS,
      help: "add a ServiceEntry for '{host}' itself",
    },
    nearMiss: {
      text: "{vs}: destination '{host}' is registered by nothing in these files; did you mean '{found}'?",
      label: 'no such host here',
      symptom: `if it is a slip: ${FAILS}`,
      help: "write '{found}', or add a ServiceEntry for '{host}'",
    },
    external: {
      text: "{vs}: destination '{host}' is registered by no ServiceEntry in these files; without one, what is routed there fails",
      label: 'no ServiceEntry in view',
      symptom: FAILS,
      help: "add a ServiceEntry for '{host}', or lint the file that holds it together with this one",
    },
    absent: {
      text: "{vs}: destination '{host}' is no host of this mesh: no Service and no ServiceEntry registers it, so what is routed there fails",
      label: 'nothing registers it',
      symptom: FAILS,
      help: "add a ServiceEntry or Service for '{host}'; if it exists outside of these files, name it in the configuration (assume), which says that they are complete (closedWorld)",
    },
    notInView: {
      text: "{vs}: destination '{host}' is not in these files",
      label: 'not in view',
      help: 'lint the file that holds the Service together with this one',
    },
    onTheWay: {
      text: '{vs}: {call} from {client} is sent on to {host}, which the gateway does not know, so it fails',
      label: 'unknown to the gateway',
      help: 'add a ServiceEntry for {host}, or lint the file that holds it together with this one',
    },
  },

  create: ({ mesh, report }) => ({
    Path(path) {
      const { missing, destination, last } = path;
      if (missing?.missing !== 'host' || !destination || last.proxy.kind !== 'gateway' || !isExternal(missing.key.host) || isOpen(mesh)) return;
      // Where only routing is in view, entries may stand elsewhere.
      if (mesh.all('Service').length + mesh.all('Namespace').length === 0) return;
      report(
        'onTheWay',
        { resource: destination.resource, path: [...destination.path, 'host'] },
        { data: { vs: nameOf(destination.resource), host: missing.key.host, ...callOf(path) }, ...storyOf(path) },
      );
    },
    VirtualService(vs) {
      const seen = new Set<string>();
      const likely = mesh.closedWorld ? {} : { confidence: 'likely' as const };
      for (const { resource, path, written } of destinationHosts(vs, mesh.config.clusterDomain)) {
        const reference = hostReference(mesh, resource, written);
        const { host } = reference;
        if (seen.has(host)) continue;
        seen.add(host);
        const at = { resource, path };
        const data = { vs: nameOf(vs), host };
        switch (reference.state) {
          case 'registered': {
            const alias = aliasOf(
              mesh,
              vs,
              reference.registrations.map((each) => each.resource),
            );
            if (!alias) break;
            const related = [{ at: { resource: alias, path: ['spec', 'externalName'] }, message: `${nameOf(alias)} is an alias` }];
            report('alias', at, { data: { ...data, target: alias.spec.externalName ?? '' }, related });
            break;
          }
          case 'within-wildcard': {
            if (!isExternal(host)) break;
            const { registration } = reference;
            const related = [{ at: { resource: registration.resource, path: ['spec', 'hosts', registration.index] }, message: nameOf(registration.resource) }];
            if (!isOpen(mesh)) report('withinWildcard', at, { data: { ...data, wildcard: registration.host }, ...likely, related });
            break;
          }
          case 'not-in-view': {
            const found = isOpen(mesh) ? undefined : slip(mesh, host);
            const fixes = [{ title: `write '${found}'`, safe: false, changes: [{ do: 'replace' as const, at, value: found ?? '' }] }];
            if (found) report('nearMiss', at, { data: { ...data, found }, ...likely, fixes });
            else if (mesh.closedWorld && !isOpen(mesh) && !isStock(mesh, host)) report('absent', at, { data });
            else if (isExternal(host))
              report('external', at, { data, ...(isComplete(mesh, vs) && !isOpen(mesh) ? { confidence: 'likely' } : { severity: 'info' }) });
            else if (!isStock(mesh, host)) report('notInView', at, { data, severity: 'info' });
            break;
          }
          default:
        }
      }
    },
  }),
});

/** Whether hosts may be registered that nobody can name yet. */
function isOpen(mesh: Mesh): boolean {
  return mesh.hasUnknownNames('ServiceEntry') || mesh.registry.hasUnknownHosts(undefined);
}

/** N-15: the ExternalName Service that a destination is, if the host that it stands for is registered by nothing. */
function aliasOf(mesh: Mesh, vs: VirtualService, resources: readonly ResourceByKind[keyof ResourceByKind][]): Service | undefined {
  const [only, another] = resources;
  if (only?.kind !== 'Service' || another || isOpen(mesh) || !mesh.belongTogether(vs, only)) return undefined;
  const { type, externalName } = (only as Service).spec;
  if (type !== 'ExternalName' || !externalName || !isExternal(externalName)) return undefined;
  return mesh.registry.covering(externalName).length > 0 ? undefined : (only as Service);
}

/** The gateways of a stock installation are taken to be there. */
function isStock(mesh: Mesh, host: string): boolean {
  return STOCK.some(({ name, namespace }) => host === `${name}.${namespace}.svc.${mesh.config.clusterDomain}`);
}

/** Whether only a ServiceEntry can register a host: it has not the form of a Service's, in whatever cluster domain. */
function isExternal(host: string): boolean {
  return host.includes('.') && !/\.svc\.|\.svc$|\.local$/.test(host) && !/^[\d.]+$/.test(host);
}

/** Whether what registers hosts stands beside a VirtualService: ServiceEntries, or a file that holds more than routing. Then the one that is missed should be there. */
function isComplete(mesh: Mesh, vs: VirtualService): boolean {
  const { file } = vs.source;
  if (mesh.all('ServiceEntry').some((entry) => mesh.belongTogether(vs, entry))) return true;
  return (
    mesh.inNamespace('Service', vs.namespace).some((service) => service.source.file === file) ||
    mesh.inNamespace('Namespace', '').some((each) => each.source.file === file)
  );
}

function slip(mesh: Mesh, host: string): string | undefined {
  const names = mesh.registry.hosts.length > MAX_CANDIDATES ? [] : mesh.registry.hosts.map((registered) => registered.host);
  return slipOf(host, names);
}
