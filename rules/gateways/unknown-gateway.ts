import { defineRule, type GatewayReference, type Mesh, type Path, type ResourceByKind, resolveGateway, slipOf } from '../../src/rule-api.ts';

type Gateway = ResourceByKind['Gateway'];
type VirtualService = ResourceByKind['VirtualService'];

/** Among more Gateways than these a likeness is chance. */
const MAX_CANDIDATES = 200;

export default defineRule({
  meta: {
    name: 'unknown-gateway',
    code: 'EL601',
    family: 'gateways',
    peers: ['IST0101', 'KIA1102'],
    severity: 'error',
    summary: 'A VirtualService is bound to a Gateway that does not exist under that name.',
    fixable: 'suggestion',
  },
  messages: {
    otherNamespace: {
      text: "VirtualService {vs}: gateway '{entry}' means {meant}, which is not there; the Gateway of that name is {found}",
      label: "a bare name is looked up in the VirtualService's own namespace",
      symptom: 'the routes are not on the gateway: it answers HTTP 404 (Envoy flag NR), or resets TLS connections because it opens no listener for them',
      help: "write '{found}'",
    },
    nearMiss: {
      text: "VirtualService {vs}: gateway '{entry}' means {meant}, which is not in these files; did you mean {found}?",
      label: 'no such Gateway here',
      symptom: 'if it is a slip: the routes are not on the gateway, which answers HTTP 404 (Envoy flag NR) or resets TLS connections',
      help: "write '{found}', or add the Gateway {meant}",
    },
    absent: {
      text: "VirtualService {vs}: gateway '{entry}' means {meant}, which does not exist",
      label: 'no such Gateway',
      symptom: 'the routes are on no gateway: the one that is called answers HTTP 404 (Envoy flag NR), or resets TLS connections',
      help: 'add the Gateway {meant}, or lint the file that holds it together with this one: the configuration says that nothing lies outside (closedWorld)',
    },
    notInView: {
      text: "VirtualService {vs}: gateway '{entry}' means {meant}, which is not in these files",
      label: 'not in view',
      help: 'lint the file that holds the Gateway together with this one',
    },
  },

  create: ({ mesh, report }) => ({
    VirtualService(vs) {
      for (const [i, entry] of vs.spec.gateways.entries()) {
        const meant = resolveGateway(entry, vs.namespace);
        if (!meant || entry === '' || exists(mesh, meant)) continue;
        const at = { resource: vs, path: ['spec', 'gateways', i] };
        const names = { vs: `${vs.namespace}/${vs.name}`, entry, meant: `${meant.namespace}/${meant.name}` };
        const pointTo = (gateway: Gateway) => ({
          related: [{ at: { resource: gateway, path: ['metadata', 'name'] }, message: `Gateway ${nameOf(gateway)}` }],
          fixes: [
            {
              title: `write '${nameOf(gateway)}'`,
              safe: false,
              changes: [at.path, ...usesOf(vs, entry)].map((path) => ({ do: 'replace' as const, at: { resource: vs, path }, value: nameOf(gateway) })),
            },
          ],
        });

        // Where the VirtualService lands is not known, so neither is what a bare name means.
        const isGuess = !namesNamespace(entry) && !mesh.hasKnownNamespace(vs);
        const isOpen = isGuess || mesh.hasUnknownNames('Gateway');
        const elsewhere = isOpen ? undefined : onlyNamesake(mesh, vs, meant);
        const near = isOpen || elsewhere ? undefined : nearMiss(mesh, vs, meant);
        if (elsewhere) report('otherNamespace', at, { data: { ...names, found: nameOf(elsewhere) }, ...pointTo(elsewhere) });
        else if (near)
          report('nearMiss', at, { data: { ...names, found: nameOf(near) }, ...(!mesh.closedWorld && { confidence: 'likely' }), ...pointTo(near) });
        else if (mesh.closedWorld && !isOpen) report('absent', at, { data: names });
        else report('notInView', at, { data: names, severity: 'info' });
      }
    },
  }),
});

/** Istio turns a Gateway of the Gateway API into one of its own. */
function exists(mesh: Mesh, { namespace, name }: GatewayReference): boolean {
  return mesh.named('Gateway', namespace, name).length > 0 || mesh.named('KubernetesGateway', namespace, name).length > 0;
}

function nameOf(gateway: Gateway): string {
  return `${gateway.namespace}/${gateway.name}`;
}

/** Whether an entry says the namespace itself: `ns/name`, or the legacy `name.ns`. */
function namesNamespace(entry: string): boolean {
  return entry.includes('/') ? !entry.startsWith('./') : entry.includes('.');
}

/**
 * The one Gateway of a name in other namespaces. A name that several namespaces use is a custom of theirs, and the one that is meant may lie outside of the files;
 * a Gateway whose namespace is not known may be the one that is meant.
 */
function onlyNamesake(mesh: Mesh, vs: VirtualService, meant: GatewayReference): Gateway | undefined {
  const namesakes = mesh.namedAnywhere('Gateway', meant.name);
  const [found] = namesakes;
  if (!found || namesakes.some((gateway) => gateway.namespace !== found.namespace || !mesh.hasKnownNamespace(gateway))) return undefined;
  return namesakes.find((gateway) => mesh.belongTogether(vs, gateway));
}

/** A Gateway of the meant namespace whose name is a slip away. */
function nearMiss(mesh: Mesh, vs: VirtualService, meant: GatewayReference): Gateway | undefined {
  const all = mesh.inNamespace('Gateway', meant.namespace);
  if (all.length > MAX_CANDIDATES) return undefined;
  const name = slipOf(
    meant.name,
    all.map((gateway) => gateway.name),
  );
  return name === undefined ? undefined : all.find((gateway) => gateway.name === name && mesh.belongTogether(vs, gateway));
}

/** Where matches of a VirtualService repeat an entry of its 'gateways': they have to be spelt alike. */
function usesOf({ spec }: VirtualService, entry: string): readonly Path[] {
  return (['http', 'tls', 'tcp'] as const).flatMap((section) =>
    spec[section].flatMap((rule, i) =>
      rule.match.flatMap(({ gateways }, j) =>
        gateways.flatMap((each, k): readonly Path[] => (each === entry ? [['spec', section, i, 'match', j, 'gateways', k]] : [])),
      ),
    ),
  );
}
