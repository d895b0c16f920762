/** Values of the Gateway API, as the patterns and CEL rules of its CRDs have them. The API server refuses, for everybody. */
import type { Path } from '../../yaml/locate.ts';
import type { Check } from '../field.ts';
import { conflict, duplicate, malformed, missing, outOfRange, repeated } from './problem.ts';

export { groupName, kindName } from './policy-target.ts';

const SUBDOMAIN = /^[a-z\d](?:[-a-z\d]*[a-z\d])?(?:\.[a-z\d](?:[-a-z\d]*[a-z\d])?)*$/;
const LABEL = /^[a-z\d](?:[-a-z\d]*[a-z\d])?$/;

const matching =
  (pattern: RegExp, expected: string): Check<string> =>
  (value, report) => {
    // What is empty is too short, which has been told.
    if (value !== '' && !pattern.test(value)) report([], malformed(value, expected), 'api-server');
  };

const LETTERS = "small letters, digits and '-'";

export const namespaceName = matching(LABEL, `a namespace: ${LETTERS}`);
export const sectionName = matching(SUBDOMAIN, `a name of ${LETTERS}, with a letter or digit at both ends`);
export const headerName = matching(/^[A-Za-z\d!#$%&'*+\-.^_`|~]+$/, "a header's name: letters, digits and '-', without spaces and colons");
export const headerValue = matching(/^[!-~]+(?:[\t ][!-~]+)*$/, 'plain ASCII text without double spaces or spaces at its ends');
export const duration = matching(/^(?:\d{1,5}(?:h|m|s|ms)){1,4}$/, "a duration with its unit, like '10s', '1m30s' or '500ms', and without decimal point");
export const urlPath = matching(/^(?:[-A-Za-z\d/._~!$&'()*+,;=:@]|%[\da-fA-F]{2})+$/, 'the path of a URL');
export const origin = matching(
  /^\*$|^https?:\/\/(?:(?:\*\.)?(?:[a-zA-Z\d-]+\.)*[a-zA-Z\d-]+|\*)(?::\d{1,5})?$/,
  "an origin, like 'https://shop.example.com', or '*'",
);
export const uri = matching(/^[^:/?#]+:\/\/[^/?#]*[^?#]*(?:\?[^#]*)?(?:#.*)?/, "a URI, like 'spiffe://cluster.local/ns/shop/sa/web'");
export const listenerProtocol = matching(
  /^[a-zA-Z\d](?:[-a-zA-Z\d]*[a-zA-Z\d])?$|[a-z\d](?:[-a-z\d]*[a-z\d])?(?:\.[a-z\d](?:[-a-z\d]*[a-z\d])?)*\/[A-Za-z\d]+$/,
  'a protocol: HTTP, HTTPS, TLS or TCP',
);
export const addressType = matching(
  /^Hostname|IPAddress|NamedAddress|[a-z\d](?:[-a-z\d]*[a-z\d])?(?:\.[a-z\d](?:[-a-z\d]*[a-z\d])?)*\/[A-Za-z\d/\-._~%!$&'()*+,;=:]+$/,
  "'IPAddress' or 'Hostname'",
);
export const controllerName = matching(
  /^[a-z\d](?:[-a-z\d]*[a-z\d])?(?:\.[a-z\d](?:[-a-z\d]*[a-z\d])?)*\/[A-Za-z\d/\-._~%!$&'()*+,;=:]+$/,
  "a domain and a path, like 'istio.io/gateway-controller'",
);
export const wellKnown = matching(
  /^(?:System|[a-z\d](?:[-a-z\d]*[a-z\d])?(?:\.[a-z\d](?:[-a-z\d]*[a-z\d])?)*\/(?:[A-Za-z\d][-A-Za-z\d_.]{0,61})?[A-Za-z\d])$/,
  "'System', the certificates of the proxy's own operating system",
);

/** A name without wildcard. */
export const preciseHostname: Check<string> = (value, report) => {
  if (value !== '' && !SUBDOMAIN.test(value)) report([], malformed(value, expectedName(value, false)), 'api-server');
};

/** A name that may start with `*.`. */
export const hostname: Check<string> = (value, report) => {
  const name = value.startsWith('*.') ? value.slice(2) : value;
  if (value !== '' && !SUBDOMAIN.test(name)) report([], malformed(value, expectedName(value, true)), 'api-server');
};

function expectedName(value: string, wildcard: boolean): string {
  const form = wildcard ? "a host name, like 'api.example.com' or '*.example.com'" : "a host name, like 'api.example.com'";
  if (/^[a-z][a-z\d+.-]*:\/\//i.test(value)) return `${form}, without the scheme`;
  if (/:\d+$/.test(value)) return `${form}, without the port`;
  if (SUBDOMAIN.test(value.toLowerCase())) return `${form}, in small letters`;
  return `${form}: ${LETTERS}, with dots between its parts`;
}

/** Items that a list may hold once, by their name. */
export const distinctNames: Check<readonly { readonly name?: string }[]> = (items, report) => {
  for (const { value, index, first } of repeated(items.map(({ name }) => name))) {
    report([index, 'name'], duplicate(value ?? '', [first, 'name'], 'the names of the list'), 'api-server');
  }
};

/** Values that a list may hold once. */
export const distinct: Check<readonly (string | number)[]> = (items, report) => {
  for (const { value, index, first } of repeated(items)) report([index], duplicate(value, [first], 'the items'), 'api-server');
};

/** A Service has several ports, so the one that is meant has to be said. */
export const servicePort: Check<{ readonly group?: string; readonly kind?: string; readonly name?: string; readonly port?: number }> = (
  { group = '', kind = 'Service', name, port },
  report,
  { isSet },
) => {
  if (group !== '' || kind !== 'Service' || port !== undefined || isSet(['port'])) return;
  report([], missing('port', 'BackendRef', `Service ${name ?? ''} may have several ports, so a reference to it says which is meant`), 'api-server');
};

interface Parent {
  readonly group?: string;
  readonly kind?: string;
  readonly name?: string;
  readonly namespace?: string;
  readonly sectionName?: string;
  readonly port?: number;
}

/** References to one parent are told apart by its sections or ports: either all have them or none. */
export const distinctParents: Check<readonly Parent[]> = (parents, report) => {
  const first = new Map<string, number>();
  const exact = new Map<string, number>();
  for (const [index, parent] of parents.entries()) {
    const { group = 'gateway.networking.k8s.io', kind = 'Gateway', name = '', namespace = '', sectionName = '', port = 0 } = parent;
    const identity = JSON.stringify([group, kind, name, namespace]);
    const whole = JSON.stringify([identity, sectionName, port]);
    const same = exact.get(whole);
    const earlier = parents[first.get(identity) ?? index];
    if (same !== undefined) report([index], duplicate(name, [same], 'the parents'), 'api-server');
    else if (earlier && (Boolean(earlier.sectionName) !== (sectionName !== '') || Boolean(earlier.port) !== (port !== 0))) {
      const why = `${kind} ${name} stands here twice, so each of the references needs a sectionName, or each a port`;
      report([index], conflict(why, [first.get(identity) ?? 0]), 'api-server');
    }
    if (!first.has(identity)) first.set(identity, index);
    if (same === undefined) exact.set(whole, index);
  }
};

export const wholeFraction: Check<{ readonly numerator?: number; readonly denominator?: number }> = ({ numerator = 0, denominator = 100 }, report) => {
  if (numerator > denominator) report(['numerator'], outOfRange(numerator, `0 to ${denominator}, the denominator`), 'api-server');
};

export const oneShare: Check<unknown> = (_mirror, report, { isSet }) => {
  if (isSet(['percent']) && isSet(['fraction']))
    report(['percent'], conflict('the share is said either in percent or as a fraction', ['fraction']), 'api-server');
};

export const sessionCookie: Check<{ readonly type: string; readonly cookieConfig?: { readonly lifetimeType: string } }> = (value, report, { isSet }) => {
  if (!value.cookieConfig) return;
  if (value.type !== 'Cookie') report(['cookieConfig'], conflict('cookies are for type Cookie only', ['type']), 'api-server');
  if (value.cookieConfig.lifetimeType === 'Permanent' && !isSet(['absoluteTimeout'])) {
    report([], missing('absoluteTimeout', 'SessionPersistence', 'a permanent cookie needs an end'), 'api-server');
  }
};

/**
 * A filter is what its type says: that field has to be there, and no other.
 * @param fields the field of each type
 */
export const filterOfType =
  (fields: Readonly<Record<string, string>>): Check<{ readonly type?: string }> =>
  ({ type }, report, { isSet }) => {
    if (type === undefined || !isSet(['type'])) return;
    const due = Object.hasOwn(fields, type) ? fields[type] : undefined;
    if (due !== undefined && !isSet([due])) report([], missing(due, 'filter', `a filter of type ${type} says under '${due}' what it does`), 'api-server');
    for (const field of Object.values(fields)) {
      if (field === due || !isSet([field])) continue;
      report([field], conflict(`a filter of type ${type} holds nothing but '${due ?? 'type'}'`, ['type']), 'api-server');
    }
  };

/** Filters of which a list may hold one. */
export const filtersOnce =
  (...types: readonly string[]): Check<readonly { readonly type?: string }[]> =>
  (filters, report) => {
    const limited = filters.map(({ type }) => (type !== undefined && types.includes(type) ? type : undefined));
    for (const { value, index, first } of repeated(limited)) {
      const path: Path = [first, 'type'];
      report([index, 'type'], duplicate(value ?? '', path, 'the filters of the list'), 'api-server');
    }
  };
