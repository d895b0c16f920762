/** VirtualServices as a whole (pkg/config/validation/validation.go, ValidateVirtualService). */
import type { Path } from '../../yaml/locate.ts';
import type { Check, ProblemDetail } from '../field.ts';
import { isClaim } from './header.ts';
import { expectedHostName, isDnsLabel, isWildcardDomain } from './host-name.ts';
import { isIpAddress } from './ip-address.ts';
import { conflict, duplicate, leftOut, malformed, missing, outOfRange } from './problem.ts';

interface TlsMatch {
  readonly sniHosts: readonly string[];
}

interface HttpMatch {
  readonly headers: Readonly<Record<string, unknown>>;
  readonly withoutHeaders: Readonly<Record<string, unknown>>;
}

interface Spec {
  readonly hosts: readonly string[];
  readonly gateways: readonly string[];
  readonly http: readonly { readonly match: readonly HttpMatch[]; readonly delegate?: unknown }[];
  readonly tls: readonly { readonly match: readonly TlsMatch[] }[];
  readonly tcp: readonly unknown[];
}

/** Bound to gateways alone: a list of gateways without `mesh`. */
const isForGatewaysOnly = ({ gateways }: Pick<Spec, 'gateways'>): boolean => gateways.length > 0 && !gateways.includes('mesh');

/** VS1 (webhook): without hosts it is a delegate, which another VirtualService binds, and which has HTTP rules only. */
export const delegate: Check<Spec> = ({ hosts, gateways, tls, tcp, http }, report, { hasUnreadFields }) => {
  if (hosts.length > 0 || hasUnreadFields()) return;
  const field = gateways.length > 0 ? 'gateways' : tls.length > 0 ? 'tls' : tcp.length > 0 ? 'tcp' : undefined;
  if (field) {
    const why = `a VirtualService without hosts is a delegate, which may not have '${field}'`;
    report([], missing('hosts', 'VirtualService', why), 'webhook');
    return;
  }
  for (const [index, rule] of http.entries()) {
    if (rule.delegate) report(['http', index, 'delegate'], leftOut('', 'a delegate (a VirtualService without hosts) cannot delegate further'), 'webhook');
  }
};

/** VS5 (webhook). */
export const someRule: Check<Spec> = ({ http, tls, tcp }, report, { isSet, hasUnreadFields }) => {
  if (http.length + tls.length + tcp.length > 0 || hasUnreadFields()) return;
  const written = ['http', 'tls', 'tcp'].find((field) => isSet([field]));
  if (written) report([written], outOfRange('0 items', "at least one rule in 'http', 'tls' or 'tcp'"), 'webhook');
  else report([], missing('http', 'VirtualService', "a VirtualService without a rule in 'http', 'tls' or 'tcp' routes nothing"), 'webhook');
};

/** VS2 and VS3 (webhook): names, wildcards and addresses; `*` for gateways only. */
export const hosts: Check<Spec> = (spec, report) => {
  const forGateways = isForGatewaysOnly(spec);
  const mayBeAutomatic = forGateways && spec.tls.some(({ match }) => match.some(({ sniHosts }) => sniHosts.length > 0));
  for (const [index, host] of spec.hosts.entries()) {
    if (host === '*' && !forGateways) {
      const expected =
        "one host or a wildcard with a domain, like '*.example.com', unless only gateways are named in 'gateways': sidecars ('mesh') take no '*'";
      report(['hosts', index], malformed(host, expected), 'webhook');
    } else if (!isHost(host, mayBeAutomatic)) report(['hosts', index], malformed(host, expectedHostName(host, true)), 'webhook');
  }
};

/** VS26, first half (webhook): the form of a server name. Whether `hosts` cover it is the rule sni-outside-hosts'. */
export const serverNames: Check<Spec> = (spec, report) => {
  // Unlike for hosts, an omitted list of gateways counts as one without `mesh` here.
  const mayBeAutomatic = !spec.gateways.includes('mesh');
  for (const [i, { match }] of spec.tls.entries()) {
    for (const [j, { sniHosts }] of match.entries()) {
      for (const [k, host] of sniHosts.entries()) {
        const path: Path = ['tls', i, 'match', j, 'sniHosts', k];
        if (!isHost(host, mayBeAutomatic)) report(path, malformed(host, expectedHostName(host, true)), 'webhook');
      }
    }
  }
};

function isHost(host: string, mayBeAutomatic: boolean): boolean {
  if (mayBeAutomatic && host.startsWith('outbound_')) return isAutomaticName(host);
  return isWildcardDomain(host) || isIpAddress(host);
}

/** `outbound_.80_._.api.example.com`: the server name by which sidecars of two networks call each other (AUTO_PASSTHROUGH). */
function isAutomaticName(host: string): boolean {
  if (host.length > 255) return false;
  const [, port = '', , name] = host.split('_');
  return name !== undefined && /\d/.test(port) && /[A-Za-z]/.test(name);
}

/** VS4 (webhook): hosts of one VirtualService that have a name in common. Looked at only once all of them are well formed. */
export const distinctHosts: Check<Spec> = (spec, report) => {
  const forGateways = isForGatewaysOnly(spec);
  if (!spec.hosts.every((host) => isHost(host, forGateways) && (forGateways || host !== '*'))) return;
  const firstOf = new Map<string, number>();
  const wildcards: string[] = [];
  for (const [index, host] of spec.hosts.entries()) {
    const isWildcard = host.startsWith('*');
    // Exact names are looked up; only wildcards are compared one by one.
    const rivals = isWildcard ? [...firstOf.keys()] : wildcards;
    const earlier = firstOf.has(host) ? host : rivals.find((rival) => overlap(rival, host));
    if (earlier !== undefined) report(['hosts', index], collision(host, earlier, firstOf.get(earlier) ?? 0), 'webhook');
    else firstOf.set(host, index);
    if (isWildcard) wildcards.push(host);
  }
};

/** Whether two hosts, of which at least one is a wildcard, have a name in common. */
function overlap(a: string, b: string): boolean {
  const [suffixOfA, suffixOfB] = [a, b].map((host) => (host.startsWith('*') ? host.slice(1) : undefined));
  return (suffixOfA !== undefined && b.endsWith(suffixOfA)) || (suffixOfB !== undefined && a.endsWith(suffixOfB));
}

function collision(host: string, earlier: string, first: number): ProblemDetail {
  if (earlier === host) return duplicate(host, ['hosts', first], 'the hosts');
  return conflict(`'${earlier}' and '${host}' have names in common, which hosts of one VirtualService may not`, ['hosts', first]);
}

/** VS8 (webhook): gateways alone verify JWTs early enough to route by them. */
export const claimsAtGateways: Check<Spec> = (spec, report) => {
  if (isForGatewaysOnly(spec)) return;
  for (const [i, { match }] of spec.http.entries()) {
    for (const [j, each] of match.entries()) {
      for (const field of ['headers', 'withoutHeaders'] as const) {
        const claim = Object.keys(each[field]).find(isClaim);
        if (claim === undefined) continue;
        const why = "requests are routed by claims of a JWT at gateways only: 'gateways' has to be set, and may not contain 'mesh'";
        report(['http', i, 'match', j, field, claim], conflict(why, ['gateways']), 'webhook');
      }
    }
  }
};

/** VS10 (webhook). */
export const sourceNamespace: Check<string> = (value, report) => {
  if (value !== '' && !isDnsLabel(value)) report([], malformed(value, 'the name of one namespace'), 'webhook');
};
