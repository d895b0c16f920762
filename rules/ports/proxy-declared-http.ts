import { defineRule, nameOf, type ResourceByKind } from '../../src/rule-api.ts';

type ServiceEntry = ResourceByKind['ServiceEntry'];

/** Squid's port, which no web server uses. */
const PROXY_PORT = 3128;
/** Ports where proxies and web servers both listen: a name has to tell. */
const SHARED_PORTS = new Set([1080, 8080, 8081, 8118, 8888, 9090]);

export default defineRule({
  meta: {
    name: 'proxy-declared-http',
    code: 'EL406',
    family: 'ports',
    severity: 'warning',
    summary: 'A forward proxy, to which clients send CONNECT, is declared as HTTP.',
    fixable: 'suggestion',
  },
  messages: {
    proxy: {
      text: '{entry}: port {port} looks like a forward proxy, but is declared {protocol}: the sidecar routes each request by the host that it is meant for, not to the proxy',
      label: 'clients send CONNECT here',
      symptom:
        'https calls through the proxy get 404: curl: (56) Received HTTP code 404 from proxy after CONNECT; access log: CONNECT … 404 NR route_not_found',
      help: "write 'protocol: TCP', with the proxy's addresses (spec.addresses)",
    },
  },

  create: ({ mesh, report }) => ({
    ServiceEntry(entry) {
      for (const [i, { number = 0, name = '', protocol = '' }] of entry.spec.ports.entries()) {
        const isHttp = mesh.protocolGroup(protocol) === 'http' && protocol.toUpperCase() !== 'HTTP_PROXY';
        if (!isHttp || !isProxy(entry, number, name)) continue;
        const at = { resource: entry, path: ['spec', 'ports', i, 'protocol'] };
        report('proxy', at, {
          data: { entry: nameOf(entry), port: number, protocol },
          confidence: 'likely',
          fixes: [{ title: "write 'protocol: TCP'", safe: false, changes: [{ do: 'replace', at, value: 'TCP' }] }],
        });
      }
    },
  }),
});

function isProxy({ name, spec }: ServiceEntry, port: number, portName: string): boolean {
  if (port === PROXY_PORT) return true;
  return (
    SHARED_PORTS.has(port) &&
    [portName, name, ...spec.hosts.map((host) => host.split('.')[0] ?? '')].some((text) =>
      /(?:^|-)(?:squid|forward-?proxy|egress-?proxy|web-?proxy|http-?proxy|https-?proxy)(?:-|$)/.test(text),
    )
  );
}
