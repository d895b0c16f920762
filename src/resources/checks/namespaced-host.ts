/** Hosts `namespace/dnsName` of Gateways and Sidecars (pkg/config/validation/agent, ValidateNamespaceSlashWildcardHostname). */
import type { Check } from '../field.ts';
import { expectedHostName, isDnsLabel, isWildcardDomain } from './host-name.ts';
import { isIpAddress } from './ip-address.ts';
import { malformed } from './problem.ts';

/** GW3 (webhook): a host of a server, its namespace part being optional. */
export const serverHost: Check<string> = (value, report) => {
  const expected = expectedServerHost(value);
  if (expected !== undefined) report([], malformed(value, expected), 'webhook');
};

/** SC7 (webhook): an egress host. One without a slash is the rule sidecar-host-format's. */
export const egressHost: Check<string> = (value, report) => {
  const expected = expectedEgressHost(value);
  if (expected !== undefined) report([], malformed(value, expected), 'webhook');
};

function expectedServerHost(value: string): string | undefined {
  if (value.includes('://')) return expectedHostName(value, true);
  const slash = value.indexOf('/');
  const name = value.slice(slash + 1);
  if (slash !== -1) {
    const namespace = value.slice(0, slash);
    if (namespace === '') return `'${name}' or 'namespace/${name}'; the part before the slash is empty`;
    if (namespace !== '*' && namespace !== '.' && !isDnsLabel(namespace)) return `a host whose part before the slash is a namespace, '.' or '*'`;
  }
  return isIpAddress(name) && name.includes('.') ? undefined : expectedName(name, true);
}

function expectedEgressHost(value: string): string | undefined {
  const slash = value.indexOf('/');
  if (slash === -1) return value === '' ? "'namespace/dnsName'; it is empty" : undefined;
  const namespace = value.slice(0, slash);
  const name = value.slice(slash + 1);
  if (namespace === '') return `'./${name}' (own namespace), '*/${name}' (any) or 'namespace/${name}'; the part before the slash is empty`;
  const excluded = namespace.startsWith('~') ? namespace.slice(1) : namespace;
  if (excluded !== '' && excluded !== '*' && excluded !== '.' && !isDnsLabel(excluded)) {
    return "'namespace/dnsName' whose first part is a namespace, '.' (the own one), '*' (any) or '~' (none)";
  }
  return expectedName(name, false);
}

/** The part behind the slash: every host, or one that DNS could have. */
function expectedName(name: string, isServer: boolean): string | undefined {
  if (name === '*') return undefined;
  const place = isServer ? 'a host' : "'namespace/dnsName' whose second part is a host";
  if (name === '') return isServer ? "a host, or 'namespace/host'; the host is empty" : `${place}; that part is empty`;
  if (!isWildcardDomain(name)) return isServer ? expectedHostName(name, true) : `'namespace/dnsName' whose second part is ${expectedHostName(name, true)}`;
  if (!name.includes('.')) return `${place} with a dot in it, like 'api.example.com' or '${name}.shop.svc.cluster.local': short names are not expanded here`;
  if (name.includes('*') && !name.startsWith('*.')) return `${place} in which '*' stands for whole labels, like '*.example.com'`;
  return undefined;
}
