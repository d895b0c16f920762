import { defineRule, destinationHosts, isForMeshAlone, nameOf, routedPorts, scopedMatches } from '../../src/rule-api.ts';

/** sidecars route plain HTTP on this port by name, whatever the host is registered with. */
const HTTP_PORT = 80;

export default defineRule({
  meta: {
    name: 'unmatched-route-port',
    code: 'EL321',
    family: 'hosts',
    severity: 'error',
    summary: 'A match of a VirtualService is for a port that its hosts do not have.',
    fixable: 'suggestion',
  },
  messages: {
    missing: {
      text: '{vs}: the match is for port {port}, but {hosts} no such port ({has}), so it never holds',
      label: '{has}',
      symptom:
        'calls on port {port} are not known to the mesh: with REGISTRY_ONLY they fail, with ALLOW_ANY they pass without this rule; calls on other ports do not use this rule',
      help: 'match a port that the host has, or add port {port} to {owner}',
    },
  },

  create: ({ mesh, report }) => ({
    VirtualService(vs) {
      const ports = routedPorts(mesh, vs);
      const [first] = ports ?? [];
      if (!ports || !first) return;
      const isOwn = ({ destination: { host } }: { readonly destination: { readonly host: string } }) =>
        ports.some(({ registration }) => registration.host === host);
      const destinations = destinationHosts(vs, mesh.config.clusterDomain).filter(isOwn);
      const numbers = [...new Set(ports.map((port) => port.number))];
      for (const section of ['http', 'tls', 'tcp'] as const) {
        for (const { scope, path, rule, isSound } of scopedMatches(vs, section)) {
          const { port } = scope;
          if (!isSound || port === undefined || numbers.includes(port) || !isForMeshAlone(scope) || (section === 'http' && port === HTTP_PORT)) continue;
          // One slip, told of at the destination (unregistered-port).
          if (destinations.some(({ destination: each }) => each.section === section && each.rule === rule && each.port === port)) continue;
          const at = { resource: vs, path: [...path, 'port'] };
          const { resource } = first.registration;
          const [only, another] = numbers;
          report('missing', at, {
            data: {
              vs: nameOf(vs),
              port,
              hosts: vs.spec.hosts.length === 1 ? `${vs.spec.hosts[0]} has` : 'its hosts have',
              has: `registered: ${numbers.join(', ')}`,
              owner: nameOf(resource),
            },
            related: [{ at: { resource, path: ['spec', 'ports'] }, message: `the ports that ${nameOf(resource)} registers` }],
            fixes: only !== undefined && another === undefined ? [{ title: `write ${only}`, safe: false, changes: [{ do: 'replace', at, value: only }] }] : [],
          });
        }
      }
    },
  }),
});
