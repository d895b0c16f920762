import { automaticAddress, isBlock } from '../terms/address.ts';
import type { ProxyNode } from '../terms/proxy-node.ts';
import type { Service } from '../terms/service.ts';
import type { TrafficModel } from '../traffic-model.ts';

/**
 * The address that a client gets for a name (E-14, L-14): from its own proxy with DNS capture, else from the cluster's DNS.
 * @returns undefined for a public address
 */
export function resolveName(model: TrafficModel, proxy: ProxyNode, host: string): string | undefined {
  const name = host.toLowerCase().replace(/\.$/, '');
  return (model.dnsCapture || proxy.kind === 'ztunnel' ? fromProxy(model, proxy, name) : undefined) ?? fromCluster(model, proxy, name);
}

/** What the proxy answers for. Istio: pkg/dns/server/name_table.go. */
function fromProxy(model: TrafficModel, proxy: ProxyNode, name: string): string | undefined {
  const { copiesOf } = model.scopeOf(proxy);
  const domain = model.mesh.config.clusterDomain;
  for (const search of ['', `.${proxy.namespace}.svc.${domain}`, `.svc.${domain}`, `.${domain}`]) {
    const full = name + search;
    const dot = full.indexOf('.');
    const address = addressAmong(model, copiesOf?.(full)) ?? (dot === -1 ? undefined : addressAmong(model, copiesOf?.(`*${full.slice(dot)}`)));
    if (address !== undefined) return address;
  }
  return undefined;
}

/** The first copy of a host that has an address gives it, but for a Kubernetes Service, which gives its own in any case. */
function addressAmong(model: TrafficModel, copies: readonly Service[] = []): string | undefined {
  const addresses = copies.map((service) => ({ service, address: addressOf(model, service) })).filter(({ address }) => address !== undefined);
  return (addresses.find(({ service }) => service.registry === 'kubernetes') ?? addresses[0])?.address;
}

function addressOf(model: TrafficModel, service: Service): string | undefined {
  if (service.hasAutoAddress) return automaticAddress(service);
  if (service.address !== undefined) return isBlock(service.address) ? undefined : service.address;
  return service.isHeadless ? model.pods.behind(service)[0]?.address : undefined;
}

function fromCluster(model: TrafficModel, { namespace }: ProxyNode, name: string): string | undefined {
  const resolved = model.dns.resolve(name, namespace);
  if (resolved?.leadsTo !== 'service') return undefined;
  const { service } = resolved;
  return service.address ?? model.pods.behind(service)[0]?.address;
}
