import { serviceHost } from './host-name.ts';

type Labels = Readonly<Record<string, string>>;

/** Services that an installation of Istio has unless told otherwise, with their Pods' labels. */
export const STOCK: readonly { readonly name: string; readonly namespace: string; readonly labels: Labels }[] = [
  { name: 'istio-egressgateway', namespace: 'istio-system', labels: { istio: 'egressgateway', app: 'istio-egressgateway' } },
  { name: 'istio-ingressgateway', namespace: 'istio-system', labels: { istio: 'ingressgateway', app: 'istio-ingressgateway' } },
];

/** Whether a host is that of a stock Service. */
export function isStockHost(host: string, clusterDomain: string): boolean {
  return STOCK.some(({ name, namespace }) => serviceHost(name, namespace, clusterDomain) === host);
}
