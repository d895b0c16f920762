import { type Protocol, protocolNamed } from '../resources/protocol.ts';

export { type Protocol, type ProtocolGroup, parseProtocol, protocolGroup } from '../resources/protocol.ts';

/** Kubernetes' own names; only `appProtocol` can hold them, and they are compared as they are written. */
const BY_APP_PROTOCOL: ReadonlyMap<string, Protocol> = new Map([
  ['kubernetes.io/h2c', 'HTTP2'],
  ['kubernetes.io/ws', 'HTTP'],
  ['kubernetes.io/wss', 'HTTPS'],
]);

/** Ports whose servers speak first, so that Istio does not sniff them. */
const TCP_PORTS = new Set([25, 53, 3306, 27_017]);

/** N-13: the protocol of a Kubernetes Service's port. */
export function serviceProtocol(port: { readonly name?: string; readonly port?: number; readonly protocol?: string; readonly appProtocol?: string }): Protocol {
  if (port.protocol === 'UDP') return 'UDP';
  // An empty appProtocol counts as given: the name is not looked at then.
  const text = port.appProtocol ?? port.name ?? '';
  const known = (port.appProtocol !== undefined && BY_APP_PROTOCOL.get(text)) || (/^grpc-web/i.test(text) ? 'GRPC-Web' : protocolNamed(beforeDash(text)));
  if (known) return known;
  return TCP_PORTS.has(port.port ?? 0) ? 'TCP' : 'auto';
}

function beforeDash(text: string): string {
  const dash = text.indexOf('-');
  return dash === -1 ? text : text.slice(0, dash);
}
