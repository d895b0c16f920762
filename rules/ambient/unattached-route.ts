import { defineRule, type GatewayApiRoute, listed, nameOf, type Path, unattachedParents } from '../../src/rule-api.ts';

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
      text: '{route}: a parent of kind {kind} needs {right}, and {given}; Istio ignores the parent; {so}',
      label: 'needs {right}',
      symptom: IGNORED,
      help: 'add {right} to the parentRef',
    },
    otherNamespace: {
      text: '{route}: Gateway {parent} does not exist, but there is one in namespace {found}; {so}',
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
      text: '{route}: {parent} has no listener {wanted}: it has {has}; {so}',
      label: 'no such listener',
      symptom: IGNORED,
      help: 'use a listener that is there, or leave the field out to be attached to all of them',
    },
    kind: {
      text: '{route}: no listener of {parent} takes a {kind}: {has}; {so}',
      label: 'takes no {kind}',
      symptom: IGNORED,
      help: 'use the kind of route that the protocol of the listener takes: HTTPRoute or GRPCRoute for HTTP and HTTPS, TLSRoute for TLS, TCPRoute for TCP',
    },
    namespace: {
      text: '{parent} admits routes of {admitted} only, so {route} is not attached to it',
      label: 'does not admit namespace {namespace}',
      symptom: IGNORED,
      help: "write 'from: All' under allowedRoutes.namespaces, a Selector that fits namespace {namespace}, or move the route into the Gateway's namespace",
    },
    hostname: {
      text: '{route}: none of its hostnames is one of {parent}, whose listeners have {has}; {so}',
      label: 'no listener has any of these',
      symptom: IGNORED,
      help: "make the listener's hostname and those of the route overlap",
    },
  },

  create: ({ mesh, report }) => {
    const closed = new Set<string>();
    const check = (route: GatewayApiRoute) => {
      const all = unattachedParents(mesh, route);
      // A parent of several that takes the route makes it work there.
      const isInPart = all.length < route.spec.parentRefs.length;
      const severity = isInPart ? ('warning' as const) : ('error' as const);
      const so = isInPart ? 'the route is attached to its other parents only' : 'the route is attached to nothing';
      for (const unattached of all) {
        const { ref, parent, path } = unattached;
        const at = { resource: route, path: unattached.field };
        const names = { route: nameOf(route), kind: route.kind, namespace: parent.namespace, so };
        if (unattached.why === 'group') {
          const right = unattached.right || '""';
          const given = ref.group === undefined ? 'none is written' : `'${ref.group}' is written`;
          const add = { do: 'add' as const, at: { resource: route, path }, key: 'group', yaml: right };
          const fixes = ref.group === undefined ? [{ title: `add group: ${right}`, safe: false, changes: [add] }] : [];
          report('group', at, { data: { ...names, kind: parent.kind, right: `group: ${right}`, given }, severity, fixes });
          continue;
        }
        const { gateway } = unattached;
        const data = { ...names, parent: nameOf(gateway), has: 'has' in unattached ? listed(unattached.has, 5) : '' };
        const pointTo = (field: Path, message: string) => [{ at: { resource: gateway, path: field }, message }];
        switch (unattached.why) {
          case 'istio':
            report('istioGateway', at, { data, severity, related: pointTo(['apiVersion'], nameOf(gateway)) });
            break;
          case 'elsewhere':
            report('otherNamespace', at, {
              data: { ...data, parent: `${parent.namespace}/${parent.name}`, found: gateway.namespace },
              severity,
              confidence: 'likely',
              related: pointTo(['metadata', 'namespace'], `${nameOf(gateway)} is in namespace ${gateway.namespace}`),
            });
            break;
          case 'namespace': {
            // However many routes it refuses, one listener is to be opened.
            const key = `${nameOf(gateway)}/${unattached.listener}`;
            if (closed.has(key)) break;
            closed.add(key);
            const { listener, byLabels } = unattached;
            const admission = { resource: gateway, path: ['spec', 'listeners', listener, 'allowedRoutes', 'namespaces', byLabels ? 'selector' : 'from'] };
            const admitted = byLabels ? `namespaces with other labels than those of ${route.namespace}` : 'its own namespace';
            const details = { data: { ...data, namespace: route.namespace, admitted }, related: [{ at, message: `${nameOf(route)} names this Gateway` }] };
            // Labels can be set by command.
            report('namespace', admission, { ...details, ...(byLabels ? { confidence: 'likely' } : { severity }) });
            break;
          }
          default: {
            const details = { data, severity, related: pointTo(['spec', 'listeners'], `the listeners of ${nameOf(gateway)}`) };
            const wanted = unattached.why === 'section' ? `'${ref.sectionName}'` : `on port ${ref.port}`;
            if (unattached.why === 'kind' || unattached.why === 'hostname') report(unattached.why, at, details);
            else report('listener', at, { ...details, data: { ...data, wanted } });
          }
        }
      }
    };
    return { HTTPRoute: check, GRPCRoute: check, TLSRoute: check, TCPRoute: check };
  },
});
