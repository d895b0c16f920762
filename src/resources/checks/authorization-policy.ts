/** AuthorizationPolicies as a whole (pkg/config/validation/validation.go, ValidateAuthorizationPolicy; CEL rule `ap-sa-exclusive`). */
import type { Path } from '../../yaml/locate.ts';
import type { Check } from '../field.ts';
import { conflict, empty, missing, outOfRange } from './problem.ts';

interface Source {
  readonly [field: string]: readonly string[];
}

interface Rule {
  readonly from: readonly { readonly source?: Source }[];
  readonly when: readonly { readonly key?: string }[];
}

interface Policy {
  readonly action: string;
  readonly rules: readonly Rule[];
  readonly provider?: { readonly name?: string };
}

/** AP3 (webhook): without rules DENY and CUSTOM never match anything. ALLOW without rules allows nothing, which is a use. */
export const someRule: Check<Policy> = ({ action, rules }, report, { isSet, hasUnreadFields }) => {
  if ((action !== 'DENY' && action !== 'CUSTOM') || rules.length > 0 || hasUnreadFields()) return;
  const why = `a policy with action ${action} and without rules never applies; a rule that matches every request is written '- {}'`;
  if (isSet(['rules'])) report(['rules'], outOfRange('0 items', 'at least 1 item'), 'webhook');
  else report([], missing('rules', 'AuthorizationPolicy', why), 'webhook');
};

/** AP4 (webhook): a provider goes with CUSTOM, and CUSTOM with a provider. */
export const provider: Check<Policy> = ({ action, rules, provider: given }, report, { isSet, hasUnreadFields }) => {
  if (action !== 'CUSTOM') {
    if (given) report(['provider'], conflict(`only action CUSTOM asks a provider, and the action is ${action}`, ['action']), 'webhook');
  } else if (rules.length > 0 && !given?.name && !hasUnreadFields()) {
    const path: Path = isSet(['provider']) ? ['provider'] : [];
    const within = path.length > 0 ? 'ExtensionProvider' : 'AuthorizationPolicy';
    const why = 'action CUSTOM asks one of the extensionProviders of the mesh configuration, and has to say which';
    report(path, missing(path.length > 0 ? 'name' : 'provider', within, why), 'webhook');
  }
};

const IDENTITIES = ['namespaces', 'serviceAccounts', 'trustDomains', 'principals', 'requestPrincipals'];
const IDENTITY_FIELDS = IDENTITIES.flatMap((name) => [name, `not${name.charAt(0).toUpperCase()}${name.slice(1)}`]);
const IDENTITY_KEY = /^(?:source\.(?:namespace|serviceAccount|trustDomain|principal)$|request\.auth\.)/;

/** AP4 (webhook): who is asked by CUSTOM decides before identities are known. */
export const customAttributes: Check<Policy> = ({ action, rules }, report) => {
  if (action !== 'CUSTOM') return;
  const problem = () => conflict('action CUSTOM does not know who sends a request: its rules go by addresses, hosts, ports, methods and paths', ['action']);
  for (const [i, rule] of rules.entries()) {
    for (const [j, { source }] of rule.from.entries()) {
      for (const field of IDENTITY_FIELDS) if (source?.[field]?.length) report(['rules', i, 'from', j, 'source', field], problem(), 'webhook');
    }
    for (const [j, { key = '' }] of rule.when.entries()) if (IDENTITY_KEY.test(key)) report(['rules', i, 'when', j, 'key'], problem(), 'webhook');
  }
};

/** AP6 (API server: `ap-sa-exclusive`; empty lists count). */
export const serviceAccountsAlone: Check<unknown> = (_source, report, { isSet }) => {
  const [account] = ['serviceAccounts', 'notServiceAccounts'].filter((field) => isSet([field]));
  const others = ['principals', 'notPrincipals', 'namespaces', 'notNamespaces'].filter((field) => isSet([field]));
  if (account === undefined || others.length === 0) return;
  const why = 'a service account includes its namespace and is the principal, so one source takes either service accounts or the other two';
  report([account], conflict(why, ...others.map((field) => [field])), 'api-server');
};

/** AP5 (webhook): a source or an operation that says nothing. */
export const someAttribute =
  (name: 'Source' | 'Operation'): Check<Readonly<Record<string, readonly string[]>>> =>
  (value, report, { hasUnreadFields }) => {
    if (hasUnreadFields() || Object.values(value).some((list) => list.length > 0)) return;
    const [one, item] = name === 'Source' ? ["'principals', 'namespaces' or 'ipBlocks'", 'from'] : ["'hosts', 'ports', 'methods' or 'paths'", 'to'];
    report([], empty(`a mapping with at least one entry in ${one}`, `say what to match, or leave '${item}' out of the rule to match everything`), 'webhook');
  };

/** AP5 (webhook): an item of `from` or `to` without its only field. */
export const contentOf =
  (field: 'source' | 'operation', within: 'From' | 'To'): Check<Readonly<Record<string, unknown>>> =>
  (value, report, { hasUnreadFields }) => {
    if (value[field] !== undefined || hasUnreadFields()) return;
    report([], missing(field, within, `each item of '${within.toLowerCase()}' holds one ${field}`), 'webhook');
  };
