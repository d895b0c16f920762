import { isIpAddress } from '../terms/address.ts';
import type { Probe } from './probe.ts';

/** A text that a person wrote, or why it cannot be read. */
export type ReadText<T> = { readonly value: T } | { readonly problem: string; readonly hint: string };

const CLIENT_FORMS = 'write NAMESPACE, NAMESPACE/POD, NAMESPACE/LABEL=VALUE,…, with @SERVICEACCOUNT if wanted, or gateway:NAMESPACE/NAME';
const NAME = /^[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?$/;

/** Who opens a connection, as people write it; a workload's or Pod's name is not looked up here. */
export interface WrittenClient {
  readonly from: Probe['from'];
  /** The name of a Pod or workload, of which only the mesh knows the labels. */
  readonly name?: string;
}

/** Reads `shop`, `shop/checkout`, `shop/app=web,tier=front`, `shop/app=web@payments`, `gateway:istio-system/istio-egressgateway`. */
export function readClient(text: string): ReadText<WrittenClient> {
  const refused = (problem: string): ReadText<WrittenClient> => ({ problem: `'${text}' ${problem}`, hint: CLIENT_FORMS });
  const [, prefix, rest = ''] = /^(gateway:)?(.*)$/s.exec(text) ?? [];
  const at = rest.lastIndexOf('@');
  const serviceAccount = at === -1 ? undefined : rest.slice(at + 1);
  const [namespace = '', ...more] = (at === -1 ? rest : rest.slice(0, at)).split('/');
  const who = more.join('/');
  if (!NAME.test(namespace)) return refused('names no namespace');
  if (serviceAccount === '') return refused('names no service account behind @');
  if (prefix) return NAME.test(who) ? { value: { from: { namespace, labels: {}, gateway: who } } } : refused('names no gateway');
  const from = { namespace, labels: {}, ...(serviceAccount !== undefined && { serviceAccount }) };
  if (who === '') return { value: { from } };
  if (!who.includes('=')) return NAME.test(who) ? { value: { from, name: who } } : refused('is no name of a Pod or workload, and no labels');
  const labels: Record<string, string> = {};
  for (const pair of who.split(',')) {
    const [key = '', value, ...others] = pair.split('=');
    if (key === '' || value === undefined || others.length > 0) return refused(`has '${pair}' where a label should be`);
    labels[key] = value;
  }
  return { value: { from: { ...from, labels } } };
}

/** The client in the form that {@link readClient} reads. */
export function writeClient({ namespace, labels, serviceAccount, gateway }: Probe['from']): string {
  if (gateway !== undefined) return `gateway:${namespace}/${gateway}`;
  const pairs = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return [namespace, ...(pairs.length > 0 ? [`/${pairs.join(',')}`] : []), ...(serviceAccount === undefined ? [] : [`@${serviceAccount}`])].join('');
}

const SCHEMES: Readonly<Record<string, { readonly proto: Probe['proto']; readonly port: number | undefined }>> = {
  http: { proto: 'http', port: 80 },
  https: { proto: 'https', port: 443 },
  mtls: { proto: 'mtls', port: 443 },
  tls: { proto: 'tls', port: 443 },
  tcp: { proto: 'tcp', port: undefined },
};

export type Destination = Pick<Probe, 'to' | 'proto' | 'path'>;

const URL_FORMS = 'write SCHEME://HOST[:PORT][/PATH] with http, https, mtls, tls or tcp';

/** Reads where a connection goes: `https://api.example.com`, `http://[2001:db8::1]:8080/v2`, `tcp://db.example.com:5432`. Without a scheme it is https. */
export function readDestination(text: string): ReadText<Destination> {
  const refused = (problem: string): ReadText<Destination> => ({ problem: `'${text}' ${problem}`, hint: URL_FORMS });
  const [, scheme = 'https', bracketed, plain, port, path] =
    /^(?:([a-z][a-z0-9+.-]*):\/\/)?(?:\[([^\]]*)\]|([^/:?#@[\]\s]+))(?::(\d+))?(?:([/?][^#]*))?(?:#.*)?$/i.exec(text) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined) return refused('is no URL');
  if (bracketed !== undefined && !isIpAddress(bracketed)) return refused('has no IPv6 address in its brackets');
  const known = SCHEMES[scheme.toLowerCase()];
  if (!known) return refused(`has the scheme ${scheme}`);
  const number = port === undefined ? known.port : Number(port);
  if (number === undefined) return refused('names no port, and tcp has no usual one');
  if (number < 1 || number > 65_535) return refused(`has the port ${number}`);
  const isHttp = known.proto !== 'tls' && known.proto !== 'tcp';
  return {
    value: {
      to: { host, port: number },
      proto: known.proto,
      ...(isHttp && path !== undefined && { path: path.startsWith('?') ? `/${path}` : path }),
    },
  };
}

/** Where a probe goes, in the form that {@link readDestination} reads. */
export function writeDestination({ to, proto, path }: Pick<Probe, 'to' | 'proto' | 'path'>): string {
  const host = to.host.includes(':') ? `[${to.host}]` : to.host;
  const port = SCHEMES[proto]?.port === to.port ? '' : `:${to.port}`;
  return `${proto}://${host}${port}${path === undefined || path === '/' ? '' : path}`;
}
