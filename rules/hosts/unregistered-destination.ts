import {
  callOf,
  danglingAlias,
  defineRule,
  describe,
  destinationHosts,
  holdsRegistrationsBeside,
  hostMeant,
  hostReference,
  isOutsideHost,
  isStockHost,
  mayHoldMoreHosts,
  nameOf,
  SYMPTOMS,
  storyOf,
} from '../../src/rule-api.ts';

const FAILS = `${describe(SYMPTOMS['no-cluster'].http)}; TLS and TCP connections are reset. With ALLOW_ANY as well: a route to an unknown host fails`;

export default defineRule({
  meta: {
    name: 'unregistered-destination',
    code: 'EL303',
    family: 'hosts',
    peers: ['IST0101', 'KIA1101'],
    severity: 'error',
    asksPaths: true,
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
      text: '{vs} sends calls to {call} from {client} on to {host}, which the gateway does not know, so they fail',
      label: 'unknown to the gateway',
      help: 'add a ServiceEntry for {host}, or lint the file that holds it together with this one',
    },
  },

  create: ({ mesh, report }) => ({
    Path(path) {
      const { missing, destination, last } = path;
      if (missing?.missing !== 'host' || !destination || last.proxy.kind !== 'gateway' || !isOutsideHost(missing.key.host) || mayHoldMoreHosts(mesh)) return;
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
            const alias = danglingAlias(mesh, vs, reference.registrations);
            if (!alias) break;
            const related = [{ at: { resource: alias, path: ['spec', 'externalName'] }, message: `${nameOf(alias)} is an alias` }];
            report('alias', at, { data: { ...data, target: alias.spec.externalName ?? '' }, related });
            break;
          }
          case 'within-wildcard': {
            if (!isOutsideHost(host)) break;
            const { registration } = reference;
            const related = [{ at: { resource: registration.resource, path: ['spec', 'hosts', registration.index] }, message: nameOf(registration.resource) }];
            if (!mayHoldMoreHosts(mesh)) report('withinWildcard', at, { data: { ...data, wildcard: registration.host }, ...likely, related });
            break;
          }
          case 'not-in-view': {
            const found = hostMeant(mesh, host);
            const fixes = [{ title: `write '${found}'`, safe: false, changes: [{ do: 'replace' as const, at, value: found ?? '' }] }];
            if (found) report('nearMiss', at, { data: { ...data, found }, ...likely, fixes });
            else if (mesh.closedWorld && !mayHoldMoreHosts(mesh) && !isStockHost(host, mesh.config.clusterDomain)) report('absent', at, { data });
            else if (isOutsideHost(host))
              report('external', at, {
                data,
                ...(holdsRegistrationsBeside(mesh, vs) && !mayHoldMoreHosts(mesh) ? { confidence: 'likely' } : { severity: 'info' }),
              });
            else if (!isStockHost(host, mesh.config.clusterDomain)) report('notInView', at, { data, severity: 'info' });
            break;
          }
          default:
        }
      }
    },
  }),
});
