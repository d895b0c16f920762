import type { HttpRequest } from '../terms/connection.ts';
import type { Action, WeightedCluster } from '../terms/decision.ts';
import type { Service } from '../terms/service.ts';
import { clusterOf } from './destination-cluster.ts';
import type { HttpRoute, HttpRule } from './http-routing.ts';
import { destinationAt } from './route-config.ts';

/** What a route makes of a request: where it goes, and what is changed in it. */
export interface RoutedRequest {
  readonly action: Action;
  /** The Host header that goes upstream where the route rewrites it. */
  readonly authority?: string;
  /** The path that goes upstream where the route rewrites it. */
  readonly path?: string;
}

const MOVED_PERMANENTLY = 301;

/**
 * what is done with a request that takes a route.
 * @param known what a host is known as where the route is written down
 */
export function routedRequest(route: HttpRoute, request: HttpRequest, listenerPort: number, known: (host: string) => Service | undefined): RoutedRequest {
  const { rule } = route;
  if (rule.redirect) return { action: { do: 'answer', status: rule.redirect.redirectCode || MOVED_PERMANENTLY, detail: 'redirect' } };
  if (rule.directResponse) return { action: { do: 'answer', status: rule.directResponse.status ?? 0, detail: 'directResponse' } };
  const authority = authorityOf(rule);
  const path = pathOf(route, request.path);
  return {
    action: { do: 'forward', to: weighted(route, listenerPort, known) },
    ...(authority !== undefined && { authority }),
    ...(path !== undefined && { path }),
  };
}

/** the weight of an only destination does not count; of several, those of weight 0 are left out. */
function weighted({ rule, at }: HttpRoute, listenerPort: number, known: (host: string) => Service | undefined): readonly WeightedCluster[] {
  const single = rule.route.length === 1;
  const total = rule.route.reduce((sum, { weight = 0 }) => sum + weight, 0);
  return rule.route.flatMap(({ destination, weight = 0, headers, backend }, index): WeightedCluster[] => {
    if (!destination || (!single && weight === 0)) return [];
    const authority = single ? undefined : headerSetting(headers);
    return [
      {
        cluster: clusterOf(destination, known(destination.host ?? ''), listenerPort),
        share: single ? 100 : (weight / total) * 100,
        at: destinationAt(at, index, backend),
        ...(authority !== undefined && { authority }),
      },
    ];
  });
}

/** `rewrite` beats the rule's headers, which beat those of an only destination. Istio: route.go, applyHTTPRouteDestination. */
function authorityOf({ rewrite, headers, route }: HttpRule): string | undefined {
  if (rewrite?.authority) return rewrite.authority;
  return headerSetting(headers) ?? (route.length === 1 ? headerSetting(route[0]?.headers) : undefined);
}

function headerSetting(headers: HttpRule['headers']): string | undefined {
  const { set = {}, add = {} } = headers?.request ?? {};
  return authorityIn(set) ?? authorityIn(add);
}

function authorityIn(headers: Readonly<Record<string, string>>): string | undefined {
  const found = Object.entries(headers).find(([name]) => /^(?::authority|host)$/i.test(name));
  return found?.[1] || undefined;
}

/** a prefix is replaced by the new text, any other path as a whole; the query stays. */
function pathOf({ rule, match, config }: HttpRoute, path: string): string | undefined {
  const { uri, uriRegexRewrite } = rule.rewrite ?? {};
  const query = /\?.*$/s.exec(path)?.[0] ?? '';
  const plain = path.slice(0, path.length - query.length);
  if (uriRegexRewrite?.match) return `${replaced(plain, uriRegexRewrite.match, uriRegexRewrite.rewrite ?? '')}${query}`;
  if (!uri) return undefined;
  const matched = match?.uri?.prefix ?? (match?.uri?.exact === undefined && match?.uri?.regex === undefined ? '/' : undefined);
  if (matched === undefined) return `${uri}${query}`;
  const prefix = config.isGatewayApi && matched !== '/' ? matched.replace(/\/$/, '') : matched;
  const rest = plain.slice(prefix.length);
  // replacing a prefix by `/` leaves one slash.
  return config.isGatewayApi && uri === '/' ? `/${rest.replace(/^\//, '')}${query}` : `${uri}${rest}${query}`;
}

function replaced(path: string, pattern: string, substitution: string): string {
  try {
    return path.replace(new RegExp(pattern, 'g'), substitution.replace(/\$/g, '$$$$').replace(/\\(\d)/g, '$$$1'));
  } catch {
    return path;
  }
}
