import { defineRule, isSoundEntry, nameOf } from '../../src/rule-api.ts';

export default defineRule({
  meta: {
    name: 'useless-service-entry',
    code: 'EL315',
    family: 'hosts',
    severity: 'error',
    summary: 'A ServiceEntry registers a host without any port that sidecars could handle.',
  },
  messages: {
    noPorts: {
      text: '{entry} has no ports, so it does nothing: sidecars get no listener, no route and no cluster for its hosts',
      label: 'no ports',
      symptom: 'the hosts stay unknown: with REGISTRY_ONLY HTTP calls get 502 and TLS connections are reset, curl: (35); with ALLOW_ANY they pass unmanaged',
      help: 'add the ports that clients call, each with number, name and protocol',
    },
    udp: {
      text: '{entry}: port {port} is UDP, which sidecars neither capture nor handle, so it has no effect',
      label: 'no effect',
      symptom: 'UDP packets go straight to the network, whatever outboundTrafficPolicy says',
      help: 'remove the port; to restrict UDP, use a NetworkPolicy',
    },
  },

  create: ({ mesh, report }) => ({
    ServiceEntry(entry) {
      const { ports, hosts, addresses } = entry.spec;
      if (!isSoundEntry(entry)) return;
      // With addresses it still answers clients' DNS queries where the sidecar's DNS proxy is on.
      if (ports.length === 0 && hosts.length > 0 && addresses.length === 0 && !entry.isSet(['spec', 'ports', 0])) {
        const isShared = hosts.every((host) => mesh.registry.named(host).some(({ resource }) => resource !== entry));
        if (!isShared) report('noPorts', { resource: entry, path: ['spec', 'ports'] }, { data: { entry: nameOf(entry) } });
      }
      for (const [i, { number = 0, protocol }] of ports.entries()) {
        if (mesh.protocolGroup(protocol) === 'udp')
          report('udp', { resource: entry, path: ['spec', 'ports', i, 'protocol'] }, { data: { entry: nameOf(entry), port: number }, severity: 'warning' });
      }
    },
  }),
});
