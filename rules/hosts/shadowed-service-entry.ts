import {
  defineRule,
  haveSamePorts,
  mergeObstacle,
  nameOf,
  type Path,
  portLostTo,
  protocolGroup,
  type RegisteredHost,
  type ResourceByKind,
  registeredAt,
} from '../../src/rule-api.ts';

type ServiceEntry = ResourceByKind['ServiceEntry'];

/** More registrations of one host need not be compared: it is reported. */
const MAX_OTHERS = 8;

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
      for (const [i, host] of entry.spec.hosts.entries()) {
        const all = mesh.registry.named(host);
        if (host === '' || all.length < 2) continue;
        const own = all.findIndex(({ resource, index }) => resource === entry && index === i);
        const [self, others] = [all[own], all.slice(0, MAX_OTHERS).filter(({ resource }) => resource !== entry && mesh.belongTogether(entry, resource))];
        const isSure = ({ resource }: RegisteredHost): boolean => mesh.areDeployedTogether(entry, resource);
        const sureFirst = [...others.filter(isSure), ...others.filter((each) => !isSure(each))];
        const other = self && sureFirst.find((each) => tell(self, each, all.indexOf(each) < own));
        if (other) return;
      }

      function tell(self: RegisteredHost, other: RegisteredHost, isEarlier: boolean): boolean {
        if (self.hasUnknownPorts || other.hasUnknownPorts || entry.templates.length > 0 || other.resource.templates.length > 0) return false;
        const data = { entry: nameOf(entry), other: nameOf(other.resource), host: self.host };
        const place = { at: registeredAt(other), message: `${nameOf(other.resource)} registers the host as well` };
        const related = { related: [place], ...(other.resource.source.file !== entry.source.file && { confidence: 'likely' as const }) };
        const at = (path: Path) => ({ resource: entry, path });
        if (self.namespace !== other.namespace) {
          const missing = portLostTo(mesh, self, other, isEarlier);
          if (missing === undefined) return false;
          // Where unknown hosts are let through, the lost port works by accident.
          const severity = mesh.config.outboundPolicy === 'REGISTRY_ONLY' ? 'error' : 'warning';
          report('namespaces', at(['spec', 'ports', 0, 'number']), { ...related, severity, data: { ...data, namespace: self.namespace, missing } });
          return true;
        }
        if (other.resource.kind === 'Service') {
          const together = togetherWith(other.resource, self, other);
          if (together === 'apart') report('service', at(['spec', 'hosts', self.index]), { ...related, data });
          if (together === 'mixed') report('mixed', at(['spec', 'hosts', self.index]), { ...related, severity: 'warning', confidence: 'likely', data });
          return true;
        }
        if (!isEarlier) return false;
        // Of examples, steps and environments with the same hosts nobody has two.
        const severity = (written: 'error' | 'warning') => (mesh.areDeployedTogether(entry, other.resource) ? written : 'info');
        const difference = mergeObstacle(entry, other.resource as ServiceEntry);
        if (difference) {
          const path: Path = difference.path ?? ['spec', 'hosts', self.index];
          if (haveSamePorts(self, other))
            report('settings', at(path), { ...related, severity: severity('warning'), data: { ...data, difference: difference.text } });
          else report('ports', at(path), { ...related, severity: severity('error'), data: { ...data, difference: difference.text } });
          return true;
        }
        const port = self.ports.find(({ number, protocol }) =>
          other.ports.some((each) => each.number === number && protocolGroup(each.protocol) !== protocolGroup(protocol)),
        );
        if (port)
          report('protocol', at(['spec', 'ports', port.index, 'protocol']), {
            ...related,
            severity: severity('warning'),
            data: { ...data, port: port.number },
          });
        return port !== undefined;
      }
    },
  }),
});

/**
 * V-8: what becomes of an entry with the host of a Service. Static endpoints join those of the Service where it has all of the entry's ports: they are all
 * that there is for a Service without a selector, and meant to be more of the same where a workloadSelector finds them.
 */
function togetherWith(service: ResourceByKind['Service'], self: RegisteredHost, other: RegisteredHost): 'apart' | 'mixed' | 'one' {
  const { resolution, workloadSelector } = (self.resource as ServiceEntry).spec;
  if (resolution !== 'STATIC' || self.ports.some(({ number }) => !other.ports.some((each) => each.number === number))) return 'apart';
  return workloadSelector || Object.keys(service.spec.selector).length === 0 ? 'one' : 'mixed';
}
