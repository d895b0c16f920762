/**
 * Names as Istio's validation reads them (pkg/config/labels/instance.go, pkg/config/validation/agent/validation.go).
 * Both cases are accepted, underscores are not, and a name may end in one dot.
 */
import type { Check } from '../field.ts';
import { isIpAddress, isIpOrCidr } from './ip-address.ts';
import { malformed } from './problem.ts';

const LABEL = /^[A-Za-z\d](?:[-A-Za-z\d]*[A-Za-z\d])?$/;
const WILDCARD_LABEL = /^(?:\*|(?:\*-?)?[A-Za-z\d](?:[-A-Za-z\d]*[A-Za-z\d])?)$/;
const MAX_LABEL = 63;
const MAX_NAME = 255;
const MAX_INT64 = 2n ** 63n - 1n;

/** One label of a host name; also the grammar of port, subset and namespace names. */
export function isDnsLabel(text: string): boolean {
  return text.length <= MAX_LABEL && LABEL.test(text);
}

/** A host name of labels and dots, as DNS could resolve it. One label is enough. */
export function isFqdn(name: string): boolean {
  return name !== '' && name.length <= MAX_NAME && hasGoodLabels(name);
}

/** A host name whose first label may be `*`, or start with `*` or `*-`. */
export function isWildcardDomain(name: string): boolean {
  if (name === '' || name.length > MAX_NAME) return false;
  const dot = name.indexOf('.');
  const first = dot === -1 ? name : name.slice(0, dot);
  if (first.length > MAX_LABEL || !WILDCARD_LABEL.test(first)) return false;
  return dot === -1 || hasGoodLabels(name.slice(dot + 1));
}

function hasGoodLabels(domain: string): boolean {
  const labels = domain.split('.');
  const last = labels.at(-1) ?? '';
  if (/^\d+$/.test(last) && BigInt(last) <= MAX_INT64) return false;
  return labels.every((label, index) => (label === '' && index === labels.length - 1) || isDnsLabel(label));
}

/**
 * What a text must be to be a host name, in words that fit what is wrong with it.
 * @param wildcard whether `*.` is allowed in front
 */
export function expectedHostName(text: string, wildcard: boolean): string {
  const kind = wildcard ? "a host name, like 'api.example.com' or '*.example.com'" : "a full host name, like 'api.example.com'";
  if (text === '') return `${kind}; it is empty`;
  if (/^[a-z][a-z\d+.-]*:\/\//i.test(text)) return `${kind}, without the scheme '${text.slice(0, text.indexOf('://') + 3)}'`;
  if (isIpOrCidr(text)) return `${kind}, not an IP address`;
  if (text.includes('/')) return `${kind}, without '/'`;
  if (/:\d*$/.test(text)) return `${kind}, without the port '${text.slice(text.lastIndexOf(':'))}'`;
  if (/\s/.test(text)) return `${kind}, without spaces`;
  if (text.includes('_')) return `${kind}, without '_'`;
  if (text.length > MAX_NAME) return `${kind}, of at most ${MAX_NAME} characters`;
  if (!wildcard && text.includes('*')) return `${kind}, without '*'`;
  if (text.includes('*', 1)) return `${kind}: '*' may stand only once, at the very start`;
  if (/(?:^|\.)\d+$/.test(text)) return `${kind}, whose last part is not a number`;
  return `${kind}: parts of letters, digits and '-', ${MAX_LABEL} at most in each, with dots between them`;
}

/** VS2, DR1 (webhook): a host name or wildcard. `*` alone is one. */
export const wildcardDomain: Check<string> = (value, report) => {
  if (!isWildcardDomain(value)) report([], malformed(value, expectedHostName(value, true)), 'webhook');
};

const NAMED_ADDRESS = 'write a name, which may be made up, and the address under spec.addresses; with resolution STATIC also under spec.endpoints';
const REGISTERED_ADDRESS = 'write the host of the ServiceEntry that has this address; if there is none, add one';

function notAnAddress(value: string, remedy: string, report: Parameters<Check<string>>[1]): void {
  report([], { ...malformed(value, expectedHostName(value, true)), remedy }, 'webhook');
}

/** SE2 (API server) and SE3 (webhook): a host name or wildcard, and not all hosts at once. */
export const registeredHost: Check<string> = (value, report, context) => {
  if (isIpOrCidr(value)) return notAnAddress(value, NAMED_ADDRESS, report);
  if (value !== '*') return wildcardDomain(value, report, context);
  report([], malformed(value, "a host name or a wildcard with a domain, like '*.example.com': '*' alone cannot be registered"), 'api-server');
};

/** VS23 (webhook): the host that a route leads to. */
export const destinationHost: Check<string> = (value, report, context) => {
  if (isIpAddress(value)) return notAnAddress(value, REGISTERED_ADDRESS, report);
  if (value !== '*') return wildcardDomain(value, report, context);
  report([], malformed(value, "the host of one registered service: '*' leads nowhere"), 'webhook');
};

/** DR10, VS23 (webhook): a subset's name. */
export const subsetName: Check<string> = (value, report) => {
  if (!isDnsLabel(value)) report([], malformed(value, expectedLabel(value)), 'webhook');
};

/** What a text must be to be one label, for port, subset and namespace names. */
export function expectedLabel(text: string): string {
  return `a name of letters, digits and '-', ${MAX_LABEL} characters at most, with a letter or digit at both ends${text === '' ? '; it is empty' : ''}`;
}
