import { defineRule, nameOf, type Path, registeredAt, twiceRegistered } from '../../src/rule-api.ts';

export default defineRule({
  meta: {
    name: 'shadowed-service-entry',
    code: 'EL316',
    family: 'hosts',
    peers: ['IST0177', 'KIA1211', 'KIA1212'],
    severity: 'error',
    summary: 'A host is registered twice, in a way that Istio does not put together.',
  },
  messages: {
    service: {
      text: "{entry}: '{host}' is the host of {other}; its ports count, those that only the entry has lead nowhere, and the entry's endpoints are mixed with the Service's",
      label: 'the host of a Service',
      symptom: 'some calls end at the wrong server; calls to ports that only the entry has are reset or get HTTP 503 (flag NC)',
      help: 'give the entry a host name of its own, or remove it',
    },
    mixed: {
      text: "{entry}: '{host}' is the host of {other} as well, so clients use the entry's endpoints beside those that the Service selects",
      label: 'the host of a Service',
      symptom: "some calls end at the entry's endpoints, some at the Service's Pods",
      help: 'give the entry a host name of its own; or, if both are meant to answer, select the machines outside by workloadSelector and WorkloadEntries',
    },
    ports: {
      text: "{entry}: {other} registers '{host}' as well, with {difference}, so the two are not merged: calls to ports that only the younger has fail",
      label: 'differs from {other}',
      symptom: 'HTTP 503 (flag NC); TLS and TCP connections are reset. Which entry is the younger decides, so a re-created object may turn it round',
      help: 'write one ServiceEntry with all ports',
    },
    settings: {
      text: "{entry}: {other} registers '{host}' as well, with {difference}: sidecars use the older of the two and ignore the other",
      label: 'differs from {other}',
      symptom: 'calls follow the older entry; a re-created object may turn it round',
      help: 'write one ServiceEntry',
    },
    protocol: {
      text: "{entry}: {other} registers port {port} of '{host}' as well, with another protocol: sidecars get listeners for both",
      label: 'differs from {other}',
      symptom: 'which rules apply to a call depends on what the client happens to speak, and the endpoints of both are mixed',
      help: 'write one ServiceEntry with one protocol for the port',
    },
    namespaces: {
      text: "{entry}: clients in {namespace} use only this entry for '{host}', so port {missing} of {other} does not exist for them: entries of two namespaces are not merged",
      label: 'the only port of the host in namespace {namespace}',
      symptom:
        'calls from {namespace} to the other port are not known to the mesh: with REGISTRY_ONLY HTTP calls get 502 and TLS connections are reset, with ALLOW_ANY they pass unmanaged',
      help: 'add port {missing} to this entry, or register the host with all ports in one namespace and export it',
    },
  },

  create: ({ mesh, report }) => ({
    ServiceEntry(entry) {
      const twice = twiceRegistered(mesh, entry);
      if (!twice) return;
      const { self, other } = twice;
      const at = (path: Path) => ({ resource: entry, path });
      const host = at(['spec', 'hosts', self.index]);
      const data = { entry: nameOf(entry), other: nameOf(other.resource), host: self.host };
      const related = {
        related: [{ at: registeredAt(other), message: `${nameOf(other.resource)} registers the host as well` }],
        ...(other.resource.source.file !== entry.source.file && { confidence: 'likely' as const }),
      };
      // Of examples, steps and environments with the same hosts nobody has two.
      const isSure = mesh.areDeployedTogether(entry, other.resource);
      switch (twice.why) {
        case 'namespaces': {
          // Where unknown hosts are let through, the lost port works by accident.
          const severity = mesh.config.outboundPolicy === 'REGISTRY_ONLY' ? 'error' : 'warning';
          report('namespaces', at(['spec', 'ports', 0, 'number']), {
            ...related,
            severity,
            data: { ...data, namespace: self.namespace, missing: twice.missing },
          });
          break;
        }
        case 'service':
          report('service', host, { ...related, data });
          break;
        case 'mixed':
          report('mixed', host, { ...related, severity: 'warning', confidence: 'likely', data });
          break;
        case 'settings':
          report('settings', at(twice.path), { ...related, severity: isSure ? 'warning' : 'info', data: { ...data, difference: twice.difference } });
          break;
        case 'ports':
          report('ports', at(twice.path), { ...related, severity: isSure ? 'error' : 'info', data: { ...data, difference: twice.difference } });
          break;
        case 'protocol': {
          const { index, number } = twice.port;
          const place = at(['spec', 'ports', index, 'protocol']);
          report('protocol', place, { ...related, severity: isSure ? 'warning' : 'info', data: { ...data, port: number } });
          break;
        }
        default:
          twice satisfies never;
      }
    },
  }),
});
