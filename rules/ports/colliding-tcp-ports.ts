import { defineRule, mayCaptureDns, nameOf, showsZtunnel, tcpCollisions } from '../../src/rule-api.ts';

export default defineRule({
  meta: {
    name: 'colliding-tcp-ports',
    code: 'EL402',
    family: 'ports',
    peers: ['IST0134'],
    severity: 'error',
    summary: 'Two ServiceEntries without addresses share a TCP port: the connections of one reach the other.',
  },
  messages: {
    collides: {
      text: '{entry}: TCP port {port} belongs to {other} as well, and neither has addresses, so nothing tells their connections apart: all go to the older entry, {host} or {otherHost}',
      label: 'also the port of {other}',
      symptom: 'clients of the younger entry reach the server of the older one: wrong certificate, failed logins, odd protocol errors',
      help: "add the hosts' addresses to both (spec.addresses), or switch on DNS capture (ISTIO_META_DNS_CAPTURE), which gives each host an address of its own; hosts that clients call by TLS: protocol TLS",
    },
  },

  create: ({ mesh, report }) => {
    let capturesDns = false;
    return {
      File(file) {
        capturesDns ||= mayCaptureDns(mesh, file);
      },
      Mesh() {
        // Where both kinds of clients are in view, those with sidecars are concerned.
        if (capturesDns || (showsZtunnel(mesh) && !mesh.clients.areInView)) return;
        for (const { earlier, later } of tcpCollisions(mesh)) {
          const [entry, other] = [later.entry, earlier.entry];
          report(
            'collides',
            { resource: entry, path: ['spec', 'ports', later.index, 'number'] },
            {
              data: { entry: nameOf(entry), port: later.number, other: nameOf(other), host: entry.spec.hosts[0] ?? '', otherHost: other.spec.hosts[0] ?? '' },
              ...(other.source.file !== entry.source.file && { confidence: 'likely' }),
              related: [
                {
                  at: { resource: other, path: ['spec', 'ports', earlier.index, 'number'] },
                  message: `${nameOf(other)} has the same port and no addresses either`,
                },
              ],
            },
          );
        }
      },
    };
  },
});
