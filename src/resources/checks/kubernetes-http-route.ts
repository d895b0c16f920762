/** HTTPRoutes and GRPCRoutes of the Gateway API (CEL rules of their CRDs). The API server refuses, for everybody. */
import type { Path } from '../../yaml/locate.ts';
import type { Check, ReportProblem } from '../field.ts';
import { parseDuration } from './duration.ts';
import { conflict, malformed, missing, outOfRange } from './problem.ts';

interface PathModifier {
  readonly type?: string;
  readonly replacePrefixMatch?: string;
}

interface Filter {
  readonly type?: string;
  readonly requestRedirect?: { readonly path?: PathModifier };
  readonly urlRewrite?: { readonly path?: PathModifier };
}

interface Rule {
  readonly matches: readonly { readonly path?: { readonly type: string } }[];
  readonly filters: readonly Filter[];
  readonly backendRefs: readonly { readonly filters: readonly Filter[] }[];
}

const STATUS: readonly number[] = [301, 302, 303, 307, 308];

export const redirectStatus: Check<number> = (value, report) => {
  if (!STATUS.includes(value)) report([], outOfRange(value, `${STATUS.slice(0, -1).join(', ')} or ${STATUS.at(-1)}`), 'api-server');
};

export const starAlone: Check<readonly string[]> = (items, report) => {
  if (items.length > 1 && items.includes('*')) report([items.indexOf('*')], conflict("'*' stands for all, so nothing stands beside it"), 'api-server');
};

/** What is replaced is said in the field of that name. */
export const pathOfType: Check<{ readonly type?: string }> = ({ type }, report, { isSet }) => {
  if (type === undefined || !isSet(['type'])) return;
  for (const [name, field] of Object.entries({ ReplaceFullPath: 'replaceFullPath', ReplacePrefixMatch: 'replacePrefixMatch' })) {
    if (type === name && !isSet([field])) report([], missing(field, 'HTTPPathModifier', `type ${type} says there what comes instead`), 'api-server');
    if (type !== name && isSet([field])) report([field], conflict(`'${field}' goes with type ${name}`, ['type']), 'api-server');
  }
};

/** Who is asked speaks one protocol, and is described under it. */
export const authOfProtocol: Check<{ readonly protocol?: string }> = ({ protocol }, report, { isSet }) => {
  if (protocol === undefined || !isSet(['protocol'])) return;
  for (const [name, field] of Object.entries({ GRPC: 'grpc', HTTP: 'http' })) {
    if (protocol === name && !isSet([field])) report([], missing(field, 'HTTPExternalAuthFilter', `protocol ${name} is described there`), 'api-server');
    if (protocol !== name && isSet([field])) report([field], conflict(`'${field}' goes with protocol ${name}`, ['protocol']), 'api-server');
  }
};

export const redirectOrRewrite: Check<readonly Filter[]> = (filters, report) => {
  const redirect = filters.findIndex(({ type }) => type === 'RequestRedirect');
  const rewrite = filters.findIndex(({ type }) => type === 'URLRewrite');
  if (redirect === -1 || rewrite === -1) return;
  report([rewrite], conflict('a request that is redirected goes nowhere else, so there is nothing to rewrite', [redirect]), 'api-server');
};

/** A redirect is the answer, so that no backend is asked. */
export const redirectOrBackend: Check<Rule> = ({ filters, backendRefs }, report) => {
  const index = filters.findIndex(({ requestRedirect }) => requestRedirect);
  if (index === -1 || backendRefs.length === 0) return;
  report(['backendRefs'], conflict('the rule answers with a redirect, so no backend gets the request', ['filters', index]), 'api-server');
};

/** The prefix that is replaced is the one that was matched, which there has to be, once. */
export const replacedPrefix: Check<Rule> = ({ matches, filters, backendRefs }, report, { isSet }) => {
  const [only] = matches;
  // Without matches the API server fills in the prefix '/', and without a type the type PathPrefix.
  const isGood = !isSet(['matches']) || (matches.length === 1 && (only?.path === undefined || only.path.type === 'PathPrefix'));
  if (isGood) return;
  prefixes(filters, ['filters'], report);
  for (const [index, backend] of backendRefs.entries()) prefixes(backend.filters, ['backendRefs', index, 'filters'], report);
};

function prefixes(filters: readonly Filter[], at: Path, report: ReportProblem): void {
  for (const [index, filter] of filters.entries()) {
    for (const field of ['requestRedirect', 'urlRewrite'] as const) {
      const path = filter[field]?.path;
      if (path?.type !== 'ReplacePrefixMatch' || path.replacePrefixMatch === undefined) continue;
      const why = 'the prefix that a match found is replaced, so the rule needs exactly one match, of type PathPrefix';
      report([...at, index, field, 'path', 'replacePrefixMatch'], conflict(why, ['matches']), 'api-server');
    }
  }
}

const PATH = /^(?:[-A-Za-z\d/._~!$&'()*+,;=:@]|%[\da-fA-F]{2})+$/;

/** Paths are compared as they come in, so they are written in their plainest form. */
export const plainPath: Check<{ readonly type: string; readonly value?: string }> = ({ type, value }, report) => {
  if (type === 'RegularExpression' || value === undefined) return;
  const expected = expectedPath(value);
  if (expected !== undefined) report(['value'], malformed(value, expected), 'api-server');
};

function expectedPath(value: string): string | undefined {
  if (!value.startsWith('/')) return "a path that starts with '/'";
  if (value.includes('//')) return "a path without '//'";
  if (/\/\.\.?(?:\/|$)/.test(value)) return "a path without '.' and '..'";
  if (/%2f/i.test(value)) return "a path without the escaped slash '%2F'";
  return PATH.test(value) ? undefined : 'a path of the characters that a URL may have, others escaped';
}

export const timeouts: Check<{ readonly request?: string; readonly backendRequest?: string }> = ({ request, backendRequest }, report) => {
  const whole = parseDuration(request ?? '') ?? 0n;
  const single = parseDuration(backendRequest ?? '') ?? 0n;
  if (whole > 0n && single > whole)
    report(['backendRequest'], outOfRange(backendRequest ?? '', `at most ${request}, the timeout of the request`), 'api-server');
};

const MAX_MATCHES = 128;

export const fewMatches: Check<readonly { readonly matches: readonly unknown[] }[]> = (rules, report) => {
  const count = rules.reduce((sum, { matches }) => sum + matches.length, 0);
  if (count > MAX_MATCHES) report([], outOfRange(`${count} matches`, `at most ${MAX_MATCHES} matches in all rules`), 'api-server');
};

interface MethodMatch {
  readonly type: string;
  readonly service?: string;
  readonly method?: string;
}

/** A gRPC method is matched by its service, its own name, or both. */
export const grpcMethod: Check<MethodMatch> = ({ type, service, method }, report, { isSet }) => {
  if (!isSet(['service']) && !isSet(['method'])) report([], missing('service', 'GRPCMethodMatch', 'a service, a method, or both are matched'), 'api-server');
  if (type !== 'Exact') return;
  if (service !== undefined && !/^\.?[a-z_]\w*(?:\.[a-z_]\w*)*$/i.test(service)) {
    report(['service'], malformed(service, "the full name of a gRPC service, like 'shop.v1.Cart'"), 'api-server');
  }
  if (method !== undefined && !/^[A-Za-z_]\w*$/.test(method)) report(['method'], malformed(method, "the name of a gRPC method, like 'GetItem'"), 'api-server');
};
