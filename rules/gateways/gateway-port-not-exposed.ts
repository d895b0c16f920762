import { defineRule, expandShortName, isTemplated, nameOf, portsBeyondStock, STOCK_PORTS } from '../../src/rule-api.ts';

export default defineRule({
  meta: {
    name: 'gateway-port-not-exposed',
    code: 'EL604',
    family: 'gateways',
    peers: ['IST0162'],
    severity: 'error',
    summary: "Sidecars are sent to a port of a gateway that the gateway's Service does not expose.",
  },
  messages: {
    notExposed: {
      text: '{gateway}: the server is on port {port}, but {service}, through which {vs} sends sidecars there, exposes {ports} only{target}',
      label: 'no port of the Service',
      symptom: 'sidecars have no cluster for the port: HTTP calls get 503 (flag NC, cluster_not_found in the access log), TLS and TCP connections are reset',
      help: '{help}',
    },
    beyondStock: {
      text: '{gateway}: the server is on port {port}, to which {vs} sends sidecars by the Service {service}; it is not in these files, and has only ports {ports} unless more were added',
      label: 'no port of the stock Service',
      symptom: 'if the Service lacks it: HTTP calls get 503 (flag NC), TLS and TCP connections are reset',
      help: "see that the Service has the port: kubectl get service -n {namespace} {name}; in the installation's values it is one of the gateway's ports",
    },
  },

  create: ({ mesh, report }) => ({
    Mesh() {
      for (const { gateway, server, port, service, route } of portsBeyondStock(mesh)) {
        const [namespace = '', name = ''] = service.split('/');
        const data = { gateway: nameOf(gateway), port, vs: nameOf(route.virtualService), service, ports: STOCK_PORTS.join(' and '), namespace, name };
        const related = [{ at: { resource: route.virtualService, path: [...route.path, 'port', 'number'] }, message: 'sidecars are sent here' }];
        report('beyondStock', { resource: gateway, path: ['spec', 'servers', server, 'port', 'number'] }, { data, severity: 'info', related });
      }
    },
    Service(service) {
      const { ports } = service.spec;
      const host = expandShortName(service.name, service.namespace, mesh.config.clusterDomain);
      if (ports.length === 0 || mesh.gatewayServices.serviceAt(host) !== service || isTemplated(service, ['spec', 'ports'])) return;
      for (const gateway of mesh.gatewayServices.gatewaysAt(host)) {
        if (!mesh.belongTogether(service, gateway)) continue;
        for (const [server, { port }] of gateway.spec.servers.entries()) {
          const number = port?.number;
          if (!number || ports.some((each) => each.port === number)) continue;
          const route = mesh.routes.to(host, number).find((each) => each.port === number && mesh.belongTogether(each.virtualService, service));
          if (!route) continue;
          const meant = ports.find((each) => Number(each.targetPort) === number)?.port;
          report(
            'notExposed',
            { resource: gateway, path: ['spec', 'servers', server, 'port', 'number'] },
            {
              data: {
                gateway: nameOf(gateway),
                vs: nameOf(route.virtualService),
                service: nameOf(service),
                port: number,
                ports: `port ${ports.map((each) => each.port).join(', ')}`,
                target: meant === undefined ? '' : ` (${number} is the target port of ${meant})`,
                help:
                  meant === undefined
                    ? `add port ${number} to ${nameOf(service)}, or use one that it has in the Gateway and in the routes to it`
                    : `write ${meant} in the Gateway and in the routes to it: a server is found by the port of the Service`,
              },
              related: [
                { at: { resource: service, path: ['spec', 'ports'], part: 'key' }, message: 'the ports that sidecars can call' },
                { at: { resource: route.virtualService, path: [...route.path, 'port', 'number'] }, message: 'sidecars are sent here' },
              ],
            },
          );
        }
      }
    },
  }),
});
