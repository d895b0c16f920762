/** Protocols as Istio names them (docs/traffic-model.md, N-12 to N-14; Istio: pkg/config/protocol/instance.go, pkg/config/kube/conversion.go). */
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

/** Kubernetes' own names; only `appProtocol` can hold them, and they are compared as they are written. */
const BY_APP_PROTOCOL: ReadonlyMap<string, Protocol> = new Map([
  ['kubernetes.io/h2c', 'HTTP2'],
  ['kubernetes.io/ws', 'HTTP'],
  ['kubernetes.io/wss', 'HTTPS'],
]);

/** Ports whose servers speak first, so that Istio does not sniff them. */
const TCP_PORTS = new Set([25, 53, 3306, 27_017]);

/**
 * N-12: the protocol that a text in an Istio resource declares. Absent text is `auto`; unknown text is refused by Istio's validation, and
 * would be `auto` as well.
 */
export function parseProtocol(text: string | undefined): Protocol {
  return BY_NAME.get((text ?? '').toLowerCase()) ?? 'auto';
}

/** N-13: the protocol of a Kubernetes Service's port. */
export function serviceProtocol(port: { readonly name?: string; readonly port?: number; readonly protocol?: string; readonly appProtocol?: string }): Protocol {
  if (port.protocol === 'UDP') return 'UDP';
  // An empty appProtocol counts as given: the name is not looked at then.
  const text = port.appProtocol ?? port.name ?? '';
  const known =
    (port.appProtocol !== undefined && BY_APP_PROTOCOL.get(text)) || (/^grpc-web/i.test(text) ? 'GRPC-Web' : BY_NAME.get(beforeDash(text).toLowerCase()));
  if (known) return known;
  return TCP_PORTS.has(port.port ?? 0) ? 'TCP' : 'auto';
}

function beforeDash(text: string): string {
  const dash = text.indexOf('-');
  return dash === -1 ? text : text.slice(0, dash);
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
