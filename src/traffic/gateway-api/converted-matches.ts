import type { GRPCRoute } from '../../resources/grpc-route.ts';
import type { HTTPRoute } from '../../resources/kubernetes-http-route.ts';
import type { RouteConfig } from '../routes/route-config.ts';
import type { Placed } from '../terms/reason.ts';

type HttpRule = RouteConfig['http'][number]['value'];
type HttpMatch = HttpRule['match'][number];
type StringMatch = NonNullable<HttpMatch['uri']>;
type ApiMatch = HTTPRoute['spec']['rules'][number]['matches'][number];
type GrpcMatch = GRPCRoute['spec']['rules'][number]['matches'][number];
type NamedMatches = readonly { readonly type?: string; readonly name?: string; readonly value?: string }[];

const NO_MATCH: HttpMatch = { headers: {}, sourceLabels: {}, gateways: [], queryParams: {}, withoutHeaders: {} };

/** A match of an HTTPRoute, as a VirtualService would have it: without a path it takes the prefix `/`. */
export function httpMatch({ path, headers, queryParams, method }: ApiMatch): HttpMatch {
  return {
    ...NO_MATCH,
    uri: pathMatch(path),
    headers: namedMatches(headers),
    queryParams: namedMatches(queryParams),
    ...(method && { method: { exact: method } }),
  };
}

/** A match of a GRPCRoute: service and method are the two parts of the path. */
export function grpcMatch({ method, headers }: GrpcMatch): HttpMatch {
  const uri = method && methodPath(method);
  return { ...NO_MATCH, headers: namedMatches(headers), ...(uri && { uri }) };
}

/** A match on one port, for routes whose parent is one port of a Service. */
export function portMatch(match: HttpMatch | undefined, port: number): HttpMatch {
  return { ...(match ?? NO_MATCH), port };
}

function pathMatch(path: ApiMatch['path']): StringMatch {
  const { type = 'PathPrefix', value = '/' } = path ?? {};
  if (type === 'Exact') return { exact: value };
  if (type === 'RegularExpression') return { regex: value };
  return { prefix: value === '/' ? value : value.replace(/\/$/, '') };
}

function methodPath({ type = 'Exact', service, method }: NonNullable<GrpcMatch['method']>): StringMatch {
  const isExact = type === 'Exact';
  if (service === undefined) return { regex: `/[^/]+/${method}` };
  if (method === undefined) return isExact ? { prefix: `/${service}/` } : { regex: `/${service}/.+` };
  return isExact ? { exact: `/${service}/${method}` } : { regex: `/${service}/${method}` };
}

function namedMatches(matches: NamedMatches): Readonly<Record<string, StringMatch>> {
  return Object.fromEntries(matches.map(({ type = 'Exact', name = '', value = '' }) => [name, type === 'Exact' ? { exact: value } : { regex: value }]));
}

/** rules that say more come first, whatever order they are written in. Istio: sortHTTPRoutes. */
export function sortedRules(rules: readonly Placed<HttpRule>[]): readonly Placed<HttpRule>[] {
  return [...rules].sort((a, b) => compareMatches(a.value.match[0], b.value.match[0]));
}

function compareMatches(a: HttpMatch | undefined, b: HttpMatch | undefined): number {
  if (!a || !b) return Number(!a) - Number(!b);
  return (
    uriRank(b) - uriRank(a) ||
    uriLength(b) - uriLength(a) ||
    Number(b.method !== undefined) - Number(a.method !== undefined) ||
    Object.keys(b.headers).length - Object.keys(a.headers).length ||
    Object.keys(b.queryParams).length - Object.keys(a.queryParams).length
  );
}

function uriRank({ uri }: HttpMatch): number {
  if (uri?.exact !== undefined) return 3;
  if (uri?.prefix !== undefined) return 2;
  return uri?.regex !== undefined ? 1 : 0;
}

function uriLength({ uri }: HttpMatch): number {
  return (uri?.exact ?? uri?.prefix ?? uri?.regex ?? '').length;
}
