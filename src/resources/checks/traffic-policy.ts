/** DestinationRules as a whole (validateTrafficPolicy, validateOutlierDetection, validateTunnelSettings, validateExportTo). */
import type { Check } from '../field.ts';
import { expectedHostName, isDnsLabel, isFqdn } from './host-name.ts';
import { isIpAddress } from './ip-address.ts';
import { conflict, duplicate, empty, malformed, missing, outOfRange, repeated } from './problem.ts';

const SOMETHING = "a mapping with at least one setting in it, such as 'tls' or 'connectionPool'";
const REMEDY = 'write the setting that is meant, or remove the empty policy';

interface PortPolicy {
  readonly loadBalancer?: unknown;
  readonly connectionPool?: unknown;
  readonly outlierDetection?: unknown;
  readonly tls?: unknown;
}

interface Policy extends PortPolicy {
  readonly portLevelSettings: readonly unknown[];
  readonly tunnel?: unknown;
  readonly proxyProtocol?: unknown;
  readonly retryBudget?: unknown;
}

const setsForPorts = ({ loadBalancer, connectionPool, outlierDetection, tls }: PortPolicy): boolean =>
  Boolean(loadBalancer || connectionPool || outlierDetection || tls);

/** DR2 (webhook): a policy that sets nothing. */
export const somePolicy: Check<Policy> = (policy, report, { hasUnreadFields }) => {
  const { portLevelSettings, tunnel, proxyProtocol, retryBudget } = policy;
  if (setsForPorts(policy) || portLevelSettings.length > 0 || tunnel || proxyProtocol || retryBudget || hasUnreadFields()) return;
  report([], empty(SOMETHING, REMEDY), 'webhook');
};

/** DR3 (webhook). */
export const tunnelOrProxyProtocol: Check<Policy> = ({ tunnel, proxyProtocol }, report) => {
  if (tunnel && proxyProtocol)
    report(['proxyProtocol'], conflict('a connection goes through a tunnel or starts with the PROXY protocol, not both', ['tunnel']), 'webhook');
};

/** DR9 (webhook): settings for a port that is not said. Which number it is does not matter to Istio's validation. */
export const settingsPort: Check<PortPolicy & { readonly port?: unknown }> = ({ port }, report, { hasUnreadFields }) => {
  if (!port && !hasUnreadFields()) report([], missing('port', 'PortTrafficPolicy', "it says which of the service's ports the settings are for"), 'webhook');
};

/** DR9 (webhook): settings for a port that set nothing. */
export const somePortSetting: Check<PortPolicy> = (policy, report, { hasUnreadFields }) => {
  if (setsForPorts(policy) || hasUnreadFields()) return;
  report([], { ...empty(SOMETHING, REMEDY), value: 'a port without settings' }, 'webhook');
};

/** DR4 (webhook): where the tunnel leads. */
export const tunnelHost: Check<string> = (value, report) => {
  if (!isFqdn(value) && !isIpAddress(value)) report([], malformed(value, `an IP address, or ${expectedHostName(value, false)}`), 'webhook');
};

const TUNNEL_PROTOCOLS: readonly string[] = ['CONNECT', 'POST'];

/** DR4 (webhook): the method that opens the tunnel, in capitals. */
export const tunnelProtocol: Check<string> = (value, report) => {
  if (value !== '' && !TUNNEL_PROTOCOLS.includes(value)) report([], { type: 'unknown-value', value, allowed: TUNNEL_PROTOCOLS }, 'webhook');
};

/** DR12 (webhook): failures to connect are counted apart only on request. */
export const splitOriginErrors: Check<{ readonly splitExternalLocalOriginErrors?: boolean; readonly consecutiveLocalOriginFailures?: number }> = (
  { splitExternalLocalOriginErrors, consecutiveLocalOriginFailures = 0 },
  report,
  { isSet },
) => {
  if (splitExternalLocalOriginErrors || consecutiveLocalOriginFailures === 0) return;
  const field = 'splitExternalLocalOriginErrors';
  const why = `consecutiveLocalOriginFailures works only with ${field}: true`;
  if (isSet([field])) report(['consecutiveLocalOriginFailures'], conflict(why, [field]), 'webhook');
  else report([], missing(field, 'OutlierDetection', why), 'webhook');
};

/** DR12 (webhook). */
export const percentage: Check<number> = (value, report) => {
  if (value < 0 || value > 100) report([], outOfRange(value, '0 to 100'), 'webhook');
};

/** DR10 (webhook). */
export const uniqueSubsets: Check<readonly { readonly name?: string }[]> = (subsets, report) => {
  for (const { value, index, first } of repeated(subsets.map(({ name }) => name))) {
    report([index, 'name'], duplicate(value ?? '', [first, 'name'], 'the subsets of the rule'), 'webhook');
  }
};

/** DR20 (webhook): a rule for some workloads is private to its namespace. Entries that are no namespace at all have a problem of their own. */
export const privateWithSelector: Check<{ readonly exportTo: readonly string[]; readonly workloadSelector?: unknown }> = (rule, report, { namespace }) => {
  if (!rule.workloadSelector) return;
  const valid = rule.exportTo.filter((entry) => entry === '.' || entry === '*' || isDnsLabel(entry));
  const [only, ...more] = new Set(valid.map((entry) => (entry === '.' ? (namespace ?? '.') : entry)));
  const isOwn = only === '.' || only === namespace || (only !== '*' && namespace === undefined);
  if (only === undefined || (isOwn && more.length === 0)) return;
  const why = "a rule with a workloadSelector is for workloads of its own namespace, so exportTo may say '.' at most";
  report(['exportTo'], conflict(why, ['workloadSelector']), 'webhook');
};
