import { defineRule, listed, listenerMismatches, outboundPolicyOf, type RegisteredHost, unimportedSymptom } from '../../src/rule-api.ts';

const SHOWN = 3;

export default defineRule({
  meta: {
    name: 'sidecar-listener-mismatch',
    code: 'EL503',
    family: 'visibility',
    severity: 'error',
    summary: 'An egress listener of a Sidecar has a port or a protocol that its hosts do not have.',
    fixable: 'suggestion',
  },
  messages: {
    port: {
      text: 'Sidecar {sidecar}: no host of this listener has a port {port}, so Istio opens no listener for it',
      label: '{hosts}: {ports}',
      symptom:
        'calls to port {port} are treated as calls to an unknown host: passed on unmanaged under ALLOW_ANY; HTTP 502 or a reset connection under REGISTRY_ONLY',
      help: 'use a port that the host has, add port {port} to its ServiceEntry, or remove the listener',
    },
    protocol: {
      text: 'Sidecar {sidecar}: the listener on port {port} speaks {listener}, but {host} declares {declared}: {lost} finds no route there',
      label: '{host} declares {declared}',
      symptom: '{symptom}',
      help: 'write protocol: {declared}',
    },
  },

  create: ({ mesh, report }) => ({
    Sidecar(sidecar) {
      for (const mismatch of listenerMismatches(mesh, sidecar)) {
        const path = ['spec', 'egress', mismatch.index, 'port'];
        const data = { sidecar: `${sidecar.namespace}/${sidecar.name}`, port: mismatch.number };
        if (mismatch.why === 'port') {
          const { hosts } = mismatch;
          const related = hosts.slice(0, SHOWN).map((host) => ({
            at: { resource: host.resource, path: ['spec', 'ports'] },
            message: `${host.resource.kind} ${host.namespace}/${host.resource.name} has ${portsOf([host])}`,
          }));
          report(
            'port',
            { resource: sidecar, path: [...path, 'number'] },
            { data: { ...data, hosts: listed(hosts.map(({ host }) => host)), ports: portsOf(hosts) }, severity: 'warning', related },
          );
          continue;
        }
        const { host, port, written, group, isCertain } = mismatch;
        const at = { resource: sidecar, path: [...path, 'protocol'] };
        const lost = group === 'http' ? 'what its clients send' : 'plain HTTP';
        report('protocol', at, {
          data: { ...data, listener: written, host: host.host, declared: port.protocol, lost, symptom: unimportedSymptom(sidecar, mesh.config) },
          severity: isCertain && outboundPolicyOf(sidecar, mesh.config) === 'REGISTRY_ONLY' ? 'error' : 'warning',
          ...(!isCertain && { confidence: 'likely' }),
          related: [
            { at: { resource: host.resource, path: ['spec', 'ports', port.index] }, message: `${host.host} declares port ${port.number} as ${port.protocol}` },
          ],
          fixes: [{ title: `write protocol: ${port.protocol}`, safe: false, changes: [{ do: 'replace', at, value: port.protocol }] }],
        });
      }
    },
  }),
});

function portsOf(hosts: readonly RegisteredHost[]): string {
  const ports = hosts.flatMap((host) => host.ports.map(({ number }) => String(number)));
  return ports.length === 0 ? 'no ports' : `port ${listed(ports)}`;
}
