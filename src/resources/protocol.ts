/** Protocols as Istio names them (docs/traffic-model.md, N-12 to N-14; Istio: pkg/config/protocol/instance.go). */
export type Protocol = 'HTTP' | 'HTTP2' | 'GRPC' | 'GRPC-Web' | 'HTTP_PROXY' | 'HTTPS' | 'TLS' | 'TCP' | 'UDP' | 'Mongo' | 'Redis' | 'MySQL' | 'auto';

/** How a listener treats a protocol: `auto` is sniffed. */
export type ProtocolGroup = 'http' | 'tls' | 'tcp' | 'udp' | 'auto';

const BY_NAME: ReadonlyMap<string, Protocol> = new Map([
  ['tcp', 'TCP'],
  ['udp', 'UDP'],
  ['grpc', 'GRPC'],
  ['grpc-web', 'GRPC-Web'],
  ['http', 'HTTP'],
  ['http_proxy', 'HTTP_PROXY'],
  ['http2', 'HTTP2'],
  ['https', 'HTTPS'],
  ['tls', 'TLS'],
  ['mongo', 'Mongo'],
  ['redis', 'Redis'],
  ['mysql', 'MySQL'],
]);

/** The protocol that a text names, in whatever case. */
export function protocolNamed(text: string): Protocol | undefined {
  return BY_NAME.get(text.toLowerCase());
}

/**
 * N-12: the protocol that a text in an Istio resource declares. Absent text is `auto`; unknown text is refused by Istio's validation, and
 * would be `auto` as well.
 */
export function parseProtocol(text: string | undefined): Protocol {
  return protocolNamed(text ?? '') ?? 'auto';
}

/** N-14: how a listener treats a protocol. UDP is not captured. */
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
      return 'tcp';
    case 'UDP':
      return 'udp';
    case 'auto':
      return 'auto';
    default:
      return protocol satisfies never;
  }
}
