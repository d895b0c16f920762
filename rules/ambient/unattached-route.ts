import {
  type Detachment,
  defineRule,
  detachmentOf,
  type GatewayApiRoute,
  groupMeant,
  isTemplated,
  nameOf,
  type Parent,
  type ParentGateway,
  type Path,
  parentGateway,
  parentOf,
  type ResourceByKind,
} from '../../src/rule-api.ts';

type Gateway = ResourceByKind['KubernetesGateway'];

const IGNORED = 'the route is ignored, which only its status says (Accepted: False): calls go where they went before, or get HTTP 404';

export default defineRule({
  meta: {
    name: 'unattached-route',
    code: 'EL805',
    family: 'ambient',
    peers: ['KIA1401'],
    severity: 'error',
    summary: 'A route of the Gateway API is attached to nothing: no parent takes it.',
    fixable: 'suggestion',
  },
  messages: {
    group: {
      text: '{route}: a parent of kind {kind} needs {right}, and {given}; Istio ignores the parent, and with it the route',
      label: 'needs {right}',
      symptom: IGNORED,
      help: 'add {right} to the parentRef',
    },
    otherNamespace: {
      text: '{route}: Gateway {parent} does not exist, but there is one in namespace {found}; the route is attached to nothing',
      label: 'looked up in namespace {namespace}',
      symptom: IGNORED,
      help: "add 'namespace: {found}' to the parentRef",
    },
    istioGateway: {
      text: "{route}: {parent} is a Gateway of Istio's own API, to which only VirtualServices can be bound; the route is attached to nothing",
      label: 'of networking.istio.io',
      symptom: IGNORED,
      help: 'bind a VirtualService to it, or declare a Gateway of gateway.networking.k8s.io',
    },
    listener: {
      text: '{route}: {parent} has no listener {wanted}: it has {has}; the route is attached to nothing',
      label: 'no such listener',
      symptom: IGNORED,
      help: 'use a listener that is there, or leave the field out to be attached to all of them',
    },
    kind: {
      text: '{route}: no listener of {parent} takes a {kind}: {has}; the route is attached to nothing',
      label: 'takes no {kind}',
      symptom: IGNORED,
      help: 'use the kind of route that the protocol of the listener takes: HTTPRoute or GRPCRoute for HTTP and HTTPS, TLSRoute for TLS, TCPRoute for TCP',
    },
    namespace: {
      text: '{parent} admits routes of its own namespace only, so {route} is attached to nothing',
      label: 'admits no other namespace',
      symptom: IGNORED,
      help: "write 'from: All' under allowedRoutes.namespaces, a Selector that fits namespace {namespace}, or move the route into the Gateway's namespace",
    },
    hostname: {
      text: '{route}: none of its hostnames is one of {parent}, whose listeners have {has}; the route is attached to nothing',
      label: 'no listener has any of these',
      symptom: IGNORED,
      help: "make the listener's hostname and those of the route overlap",
    },
  },

  create: ({ mesh, report }) => {
    const closed = new Set<string>();
    const check = (route: GatewayApiRoute) => {
      for (const [index, ref] of route.spec.parentRefs.entries()) {
        const path: Path = ['spec', 'parentRefs', index];
        if (isTemplated(route, path)) continue;
        const parent = parentOf(ref, route);
        const data = { route: nameOf(route), kind: parent.kind, namespace: parent.namespace };
        const right = groupMeant(parent);
        if (right !== undefined) {
          const given = ref.group === undefined ? 'none is written' : `'${ref.group}' is written`;
          report(
            'group',
            { resource: route, path: [...path, 'kind'] },
            {
              data: { ...data, right: `group: ${right || '""'}`, given },
              ...(ref.group === undefined && {
                fixes: [
                  {
                    title: `add group: ${right || '""'}`,
                    safe: false,
                    changes: [{ do: 'add', at: { resource: route, path }, key: 'group', yaml: right || '""' }],
                  },
                ],
              }),
            },
          );
          continue;
        }
        const found = parentGateway(mesh, route, parent);
        if (found?.state === 'found') attach(route, path, ref, found.gateway, data);
        else if (found) missing(route, path, parent, found, data);
      }
    };

    const missing = (route: GatewayApiRoute, path: Path, parent: Parent, { state, gateway }: Exclude<ParentGateway, { state: 'found' }>, data: Names) => {
      const at = { resource: route, path: [...path, 'name'] };
      if (state === 'istio') {
        report('istioGateway', at, {
          data: { ...data, parent: nameOf(gateway) },
          related: [{ at: { resource: gateway, path: ['apiVersion'] }, message: nameOf(gateway) }],
        });
        return;
      }
      report('otherNamespace', at, {
        data: { ...data, parent: `${parent.namespace}/${parent.name}`, found: gateway.namespace },
        confidence: 'likely',
        related: [{ at: { resource: gateway, path: ['metadata', 'namespace'] }, message: `${nameOf(gateway)} is in namespace ${gateway.namespace}` }],
      });
    };

    const attach = (route: GatewayApiRoute, path: Path, ref: GatewayApiRoute['spec']['parentRefs'][number], gateway: Gateway, names: Names) => {
      const detachment = detachmentOf(route, ref, gateway);
      if (!detachment) return;
      const data = { ...names, parent: nameOf(gateway), has: listed(detachment) };
      const related = [{ at: { resource: gateway, path: ['spec', 'listeners'] }, message: `the listeners of ${nameOf(gateway)}` }];
      switch (detachment.why) {
        case 'section':
          report('listener', { resource: route, path: [...path, 'sectionName'] }, { data: { ...data, wanted: `'${ref.sectionName}'` }, related });
          break;
        case 'port':
          report('listener', { resource: route, path: [...path, 'port'] }, { data: { ...data, wanted: `on port ${ref.port}` }, related });
          break;
        case 'kind':
          report('kind', { resource: route, path: ['kind'] }, { data: { ...data, kind: route.kind }, related });
          break;
        case 'hostname':
          report('hostname', { resource: route, path: ['spec', 'hostnames'] }, { data, related });
          break;
        case 'namespace': {
          // However many routes it refuses, one listener is to be opened.
          const key = `${nameOf(gateway)}/${detachment.listener}`;
          if (closed.has(key)) break;
          closed.add(key);
          const at = { resource: gateway, path: ['spec', 'listeners', detachment.listener, 'allowedRoutes', 'namespaces', 'from'] };
          report('namespace', at, {
            data: { ...data, namespace: route.namespace },
            related: [{ at: { resource: route, path }, message: `${nameOf(route)} names this Gateway` }],
          });
          break;
        }
        default:
          detachment satisfies never;
      }
    };
    return { HTTPRoute: check, GRPCRoute: check, TLSRoute: check, TCPRoute: check };
  },
});

interface Names {
  readonly route: string;
  readonly kind: string;
  readonly namespace: string;
}

function listed(detachment: Detachment): string {
  if (detachment.why === 'namespace') return '';
  const { listeners, why } = detachment;
  const words = listeners.map(({ name = '', port, protocol, hostname }) => (why === 'hostname' ? (hostname ?? '*') : `'${name}' (${protocol} on ${port})`));
  return [...new Set(words)].slice(0, 5).join(', ');
}
