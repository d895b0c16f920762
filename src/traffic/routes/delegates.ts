import type { HttpMatch } from '../../mesh/match-scope.ts';
import type { HttpRule } from './http-routing.ts';
import type { StringMatch } from './string-match.ts';

/**
 * a rule of a delegate as it counts under the rule that refers to it: the matches of both have to hold, and what the delegate's rule leaves open
 * the other one says. Undefined where the matches contradict each other: the delegate's rule is dropped then.
 * Istio: pilot/pkg/model/virtualservice.go, mergeHTTPRoute.
 */
export function mergedRule(root: HttpRule, delegated: HttpRule): HttpRule | undefined {
  const match = mergedMatches(root.match, delegated.match);
  if (!match) return undefined;
  const { delegate: _, ...outer } = root;
  const name = joined(root.name, delegated.name);
  return { ...outer, ...defined(delegated), route: delegated.route, match, ...(name !== undefined && { name }) };
}

/** The fields that a rule sets, so that they can be laid over those of another. */
function defined(rule: HttpRule): Partial<HttpRule> {
  return Object.fromEntries(Object.entries(rule).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0)));
}

function joined(outer: string | undefined, inner: string | undefined): string | undefined {
  return outer && inner ? `${outer}-${inner}` : inner || outer;
}

function mergedMatches(outer: readonly HttpMatch[], inner: readonly HttpMatch[]): readonly HttpMatch[] | undefined {
  if (outer.length === 0) return inner;
  if (inner.length === 0) return outer;
  const merged: HttpMatch[] = [];
  for (const match of inner) {
    const fitting = outer.filter((around) => !contradicts(around, match));
    if (fitting.length === 0) return undefined;
    merged.push(...fitting.map((around) => mergedMatch(around, match)));
  }
  return merged;
}

function mergedMatch(outer: HttpMatch, inner: HttpMatch): HttpMatch {
  const name = joined(outer.name, inner.name);
  return {
    ...outer,
    ...Object.fromEntries(Object.entries(inner).filter(([, value]) => value !== undefined && value !== '' && value !== 0)),
    headers: { ...outer.headers, ...inner.headers },
    withoutHeaders: { ...outer.withoutHeaders, ...inner.withoutHeaders },
    queryParams: { ...outer.queryParams, ...inner.queryParams },
    sourceLabels: { ...outer.sourceLabels, ...inner.sourceLabels },
    gateways: inner.gateways.length > 0 ? inner.gateways : outer.gateways,
    ...(name !== undefined && { name }),
  };
}

/** Istio: virtualservice.go, hasConflict. */
function contradicts(outer: HttpMatch, inner: HttpMatch): boolean {
  const fields = ['uri', 'scheme', 'method', 'authority'] as const;
  if (fields.some((field) => contradict(outer[field], inner[field]))) return true;
  const maps = ['headers', 'withoutHeaders', 'queryParams'] as const;
  if (maps.some((field) => Object.entries(inner[field]).some(([key, text]) => contradict(outer[field][key], text)))) return true;
  if (Boolean(outer.ignoreUriCase) !== Boolean(inner.ignoreUriCase)) return true;
  if (outer.port && inner.port && outer.port !== inner.port) return true;
  if (outer.sourceNamespace && inner.sourceNamespace !== outer.sourceNamespace) return true;
  if (Object.entries(inner.sourceLabels).some(([key, value]) => (outer.sourceLabels[key] ?? value) !== value)) return true;
  return outer.gateways.length > 0 && inner.gateways.some((gateway) => !outer.gateways.includes(gateway));
}

/** Istio: virtualservice.go, stringMatchConflict. A regex agrees with nothing, for nobody can tell. */
function contradict(outer: StringMatch | undefined, inner: StringMatch | undefined): boolean {
  if (!outer || !inner) return false;
  if (outer.regex || inner.regex) return true;
  const text = inner.prefix || inner.exact;
  if (outer.exact) return Boolean(inner.prefix) || inner.exact !== outer.exact;
  return !outer.prefix || !text?.startsWith(outer.prefix);
}
