import { serviceHost } from '../../mesh/host-name.ts';
import type { Pod } from '../clusters/pods.ts';
import type { ConnectionPath } from '../outcomes/outcome.ts';
import { isIpAddress } from '../terms/address.ts';
import type { Connection, HttpRequest, TlsLayer } from '../terms/connection.ts';
import type { ProxyNode } from '../terms/proxy-node.ts';
import type { Labels, Service } from '../terms/service.ts';
import type { TrafficModel } from '../traffic-model.ts';
import { proxyOf } from '../walk/follow.ts';
import { resolveName } from './proxy-dns.ts';

/** A connection that is asked about: who opens it, to where, and what is said on it. */
export interface Probe {
  readonly from: {
    readonly namespace: string;
    readonly labels: Labels;
    readonly serviceAccount?: string;
    /** A gateway that the connection reaches, by the name of its Service or Pod: then it starts there, and nothing is said of who opened it. */
    readonly gateway?: string;
  };
  readonly to: { readonly host: string; readonly port: number; readonly ip?: string };
  /**
   * `http` is plaintext, `https` HTTP in the client's TLS, `tls` other bytes in the client's TLS, `tcp` bytes that are neither HTTP nor TLS; `mtls` HTTP in
   * TLS with a client certificate: of a gateway it is asked as a sidecar speaks to it, with the mesh's own.
   */
  readonly proto: 'http' | 'https' | 'tls' | 'tcp' | 'mtls';
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
  if (proxy.kind === 'gateway') return model.follow(proxy, atGateway(model, probe), probe.to.host.toLowerCase());
  const ip = addressDialled(model, proxy, probe);
  return model.follow(proxy, connectionOf(probe, ip), (probe.to.ip ?? probe.to.host).toLowerCase());
}

/** The Pod that a probe comes from, where one is in view or made up: the first of those with these labels, or of the gateway's. */
export function podOf(model: TrafficModel, { namespace, labels, serviceAccount, gateway }: Probe['from']): Pod | undefined {
  if (gateway !== undefined) {
    const service = gatewayService(model, namespace, gateway);
    const [behind] = service ? model.pods.behind(service) : [];
    return behind ?? model.pods.selectedBy(namespace, {}).find((pod) => pod.kind === 'gateway' && (pod.name === gateway || pod.name.startsWith(`${gateway}-`)));
  }
  const pods = Object.keys(labels).length === 0 ? [] : model.pods.selectedBy(namespace, labels);
  return pods.find((each) => serviceAccount === undefined || each.serviceAccount === serviceAccount);
}

function gatewayService(model: TrafficModel, namespace: string, name: string): Service | undefined {
  return model.services.named(serviceHost(name, namespace, model.mesh.config.clusterDomain)).find((service) => service.namespace === namespace);
}

/** A gateway's ports are dialled as its Service has them. */
function atGateway(model: TrafficModel, probe: Probe): Connection {
  const { gateway = '', namespace } = probe.from;
  const pod = podOf(model, probe.from);
  const port = gatewayService(model, namespace, gateway)?.ports.find(({ number }) => number === probe.to.port);
  const connection = connectionOf(probe, pod?.address);
  return pod && port ? { ...connection, port: model.pods.portOf(pod, port) } : connection;
}

/** The Pod in view; else one with just these labels and the namespace's default service account. */
function clientOf(model: TrafficModel, from: Probe['from']): ProxyNode {
  const { namespace, labels, serviceAccount, gateway } = from;
  const pod = podOf(model, from);
  if (gateway !== undefined && pod) return proxyOf(pod, 'gateway');
  if (gateway !== undefined) return { kind: 'gateway', namespace, name: gateway, labels: { istio: gateway.replace(/^istio-/, '') }, serviceAccount: gateway };
  const kind = model.ambient.captures(namespace, pod?.labels ?? labels) ? 'ztunnel' : 'sidecar';
  return pod ? proxyOf(pod, kind) : { kind, namespace, name: undefined, labels, serviceAccount: serviceAccount ?? 'default' };
}

/** What the client's look-up gives: the DNS proxy of its sidecar, where it has one, then the cluster's DNS. */
function addressDialled(model: TrafficModel, proxy: ProxyNode, { to }: Probe): string | undefined {
  if (to.ip !== undefined) return to.ip;
  return isIpAddress(to.host) ? to.host : resolveName(model, proxy, to.host);
}

const DEFAULT_PORTS = { http: 80, https: 443, mtls: 443 } as const;

function connectionOf(probe: Probe, ip: string | undefined): Connection {
  const { to, proto } = probe;
  const http = proto === 'tls' || proto === 'tcp' ? undefined : requestOf(probe, DEFAULT_PORTS[proto]);
  return { ip, host: to.host.toLowerCase(), port: to.port, tls: proto === 'http' || proto === 'tcp' ? [] : [outerLayer(probe, http !== undefined)], http };
}

function outerLayer({ from, to, sni, proto }: Probe, isHttp: boolean): TlsLayer {
  const serverName = (sni ?? (isIpAddress(to.host) ? '' : to.host)).toLowerCase();
  if (proto === 'mtls' && from.gateway !== undefined)
    return { by: 'sidecar', sni: serverName, alpn: ['istio-http/1.1', 'istio', 'http/1.1'], certificate: 'mesh', verifies: 'mesh' };
  const certificate = proto === 'mtls' ? 'other' : undefined;
  return { by: 'client', sni: serverName, alpn: isHttp ? ['h2', 'http/1.1'] : [], certificate, verifies: 'other' };
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
