import { callOf, defineRule, type HiddenFromGateway, hiddenFromGateways, nameOf, storyOf } from '../../src/rule-api.ts';

type Exported = HiddenFromGateway['object'];

export default defineRule({
  meta: {
    name: 'hidden-from-gateway',
    code: 'EL507',
    family: 'visibility',
    severity: 'error',
    asksPaths: true,
    summary: "exportTo hides an object from the gateway that needs it: what counts is the namespace of the gateway's Pods.",
  },
  messages: {
    virtualService: {
      text: '{object} is bound to {gateway}, but not exported to namespace {namespace}, where the gateway runs: its routes do not exist there',
      label: 'leaves out namespace {namespace}',
      symptom: 'the gateway answers HTTP 404 (Envoy flag NR); for TLS and TCP it resets the connection, or does not listen at all',
      help: "add '{namespace}' to exportTo{from}",
    },
    serviceEntry: {
      text: '{object} is not exported to namespace {namespace}, where the gateway runs to which {host} is sent: the gateway does not know the host',
      label: 'leaves out namespace {namespace}',
      symptom: 'calls reach the gateway and end there: HTTP 503 (Envoy flag NC, cluster not found), or a reset connection for TLS and TCP',
      help: "add '{namespace}' to exportTo{from}, or move the entry into namespace {namespace}",
    },
    destinationRule: {
      text: '{object} is not exported to namespace {namespace}, where the gateway runs that sends plain HTTP to {host}: its TLS settings do not hold there',
      label: 'leaves out namespace {namespace}',
      symptom:
        'the gateway sends plain HTTP to a TLS port: the server answers HTTP 400 ("The plain HTTP request was sent to HTTPS port") or closes the connection',
      help: "add '{namespace}' to exportTo{from}, or move the rule into namespace {namespace}",
    },
    onTheWay: {
      text: '{entry} is not exported to namespace {namespace}, where the gateway runs, so calls to {call} from {client} fail there',
      label: 'hides the host from the gateway',
      help: "add '{namespace}' to exportTo, or leave exportTo out",
    },
  },

  create: ({ mesh, report }) => ({
    Path(path) {
      const { missing, last } = path;
      if (missing?.missing !== 'hidden-host' || last.proxy.kind !== 'gateway' || !missing.at) return;
      const { resource } = missing.at;
      report(
        'onTheWay',
        { resource, path: ['spec', 'exportTo'] },
        { data: { entry: nameOf(resource), namespace: last.proxy.namespace, ...callOf(path) }, ...storyOf(path) },
      );
    },
    Mesh() {
      const reported = new Set<Exported>();
      for (const { object, gateway, namespace, route, certain } of hiddenFromGateways(mesh)) {
        if (reported.has(object)) continue;
        reported.add(object);
        const { exportTo } = object.spec;
        const source = exportTo.length === 0 ? mesh.config.source : undefined;
        const id = object.kind === 'VirtualService' ? 'virtualService' : object.kind === 'ServiceEntry' ? 'serviceEntry' : 'destinationRule';
        report(id, placeOf(object), {
          data: {
            object: nameOf(object),
            gateway: nameOf(gateway),
            namespace,
            host: route?.host ?? '',
            from: source ? ` (it has none, so the default of ${nameOf(source)} holds)` : '',
          },
          ...(!certain && { confidence: 'likely' }),
          related: [
            ...(route
              ? [
                  {
                    at: { resource: route.virtualService, path: [...route.path, 'host'] },
                    message: `${nameOf(route.virtualService)} sends the gateway here`,
                  },
                ]
              : []),
            { at: { resource: gateway, path: ['spec', 'selector'] }, message: `${nameOf(gateway)} runs in namespace ${namespace}` },
            ...(source ? [{ at: { resource: source, path: ['data', 'mesh'] }, message: `${nameOf(source)} sets what holds without exportTo` }] : []),
          ],
        });
      }
    },
  }),
});

/** The one entry that keeps it private, else the list, which may not be written. */
function placeOf(object: Exported) {
  return { resource: object, path: object.spec.exportTo.length === 1 ? ['spec', 'exportTo', 0] : ['spec', 'exportTo'] };
}
