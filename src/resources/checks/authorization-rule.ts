/** Values within the rules of AuthorizationPolicies (pkg/config/security/security.go). */
import type { Path } from '../../yaml/locate.ts';
import type { Check, ReportProblem } from '../field.ts';
import { isIpOrCidr } from './ip-address.ts';
import { malformed, missing } from './problem.ts';

/** AP5 (webhook): lists that are matched hold no empty text. */
export const someText: Check<string> = (value, report) => {
  if (value === '') report([], malformed(value, 'some text: an empty value matches nothing'), 'webhook');
};

/** AP6 (webhook). */
export const serviceAccount: Check<string> = (value, report) => {
  const expected = expectedServiceAccount(value);
  if (expected !== undefined) report([], malformed(value, expected), 'webhook');
};

function expectedServiceAccount(value: string): string | undefined {
  const form = "a service account, 'name' or 'namespace/name'";
  if (value === '') return `${form}; it is empty`;
  if (value.includes('*')) return `${form}, without '*'`;
  const parts = value.split('/');
  if (parts.length > 2 || parts.includes('')) return form;
  return undefined;
}

/** AP6 (webhook): `*` at one end, and no slash. */
export const trustDomain: Check<string> = (value, report) => {
  const expected = value.includes('/') ? "a trust domain, like 'cluster.local', without '/'" : expectedWildcard(value);
  if (expected !== undefined) report([], malformed(value, expected), 'webhook');
};

function expectedWildcard(value: string): string | undefined {
  const form = "a trust domain, like 'cluster.local'";
  if (value === '') return `${form}; it is empty`;
  const inside = value.slice(1, -1).includes('*');
  const both = value.length > 1 && value.startsWith('*') && value.endsWith('*');
  return inside || both ? `${form}, with at most one '*', at its start or end` : undefined;
}

const isPort = (value: string): boolean => /^\d+$/.test(value) && Number(value) <= 65_535;

/** AP7 (webhook): one number; Istio knows no ranges here. */
export const portText: Check<string> = (value, report) => {
  if (!isPort(value)) report([], malformed(value, "one port from 0 to 65535, like '8443'; each port is an item of its own"), 'webhook');
};

const LITERAL = /^[a-zA-Z\d\-._~%!$&'()+,;:@=]+$/;

/** AP5, AP8 (webhook): a path, in which `{*}` stands for one segment and, at most once and as the last of them, `{**}` for any number. */
export const pathTemplate: Check<string> = (value, report, context) => {
  if (value === '') someText(value, report, context);
  const expected = expectedPath(value);
  if (expected !== undefined) report([], malformed(value, expected), 'webhook');
};

function expectedPath(value: string): string | undefined {
  const isTemplate = value.includes('{*}') || value.includes('{**}');
  let hasRest = false;
  for (const segment of value.replace(/^\/+|\/+$/g, '').split('/')) {
    if (segment === '{*}' || segment === '{**}') {
      if (hasRest) return "a path in which no '{*}' or '{**}' follows '{**}'";
      hasRest = segment === '{**}';
    } else if (/[{}]/.test(segment)) {
      return "a path in which braces stand only as the whole segments '{*}' (one segment) and '{**}' (any number)";
    } else if (isTemplate && !LITERAL.test(segment)) {
      return `a path with '{*}' or '{**}' whose other segments are plain text; '${segment}' is not`;
    }
  }
  return undefined;
}

/** Attributes that a condition can name (security.go, ValidateAttribute). Those in the second set are followed by a name in brackets. */
const PLAIN = [
  'source.ip',
  'remote.ip',
  'source.namespace',
  'source.serviceAccount',
  'source.principal',
  'source.trustDomain',
  'request.auth.principal',
  'request.auth.audiences',
  'request.auth.presenter',
  'destination.ip',
  'destination.port',
  'connection.sni',
];
const BRACKETED = ['request.headers', 'request.auth.claims', 'experimental.envoy.filters.'];

/** AP9 (webhook). */
export const attribute: Check<string> = (value, report) => {
  if (value === '' || PLAIN.includes(value)) {
    if (value === '') report([], malformed(value, "the name of an attribute, like 'connection.sni'; it is empty"), 'webhook');
    return;
  }
  const prefix = BRACKETED.find((name) => value.startsWith(name));
  if (prefix !== undefined) {
    const open = value.indexOf('[');
    const isWhole = value.endsWith(']') && open > 0 && open < value.length - 2;
    if (!isWhole) report([], malformed(value, `'${value.replace(/\[.*/, '')}[name]', with a name in brackets`), 'webhook');
  } else if (/^destination\.(?:name|user|namespace|labels)/.test(value)) {
    const where = 'the namespace and the selector of the policy say for whom it is';
    report([], malformed(value, `an attribute that this API has; ${where}`), 'webhook');
  } else {
    report([], { type: 'unknown-value', value, allowed: [...PLAIN, ...BRACKETED.slice(0, 2).map((name) => `${name}[name]`)] }, 'webhook');
  }
};

interface Condition {
  readonly key?: string;
  readonly values: readonly string[];
  readonly notValues: readonly string[];
}

/** AP9 (webhook). */
export const someValue: Check<Condition> = ({ key, values, notValues }, report, { hasUnreadFields }) => {
  if (!key || values.length > 0 || notValues.length > 0 || hasUnreadFields()) return;
  report([], missing('values', 'Condition', `a condition on ${key} needs values or notValues to compare with`), 'webhook');
};

/** AP9 (webhook): the form of the values is the attribute's. */
export const attributeValues: Check<Condition> = ({ key = '', values, notValues }, report, context) => {
  for (const [field, list] of Object.entries({ values, notValues })) {
    for (const [index, value] of list.entries()) {
      const at: ReportProblem = (path: Path, ...rest) => report([field, index, ...path], ...rest);
      if (value === '') someText(value, at, context);
      else checkOf(key)?.(value, at, context);
    }
  }
};

function checkOf(key: string): Check<string> | undefined {
  switch (key) {
    case 'source.ip':
    case 'remote.ip':
    case 'destination.ip':
      return (value, report) => {
        if (!isIpOrCidr(value)) report([], malformed(value, "an IP address or a range of them, like '192.0.2.0/24'"), 'webhook');
      };
    case 'destination.port':
      return portText;
    case 'source.serviceAccount':
      return serviceAccount;
    case 'source.trustDomain':
      return (value, report) => {
        const expected = expectedWildcard(value);
        if (expected !== undefined) report([], malformed(value, expected), 'webhook');
      };
    default:
      return undefined;
  }
}
