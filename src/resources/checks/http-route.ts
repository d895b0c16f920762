/** HTTP rules of VirtualServices (pkg/config/validation/virtualservice.go, and what it calls). */
import type { Path } from '../../yaml/locate.ts';
import type { Check, ReportProblem } from '../field.ts';
import { isAuthority } from './header.ts';
import { conflict, malformed, missing, outOfRange } from './problem.ts';

interface Rewrite {
  readonly uri?: string;
  readonly authority?: string;
  readonly uriRegexRewrite?: { readonly match?: string; readonly rewrite?: string };
}

interface Redirect {
  readonly uri?: string;
  readonly authority?: string;
  readonly scheme?: string;
  readonly port?: number;
  readonly prefixRewrite?: string;
}

interface Route {
  readonly match: readonly { readonly uri?: { readonly prefix?: string } }[];
  readonly route: readonly unknown[];
  readonly redirect?: Redirect;
  readonly directResponse?: unknown;
  readonly delegate?: unknown;
  readonly rewrite?: Rewrite;
  readonly fault?: unknown;
  readonly mirror?: unknown;
  readonly mirrors: readonly unknown[];
  readonly headers?: { readonly request?: { readonly set: Readonly<Record<string, string>>; readonly add: Readonly<Record<string, string>> } };
}

/** VS9 (webhook): a rule does one thing: it routes, redirects, answers, or delegates. */
export const oneAction: Check<Route> = (rule, report, { hasUnreadFields }) => {
  const isSet: Readonly<Record<'route' | 'redirect' | 'directResponse' | 'fault' | 'rewrite', boolean>> = {
    route: rule.route.length > 0,
    redirect: rule.redirect !== undefined,
    directResponse: rule.directResponse !== undefined,
    fault: rule.fault !== undefined,
    rewrite: rule.rewrite !== undefined,
  };
  const against = (fields: readonly (keyof typeof isSet)[]): readonly Path[] => fields.flatMap((field) => (isSet[field] ? [[field]] : []));
  if (rule.delegate !== undefined) {
    const why = 'a rule that delegates leaves the rest to another VirtualService';
    exclude('delegate', why, against(['route', 'redirect']), report);
  } else if (isSet.redirect) {
    const why = 'a redirect is answered by the proxy, so nothing else may happen to the request';
    exclude('redirect', why, against(['route', 'directResponse', 'fault', 'rewrite']), report);
  } else if (isSet.directResponse) {
    exclude(
      'directResponse',
      'a direct response comes from the proxy, so nothing else may happen to the request',
      against(['route', 'fault', 'rewrite']),
      report,
    );
  } else if (!isSet.route && !hasUnreadFields() && !hasUnreadFields('destination') && !hasUnreadFields('route')) {
    report([], missing('route', 'HTTPRoute', "a rule needs one of 'route', 'redirect', 'directResponse' and 'delegate'"), 'webhook');
  }
};

function exclude(field: string, why: string, others: readonly Path[], report: ReportProblem): void {
  if (others.length > 0)
    report([field], conflict(`${why}: remove ${others.map((path) => `'${path.join('.')}'`).join(', ')}, or '${field}'`, ...others), 'webhook');
}

/** VS9 (webhook). */
export const oneMirrorField: Check<Route> = ({ mirror, mirrors, delegate }, report) => {
  if (mirror === undefined || mirrors.length === 0 || delegate !== undefined) return;
  report(['mirror'], conflict("'mirror' is the form for one destination, 'mirrors' the one for several; only one of them may be set", ['mirrors']), 'webhook');
};

/** VS12 (webhook): the authority is rewritten in one place only. */
export const oneAuthority: Check<Route> = ({ rewrite, headers }, report) => {
  let first: Path | undefined = rewrite?.authority ? ['rewrite', 'authority'] : undefined;
  for (const operation of ['set', 'add'] as const) {
    for (const [name, value] of Object.entries(headers?.request?.[operation] ?? {})) {
      if (!isAuthority(name)) continue;
      const path = ['headers', 'request', operation, name];
      if (first) report(path, conflict('the Host header (authority) may be rewritten in one place only', first), 'webhook');
      else if (value !== '') first = path;
    }
  }
};

/** VS13 (webhook): what a redirect changes of the URL. */
export const redirect: Check<Route> = ({ redirect: value, match }, report, { isSet, hasUnreadFields }) => {
  if (!value) return;
  if (value.uri && value.prefixRewrite) {
    report(['redirect', 'uri'], conflict('uri replaces the whole path, prefixRewrite a part of it', ['redirect', 'prefixRewrite']), 'webhook');
  }
  const matched = match.findIndex(({ uri }) => uri !== undefined && uri.prefix === undefined);
  if (value.prefixRewrite && matched !== -1) {
    const why = 'prefixRewrite replaces the matched prefix, so every uri of the rule has to be matched by prefix';
    report(['redirect', 'prefixRewrite'], conflict(why, ['match', matched, 'uri']), 'webhook');
  }
  const setsPort = isSet(['redirect', 'port']) || isSet(['redirect', 'derivePort']);
  if (value.uri || value.prefixRewrite || value.authority || value.scheme || setsPort || hasUnreadFields()) return;
  report(
    ['redirect'],
    missing('uri', 'HTTPRedirect', "a redirect has to change something: 'uri', 'prefixRewrite', 'authority', 'scheme' or 'port'"),
    'webhook',
  );
};

/** VS13 (webhook). */
export const redirectCode: Check<number> = (value, report) => {
  if (value !== 0 && (value < 300 || value > 399)) report([], outOfRange(value, '300 to 399'), 'webhook');
};

/** VS13 (webhook). */
export const redirectScheme: Check<string> = (value, report) => {
  if (value !== '' && value !== 'http' && value !== 'https') report([], { type: 'unknown-value', value, allowed: ['http', 'https'] }, 'webhook');
};

/** VS14, VS18 (webhook): a status to answer with. Istio lets 600 pass. */
export const httpStatus: Check<number> = (value, report) => {
  if (value < 200 || value > 600) report([], outOfRange(value, '200 to 599'), 'webhook');
};

const MEGABYTE = 1024 * 1024;

/** VS14 (webhook): the body travels through istiod to every proxy. */
export const bodySize: Check<string> = (value, report) => {
  // A code unit takes three bytes at most.
  if (value.length * 3 > MEGABYTE && new TextEncoder().encode(value).length > MEGABYTE) report([], outOfRange('longer than 1 MB', 'at most 1 MB'), 'webhook');
};

/** VS15 (webhook): what a rewrite changes. */
export const rewrite: Check<Rewrite> = ({ uri, authority, uriRegexRewrite }, report, { isSet, hasUnreadFields }) => {
  if (uri && uriRegexRewrite)
    report(['uri'], conflict('uri and uriRegexRewrite both rewrite the path; only one of them may be set', ['uriRegexRewrite']), 'webhook');
  if (!uri && !uriRegexRewrite && !authority && !hasUnreadFields()) {
    report([], missing('uri', 'HTTPRewrite', "a rewrite has to change something: 'uri', 'uriRegexRewrite' or 'authority'"), 'webhook');
  }
  if (!uriRegexRewrite) return;
  for (const field of ['match', 'rewrite'] as const) {
    if (uriRegexRewrite[field]) continue;
    const path = ['uriRegexRewrite', field];
    if (isSet(path)) report(path, malformed('', 'a text; it is empty'), 'webhook');
    else report(['uriRegexRewrite'], missing(field, 'RegexRewrite', "it takes both 'match' and 'rewrite'"), 'webhook');
  }
};
