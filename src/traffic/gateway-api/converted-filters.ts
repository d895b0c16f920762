import type { GRPCRoute } from '../../resources/grpc-route.ts';
import type { HTTPRoute } from '../../resources/kubernetes-http-route.ts';
import type { RouteConfig } from '../routes/route-config.ts';

type HttpRule = RouteConfig['http'][number]['value'];
type HttpFilter = HTTPRoute['spec']['rules'][number]['filters'][number];

export type Filter = HttpFilter | GRPCRoute['spec']['rules'][number]['filters'][number];

const SUPPORTED: ReadonlySet<string> = new Set(['RequestHeaderModifier', 'ResponseHeaderModifier', 'RequestRedirect', 'RequestMirror', 'URLRewrite', 'CORS']);

/** Whether Istio carries a filter out; a rule with another one takes its whole route with it. */
export function isSupported({ type }: Filter): boolean {
  return type !== undefined && SUPPORTED.has(type);
}

/** What a filter changes about a rule, as far as it decides where a request goes. Mirrors and CORS do not. */
export function changeOf(filter: Filter): Partial<HttpRule> {
  if (filter.type === 'RequestHeaderModifier') return headerChange(filter);
  if (filter.type === 'RequestRedirect' && 'requestRedirect' in filter) return redirectOf(filter);
  return filter.type === 'URLRewrite' && 'urlRewrite' in filter ? rewriteOf(filter) : {};
}

/** The same for the filters of one backend. */
export function headerChange({ requestHeaderModifier: change }: Filter): Pick<HttpRule, 'headers'> {
  if (!change) return {};
  const texts = (list: typeof change.set) => Object.fromEntries(list.map(({ name = '', value = '' }) => [name, value]));
  return { headers: { request: { set: texts(change.set), add: texts(change.add), remove: change.remove } } };
}

function redirectOf({ requestRedirect: redirect }: HttpFilter): Pick<HttpRule, 'redirect'> {
  if (!redirect) return {};
  const { statusCode, hostname, scheme, path, port } = redirect;
  return {
    redirect: {
      derivePort: scheme === undefined ? 'FROM_REQUEST_PORT' : 'FROM_PROTOCOL_DEFAULT',
      ...(statusCode !== undefined && { redirectCode: statusCode }),
      ...(hostname !== undefined && { authority: hostname }),
      ...(scheme !== undefined && { scheme }),
      ...(port !== undefined && { port }),
      ...(path?.replaceFullPath !== undefined && { uri: path.replaceFullPath }),
      ...(path?.replacePrefixMatch !== undefined && { prefixRewrite: path.replacePrefixMatch }),
    },
  };
}

function rewriteOf({ urlRewrite }: HttpFilter): Pick<HttpRule, 'rewrite'> {
  const { path, hostname } = urlRewrite ?? {};
  const prefix = path?.replacePrefixMatch;
  const full = path?.replaceFullPath;
  if (prefix === undefined && full === undefined && hostname === undefined) return {};
  return {
    rewrite: {
      // `/` takes the prefix away.
      ...(prefix !== undefined && { uri: prefix.replace(/\/$/, '') || '/' }),
      ...(full !== undefined && { uriRegexRewrite: { match: '/.*', rewrite: full } }),
      ...(hostname !== undefined && { authority: hostname }),
    },
  };
}
