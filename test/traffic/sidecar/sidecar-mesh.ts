import type { Connection } from '../../../src/traffic/terms/connection.ts';
import type { Action, Decision } from '../../../src/traffic/terms/decision.ts';
import { TrafficModel, type TrafficModelOptions } from '../../../src/traffic/traffic-model.ts';
import { meshOf } from '../../support/mesh-of.ts';

/** A port of a ServiceEntry: `443 TLS`. */
export type PortText = `${number} ${string}`;

interface EntryText {
  readonly namespace?: string;
  readonly ports?: readonly PortText[];
  readonly resolution?: string;
  /** More of the spec, as flow YAML. */
  readonly more?: string;
  readonly created?: string;
}

let count = 0;

function object(kind: string, namespace: string, spec: string, created?: string): string {
  count += 1;
  const api = kind === 'Service' || kind === 'Pod' ? 'v1' : 'networking.istio.io/v1';
  return `---
apiVersion: ${api}
kind: ${kind}
metadata: { name: o${count}, namespace: ${namespace}${created ? `, creationTimestamp: "${created}"` : ''} }
spec: { ${spec} }
`;
}

/** A ServiceEntry. */
export function entry(hosts: string, { namespace = 'shop', ports = ['443 TLS'], resolution = 'DNS', more, created }: EntryText = {}): string {
  const list = ports.map((text) => {
    const [number = '', protocol = ''] = text.split(' ');
    return `{ number: ${number}, name: p${number}${protocol ? `, protocol: ${protocol}` : ''} }`;
  });
  return object('ServiceEntry', namespace, `hosts: [${hosts}], ports: [${list.join(', ')}], resolution: ${resolution}${more ? `, ${more}` : ''}`, created);
}

/** A VirtualService; its spec as flow YAML. */
export const routes = (spec: string, namespace = 'shop'): string => object('VirtualService', namespace, spec);

/** A Sidecar; its spec as flow YAML. */
export const sidecar = (spec: string, namespace = 'shop', created?: string): string => object('Sidecar', namespace, spec, created);

/** A Kubernetes Service with a name. */
export const service = (name: string, spec: string, namespace = 'shop', metadata = ''): string => `---
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: ${namespace}${metadata} }
spec: { ${spec} }
`;

export interface Call {
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly ip?: string;
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly options?: TrafficModelOptions;
}

/** What a sidecar does with `http://host:port`, `https://…` or `tcp://…`. */
export function decided(
  text: string,
  url: string,
  { namespace = 'shop', labels = {}, ip, path = '/', method = 'GET', headers = {}, options = {} }: Call = {},
): Decision {
  const [, scheme = '', host = '', port = ''] = /^(\w+):\/\/([^:]*):(\d+)$/.exec(url) ?? [];
  const connection: Connection = {
    ip,
    host,
    port: Number(port),
    tls: scheme === 'https' ? [{ by: 'client', sni: host, alpn: ['h2', 'http/1.1'], certificate: undefined }] : [],
    http: scheme === 'tcp' ? undefined : { method, path, authority: host, headers, version: 'HTTP/1.1' },
  };
  const model = new TrafficModel(meshOf(text), { outboundPolicy: 'REGISTRY_ONLY', ...options });
  return model.scopeOf({ kind: 'sidecar', namespace, name: undefined, labels, serviceAccount: 'default' }).decide(connection);
}

/** A decision in a line: listener, virtual host, and where it goes. */
function shown({ listener, virtualHost, action }: Decision): string {
  return [listener, ...(virtualHost === undefined ? [] : [virtualHost]), doing(action)].join(' > ');
}

function doing(action: Action): string {
  if (action.do === 'answer') return String(action.status);
  if (action.do !== 'forward') return action.do;
  return action.to
    .map(({ cluster: { host, port, subset }, share }) => `${host}|${port}${subset && `|${subset}`}${share === 100 ? '' : ` ${share}%`}`)
    .join(', ');
}

/** What a sidecar does with a call, in a line. */
export const told = (text: string, url: string, call: Call = {}): string => shown(decided(text, url, call));
