import { isIpAddress } from './address.ts';
import type { Connection, HttpRequest, TlsLayer } from './connection.ts';
import { proxyOf } from './follow.ts';
import type { ConnectionPath } from './outcome.ts';
import { resolveName } from './proxy-dns.ts';
import type { ProxyNode } from './proxy-node.ts';
import type { Labels } from './service.ts';
import type { TrafficModel } from './traffic-model.ts';

/** A connection that is asked about: who opens it, to where, and what is said on it. */
export interface Probe {
  readonly from: { readonly namespace: string; readonly labels: Labels; readonly serviceAccount?: string };
  readonly to: { readonly host: string; readonly port: number; readonly ip?: string };
  /** `http` is plaintext, `https` HTTP in the client's TLS, `tls` other bytes in the client's TLS, `tcp` bytes that are neither HTTP nor TLS. */
  readonly proto: 'http' | 'https' | 'tls' | 'tcp';
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly hostHeader?: string;
  /** '' for none. The host unless given. */
  readonly sni?: string;
  readonly http2?: boolean;
}

/** What becomes of a probe: all ways that its connection can take, those that take the largest share first. */
export function answerProbe(model: TrafficModel, probe: Probe): readonly ConnectionPath[] {
  const proxy = clientOf(model, probe.from);
  const ip = addressDialled(model, proxy, probe);
  return model.follow(proxy, connectionOf(probe, ip), (probe.to.ip ?? probe.to.host).toLowerCase());
}

/** The first Pod in view with these labels; else one with just these and the namespace's default service account. */
function clientOf(model: TrafficModel, { namespace, labels, serviceAccount }: Probe['from']): ProxyNode {
  const pods = Object.keys(labels).length === 0 ? [] : model.pods.selectedBy(namespace, labels);
  const pod = pods.find((each) => serviceAccount === undefined || each.serviceAccount === serviceAccount);
  const kind = model.ambient.captures(namespace, pod?.labels ?? labels) ? 'ztunnel' : 'sidecar';
  if (pod) return proxyOf(pod, kind);
  return { kind, namespace, name: undefined, labels, serviceAccount: serviceAccount ?? 'default' };
}

/** What the client's look-up gives: the DNS proxy of its sidecar, where it has one, then the cluster's DNS. */
function addressDialled(model: TrafficModel, proxy: ProxyNode, { to }: Probe): string | undefined {
  if (to.ip !== undefined) return to.ip;
  return isIpAddress(to.host) ? to.host : resolveName(model, proxy, to.host);
}

const DEFAULT_PORTS = { http: 80, https: 443 } as const;

function connectionOf(probe: Probe, ip: string | undefined): Connection {
  const { to, proto } = probe;
  const http = proto === 'http' || proto === 'https' ? requestOf(probe, DEFAULT_PORTS[proto]) : undefined;
  return { ip, host: to.host.toLowerCase(), port: to.port, tls: proto === 'https' || proto === 'tls' ? [clientLayer(probe, http !== undefined)] : [], http };
}

function clientLayer({ to, sni }: Probe, isHttp: boolean): TlsLayer {
  const serverName = sni ?? (isIpAddress(to.host) ? '' : to.host);
  return { by: 'client', sni: serverName.toLowerCase(), alpn: isHttp ? ['h2', 'http/1.1'] : [], certificate: undefined, verifies: 'other' };
}

function requestOf({ to, method, path, headers = {}, hostHeader, http2 }: Probe, defaultPort: number): HttpRequest {
  const authority = hostHeader || (to.port === defaultPort ? to.host : `${to.host}:${to.port}`);
  return {
    method: method ?? 'GET',
    path: path ?? '/',
    authority: authority.toLowerCase(),
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    version: http2 ? 'HTTP/2' : 'HTTP/1.1',
  };
}
