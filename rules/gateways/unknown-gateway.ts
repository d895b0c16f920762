import { defineRule, type GatewayReference, type Mesh, nearest, type Resource, type ResourceByKind, resolveGateway } from '../../src/rule-api.ts';

type Gateway = ResourceByKind['Gateway'];

/** Among more names than these in one namespace a near miss is chance. */
const MAX_CANDIDATES = 500;

export default defineRule({
  meta: {
    name: 'unknown-gateway',
    code: 'EL601',
    family: 'gateways',
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
        const replaceWith = (gateway: Gateway) => [
          { title: `write '${nameOf(gateway)}'`, safe: false, changes: [{ do: 'replace' as const, at, value: nameOf(gateway) }] },
        ];
        const related = (gateway: Gateway) => [{ at: { resource: gateway, path: ['metadata', 'name'] }, message: `Gateway ${nameOf(gateway)}` }];

        const [elsewhere, another] = mesh.namedAnywhere('Gateway', meant.name).filter((gateway) => mesh.belongTogether(vs, gateway));
        // A namespace that is not written is a guess of ours.
        const isGuess = [vs, elsewhere].some((resource) => !resource?.isSet(['metadata', 'namespace']));
        const isContradiction = elsewhere && !mesh.hasUnknownNames('Gateway');
        if (isContradiction) {
          report('otherNamespace', at, {
            data: { ...names, found: nameOf(elsewhere) },
            related: related(elsewhere),
            ...(!another && { fixes: replaceWith(elsewhere) }),
            ...(isGuess && { confidence: 'likely' }),
          });
          continue;
        }
        const near = mesh.hasUnknownNames('Gateway') ? undefined : nearMiss(mesh, vs, meant);
        if (near) report('nearMiss', at, { data: { ...names, found: nameOf(near) }, confidence: 'likely', related: related(near), fixes: replaceWith(near) });
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

/** A Gateway of the same namespace whose name is a slip away. Names that differ in digits only belong to a series, not to a slip. */
function nearMiss(mesh: Mesh, vs: Resource, meant: GatewayReference): Gateway | undefined {
  const all = mesh.inNamespace('Gateway', meant.namespace);
  const here = all.length > MAX_CANDIDATES ? [] : all.filter((gateway) => mesh.belongTogether(vs, gateway));
  const name = nearest(
    meant.name,
    here.map((gateway) => gateway.name).filter((each) => each.replace(/\d+/g, '') !== meant.name.replace(/\d+/g, '')),
  );
  return name === undefined || Math.abs(name.length - meant.name.length) > 1 ? undefined : here.find((gateway) => gateway.name === name);
}
