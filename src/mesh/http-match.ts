import type { HttpMatch } from './match-scope.ts';

type Conditions = Omit<HttpMatch, 'name' | 'gateways' | 'port' | 'sourceLabels' | 'sourceNamespace' | 'statPrefix'>;

/**
 * whether every request that `inner` takes is taken by `outer` as well, as far as text tells: a longer prefix lies within a shorter one, other conditions
 * have to be the same. Where the match holds and for whom is not looked at (`scopeCovers`).
 * @param outer undefined for a rule without a match
 */
export function httpMatchCovers(outer: Conditions | undefined, inner: Conditions | undefined): boolean {
  if (!outer) return true;
  if (isCatchAll(outer)) return true;
  if (!inner) return false;
  const { uri, scheme, method, authority, headers, queryParams, withoutHeaders } = outer;
  return (
    uriCovers(outer, inner, uri) &&
    isSame(scheme, inner.scheme) &&
    isSame(method, inner.method) &&
    isSame(authority, inner.authority) &&
    isWithin(headers, inner.headers) &&
    isWithin(queryParams, inner.queryParams) &&
    isWithin(withoutHeaders, inner.withoutHeaders)
  );
}

/** a match without conditions, or with one on the path that every path fulfills. */
export function isCatchAll({ uri, scheme, method, authority, headers, queryParams, withoutHeaders }: Conditions): boolean {
  if (scheme || method || authority) return false;
  if ([headers, queryParams, withoutHeaders].some((conditions) => Object.keys(conditions).length > 0)) return false;
  return !uri || uri.prefix === '/' || uri.regex === '.*' || Object.keys(uri).length === 0;
}

function uriCovers(outer: Conditions, inner: Conditions, uri: Conditions['uri']): boolean {
  if (!uri || uri.prefix === '/' || uri.regex === '.*') return true;
  if (outer.ignoreUriCase !== inner.ignoreUriCase) return false;
  const { prefix } = uri;
  const text = inner.uri?.prefix ?? inner.uri?.exact;
  return prefix === undefined ? isSame(uri, inner.uri) : Boolean(text?.startsWith(prefix));
}

function isSame(outer: unknown, inner: unknown): boolean {
  return outer === undefined || JSON.stringify(outer) === JSON.stringify(inner);
}

function isWithin(outer: Readonly<Record<string, unknown>>, inner: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(outer).every(([key, condition]) => JSON.stringify(condition) === JSON.stringify(inner[key]));
}
