import { defineRule, isSoundEntry, nameOf, protocolGroup, serverFirstProtocol } from '../../src/rule-api.ts';

export default defineRule({
  meta: {
    name: 'server-first-protocol',
    code: 'EL405',
    family: 'ports',
    severity: 'warning',
    summary: 'A port of a protocol in which the server speaks first is declared HTTP, or nothing at all.',
    fixable: 'suggestion',
  },
  messages: {
    http: {
      text: '{resource}: port {port} is declared {protocol}, but {usual} servers speak first: the sidecar waits for a request and the client waits for the greeting',
      label: '{usual}, not {protocol}',
      symptom: 'connections hang until a timeout of the client ends them; nothing in the logs',
      help: '{help}',
    },
    sniffed: {
      text: '{resource}: port {port} has no protocol, so the sidecar waits for the first bytes of the client to find out; {usual} servers speak first, so both sides wait',
      label: '{usual}: has to be declared',
      symptom: 'connections hang until a timeout of the client ends them; nothing in the logs',
      help: '{help}',
    },
  },

  create: ({ mesh, report }) => ({
    ServiceEntry(entry) {
      for (const [i, { number = 0, name = '', protocol = '' }] of entry.spec.ports.entries()) {
        const usual = serverFirstProtocol(number, name);
        const group = mesh.protocolGroup(protocol);
        if (!usual || (group !== 'http' && group !== 'auto') || !isSoundEntry(entry)) continue;
        const field = ['spec', 'ports', i, 'protocol'];
        const data = {
          resource: nameOf(entry),
          port: number,
          usual,
          protocol,
          help: "write 'protocol: TCP', with addresses (spec.addresses) so that only this host is meant",
        };
        const at = { resource: entry, path: entry.isSet(field) ? field : field.slice(0, 3) };
        const fixes = entry.isSet(field) ? [{ title: "write 'protocol: TCP'", safe: false, changes: [{ do: 'replace' as const, at, value: 'TCP' }] }] : [];
        report(group === 'http' ? 'http' : 'sniffed', at, { data, confidence: 'likely', fixes });
      }
    },
    Service(service) {
      const [registered] = mesh.registry.named(`${service.name}.${service.namespace}.svc.${mesh.config.clusterDomain}`);
      if (registered?.resource !== service || registered.hasUnknownPorts) return;
      for (const { number, protocol, index, name } of registered.ports) {
        const usual = serverFirstProtocol(number, name);
        // A port without a telling name may belong to a Pod outside of the mesh that no sidecar calls.
        if (!usual || protocolGroup(protocol) !== 'http') continue;
        const path = service.isSet(['spec', 'ports', index, 'appProtocol']) ? ['spec', 'ports', index, 'appProtocol'] : ['spec', 'ports', index, 'name'];
        const help = `name the port 'tcp-${name.replace(/^https?-?|^grpc-?/, '') || 'port'}', or write 'appProtocol: tcp'`;
        report('http', { resource: service, path }, { data: { resource: nameOf(service), port: number, usual, protocol, help }, confidence: 'likely' });
      }
    },
  }),
});
