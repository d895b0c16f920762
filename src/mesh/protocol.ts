/** Protocols as Istio names them (docs/traffic-model.md, N-12 to N-14; Istio: pkg/config/protocol/instance.go, pkg/config/kube/conversion.go). */
export type Protocol = 'HTTP' | 'HTTP2' | 'GRPC' | 'GRPC-Web' | 'HTTP_PROXY' | 'HTTPS' | 'TLS' | 'TCP' | 'UDP' | 'Mongo' | 'Redis' | 'MySQL' | 'HBONE' | 'auto';

/** How a listener treats a protocol: `auto` is sniffed. */
export type ProtocolGroup = 'http' | 'tls' | 'tcp' | 'udp' | 'auto';

const BY_NAME: Readonly<Record<string, Protocol>> = {
  tcp: 'TCP',
  udp: 'UDP',
  grpc: 'GRPC',
  'grpc-web': 'GRPC-Web',
  http: 'HTTP',
  http_proxy: 'HTTP_PROXY',
  http2: 'HTTP2',
  https: 'HTTPS',
  tls: 'TLS',
  mongo: 'Mongo',
  redis: 'Redis',
  mysql: 'MySQL',
  hbone: 'HBONE',
};

const BY_APP_PROTOCOL: Readonly<Record<string, Protocol>> = { 'kubernetes.io/h2c': 'HTTP2', 'kubernetes.io/ws': 'HTTP', 'kubernetes.io/wss': 'HTTPS' };

/** Ports whose servers speak first, so that Istio does not sniff them. */
const TCP_PORTS = new Set([25, 53, 3306, 27_017]);

/** N-12: the protocol that a text in an Istio resource declares; unknown or absent text is `auto`. */
export function parseProtocol(text: string | undefined): Protocol {
  return BY_NAME[(text ?? '').toLowerCase()] ?? 'auto';
}

/** N-13: the protocol of a Kubernetes Service's port. */
export function serviceProtocol(port: { readonly name?: string; readonly port?: number; readonly protocol?: string; readonly appProtocol?: string }): Protocol {
  if (port.protocol === 'UDP') return 'UDP';
  const text = (port.appProtocol ?? port.name ?? '').toLowerCase();
  const known = BY_APP_PROTOCOL[text] ?? (text.startsWith('grpc-web') ? 'GRPC-Web' : BY_NAME[text.split('-', 1)[0] ?? '']);
  if (known) return known;
  return TCP_PORTS.has(port.port ?? 0) ? 'TCP' : 'auto';
}

/** N-14. */
export function protocolGroup(protocol: Protocol): ProtocolGroup {
  switch (protocol) {
    case 'HTTP':
    case 'HTTP2':
    case 'GRPC':
    case 'GRPC-Web':
    case 'HTTP_PROXY':
      return 'http';
    case 'HTTPS':
    case 'TLS':
      return 'tls';
    case 'TCP':
    case 'Mongo':
    case 'Redis':
    case 'MySQL':
    case 'HBONE':
      return 'tcp';
    case 'UDP':
      return 'udp';
    case 'auto':
      return 'auto';
    default:
      return protocol satisfies never;
  }
}
