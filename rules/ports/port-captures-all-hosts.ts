import {
  catchAllPorts,
  defineRule,
  farEndExpects,
  mayCaptureDns,
  nameOf,
  type ResourceByKind,
  serverFirstProtocol,
  showsZtunnel,
  tcpCollisions,
} from '../../src/rule-api.ts';

type ServiceEntry = ResourceByKind['ServiceEntry'];

/** Ports that so many services use that another one is sure to be called: web, mail, directories, databases, caches and queues. */
const WELL_KNOWN = new Set([
  22, 25, 80, 389, 443, 465, 587, 636, 993, 1433, 1521, 3306, 5432, 5671, 5672, 6379, 6380, 8080, 8443, 9042, 9092, 9093, 9200, 11_211, 27_017,
]);

export default defineRule({
  meta: {
    name: 'port-captures-all-hosts',
    code: 'EL401',
    family: 'ports',
    peers: ['IST0134'],
    severity: 'error',
    summary: 'A TCP port of a ServiceEntry without addresses takes the connections to every host on that port.',
    securitySeverity: 6,
  },
  messages: {
    captures: {
      text: '{entry}: port {port} is {protocol} and the entry has no addresses, so sidecars send every connection on port {port}{but} to {host}, whatever host it was meant for',
      label: 'takes all of port {port}',
      symptom:
        'calls to other hosts on port {port} end at {host}: wrong certificate, failed logins, odd protocol errors; REGISTRY_ONLY does not stop them. {own}',
      help: "add the host's addresses (spec.addresses), or declare what clients speak: TLS is told apart by server name, HTTP by Host header. Sidecars with DNS capture (ISTIO_META_DNS_CAPTURE) are not affected",
    },
    opens: {
      text: '{entry}: port {port} is {protocol} with resolution NONE and the entry has no addresses, so port {port} is open to every destination in spite of REGISTRY_ONLY',
      label: 'opens port {port} to all hosts',
      symptom: 'nothing fails: connections to any address on port {port} leave the mesh',
      help: 'add the addresses that may be called (spec.addresses), or declare TLS: then only this host is let through, by server name',
    },
  },

  create: ({ mesh, report }) => {
    let capturesDns = false;
    const isCapturedByZtunnel = showsZtunnel(mesh);
    // Two entries on one port are told of by colliding-tcp-ports.
    const collisions = tcpCollisions(mesh).flatMap(({ earlier, later }) => [earlier, later]);
    const colliding = new Set(collisions.map(({ entry, index }) => entry.spec.ports[index]));
    return {
      File(file) {
        capturesDns ||= mayCaptureDns(mesh, file);
      },
      ServiceEntry(entry) {
        if (capturesDns || isCapturedByZtunnel) return;
        const isOriginal = entry.spec.resolution === 'NONE';
        for (const { index, number, protocol } of catchAllPorts(entry)) {
          // Where the server speaks first, a port without a protocol fails before that (server-first-protocol).
          if (colliding.has(entry.spec.ports[index]) || (protocol === 'auto' && serverFirstProtocol(number, entry.spec.ports[index]?.name ?? ''))) continue;
          // Plain HTTP is recognized where no protocol is declared, and told apart by Host.
          if (protocol === 'auto' && farEndExpects(number) === 'plaintext') continue;
          const written = entry.isSet(['spec', 'ports', index, 'protocol']);
          const at = { resource: entry, path: written ? ['spec', 'ports', index, 'protocol'] : ['spec', 'ports', index] };
          const host = entry.spec.hosts[0] ?? '';
          const but = protocol === 'auto' ? ' that is no plain HTTP' : '';
          const data = { entry: nameOf(entry), port: number, but, protocol: written && protocol !== 'auto' ? protocol : 'without a protocol' };
          if (isOriginal) {
            if (mesh.config.outboundPolicy === 'REGISTRY_ONLY') report('opens', at, { data, severity: 'warning' });
            continue;
          }
          const own =
            number === 80 && protocol !== 'auto'
              ? `Plain HTTP calls to ${host} itself are not routed to it: other hosts speak HTTP on port 80, and it has no route there`
              : '';
          report('captures', at, {
            data: { ...data, host, own },
            ...(!isPlainlyOutside(entry) && { confidence: 'likely' }),
            // Nobody need call another host on a port that nothing else is known for.
            ...(!WELL_KNOWN.has(number) && { severity: 'info' }),
          });
        }
      },
    };
  },
});

function isPlainlyOutside({ spec }: ServiceEntry): boolean {
  return spec.location === 'MESH_EXTERNAL' && !spec.workloadSelector;
}
