import type { AuthorizationPolicy } from '../../resources/authorization-policy.ts';
import type { HttpRequest } from '../terms/connection.ts';
import { all, any, not, type Truth } from './truth.ts';

/** A connection, as the authorization filters of a proxy see it. */
export interface AuthorizedConnection {
  /** Which filters look at it: those for requests, or those for connections. */
  readonly chain: 'http' | 'tcp';
  /** P-3: who the peer is, where it has proved that by mTLS of the mesh. */
  readonly peer: { readonly namespace: string; readonly serviceAccount: string; readonly trustDomain: string } | undefined;
  /** The server name that the client sent; '' for none. */
  readonly sni: string;
  /** The port of the Pod. */
  readonly port: number;
  readonly request: HttpRequest | undefined;
}

export type AuthorizationRule = AuthorizationPolicy['spec']['rules'][number];
type Source = NonNullable<AuthorizationRule['from'][number]['source']>;
type Operation = NonNullable<AuthorizationRule['to'][number]['operation']>;

/** One attribute, and what it may and may not be. */
interface Condition {
  readonly values: readonly string[];
  readonly notValues: readonly string[];
  /** P-4: whether only filters for requests know it. */
  readonly needsHttp: boolean;
  readonly is: (value: string) => Truth;
}

/**
 * P-2 to P-4: whether a rule of a policy takes a connection. On chains that read no HTTP, a rule with conditions on requests takes nothing if it
 * allows; if it denies, those conditions are dropped. Istio: pilot/pkg/security/authz/model/model.go.
 * @param own the policy's namespace, to which bare names of service accounts belong
 */
export function ruleTakes(rule: AuthorizationRule, action: 'ALLOW' | 'DENY', connection: AuthorizedConnection, own: string): Truth {
  const when = rule.when.map(({ key = '', values, notValues }) => attribute(key, values, notValues, connection, own));
  const from = rule.from.map(({ source }) => (source ? sourceConditions(source, connection, own) : []));
  const to = rule.to.map(({ operation }) => (operation ? operationConditions(operation, connection) : []));
  if (connection.chain === 'tcp' && action === 'ALLOW' && [when, ...from, ...to].flat().some(isHttpOnly)) return false;
  const holds = (conditions: readonly Condition[]): Truth => all(conditions.map((condition) => holdsFor(condition, connection)));
  return all([holds(when), from.length === 0 || any(from.map(holds)), to.length === 0 || any(to.map(holds))]);
}

function isHttpOnly({ needsHttp, values, notValues }: Condition): boolean {
  return needsHttp && values.length + notValues.length > 0;
}

function holdsFor(condition: Condition, { chain }: AuthorizedConnection): Truth {
  const { values, notValues, is } = condition;
  if (chain === 'tcp' && isHttpOnly(condition)) return true;
  return all([values.length === 0 || any(values.map(is)), notValues.length === 0 || not(any(notValues.map(is)))]);
}

function sourceConditions(source: Source, connection: AuthorizedConnection, own: string): readonly Condition[] {
  return [
    attribute('source.principal', source.principals, source.notPrincipals, connection, own),
    attribute('source.namespace', source.namespaces, source.notNamespaces, connection, own),
    attribute('source.serviceAccount', source.serviceAccounts, source.notServiceAccounts, connection, own),
    attribute('source.trustDomain', source.trustDomains, source.notTrustDomains, connection, own),
    attribute('source.ip', source.ipBlocks, source.notIpBlocks, connection, own),
    attribute('remote.ip', source.remoteIpBlocks, source.notRemoteIpBlocks, connection, own),
    attribute('request.auth.principal', source.requestPrincipals, source.notRequestPrincipals, connection, own),
  ];
}

function operationConditions({ hosts, notHosts, ports, notPorts, methods, notMethods, paths, notPaths }: Operation, connection: AuthorizedConnection) {
  const { request } = connection;
  const path = request?.path.replace(/[?#].*$/s, '');
  return [
    condition(hosts, notHosts, true, (value) => fits(value.toLowerCase(), request?.authority.toLowerCase())),
    condition(ports, notPorts, false, (value) => Number(value) === connection.port),
    condition(methods, notMethods, true, (value) => fits(value, request?.method)),
    condition(paths, notPaths, true, (value) => (value.includes('{') ? fitsTemplate(value, path) : fits(value, path))),
  ];
}

function condition(values: readonly string[], notValues: readonly string[], needsHttp: boolean, is: Condition['is']): Condition {
  return { values, notValues, needsHttp, is };
}

const HEADER = /^request\.headers\[(.*)\]$/;

function attribute(key: string, values: readonly string[], notValues: readonly string[], connection: AuthorizedConnection, own: string): Condition {
  const { peer, request } = connection;
  const known = (is: Condition['is'], needsHttp = false): Condition => condition(values, notValues, needsHttp, is);
  switch (key) {
    case 'source.principal':
      return known((value) => fits(inTrustDomain(value, peer?.trustDomain), peer && `${peer.trustDomain}/ns/${peer.namespace}/sa/${peer.serviceAccount}`));
    case 'source.namespace':
      return known((value) => fits(value, peer?.namespace));
    case 'source.serviceAccount':
      return known((value) => peer !== undefined && (value.includes('/') ? value : `${own}/${value}`) === `${peer.namespace}/${peer.serviceAccount}`);
    case 'source.trustDomain':
      return known((value) => fits(value, peer?.trustDomain));
    case 'destination.port':
      return known((value) => Number(value) === connection.port);
    case 'connection.sni':
      return known((value) => fits(value, connection.sni || undefined));
    default:
  }
  const [, name] = HEADER.exec(key) ?? [];
  if (name !== undefined) return known((value) => fits(value, request?.headers[name.toLowerCase()]), true);
  // Addresses, tokens and metadata of filters are in no file.
  return known(() => undefined, key.startsWith('request.'));
}

/** `cluster.local` stands for the mesh's own trust domain, whatever that is. */
function inTrustDomain(principal: string, trustDomain: string | undefined): string {
  return trustDomain === undefined ? principal : principal.replace(/^cluster\.local\//, `${trustDomain}/`);
}

/** Exact, `prefix*`, `*suffix`, or `*` for anything that is there. */
function fits(pattern: string, text: string | undefined): boolean {
  if (text === undefined) return false;
  if (pattern === '*') return text !== '';
  if (pattern.startsWith('*')) return text.endsWith(pattern.slice(1));
  return pattern.endsWith('*') ? text.startsWith(pattern.slice(0, -1)) : text === pattern;
}

/** `{*}` is one segment of a path, `{**}` any number of them. */
function fitsTemplate(template: string, path: string | undefined): boolean {
  const parts = template.split(/(\{\*\*?\})/).map((part) => (part === '{*}' ? '[^/]+' : part === '{**}' ? '.*' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')));
  return path !== undefined && new RegExp(`^${parts.join('')}$`).test(path);
}
