/** Load balancing of a DestinationRule (validateLoadBalancer; pkg/config/validation/agent: ValidateLocalityLbSetting, ValidateZoneAwareLbSetting). */
import type { Check, ReportProblem } from '../field.ts';
import { localities } from './locality.ts';
import { conflict, duplicate, malformed, missing, outOfRange, repeated } from './problem.ts';

const TOPOLOGY: ReadonlySet<string> = new Set(['topology.kubernetes.io/region', 'topology.kubernetes.io/zone', 'topology.istio.io/subzone']);
const MAX_TABLE = 5_000_011;

/** DR15 (webhook): a name that is written and empty; one that is missing is the API server's matter. */
export const someName: Check<string> = (value, report) => {
  if (value === '') report([], malformed(value, 'a name; it is empty'), 'webhook');
};

/** DR15 (webhook). */
export const uniqueAttributes: Check<readonly { readonly name?: string }[]> = (attributes, report) => {
  for (const { value, index, first } of repeated(attributes.map(({ name }) => name))) {
    report([index, 'name'], duplicate(value ?? '', [first, 'name'], 'the attributes of the cookie'), 'webhook');
  }
};

/** DR15 (webhook): Maglev's table. */
export const maglevTable: Check<{ readonly tableSize?: number }> = ({ tableSize = 0 }, report, { isSet }) => {
  if (tableSize === 0 && !isSet(['tableSize'])) report([], missing('tableSize', 'MagLev', 'the table needs a size, a prime number such as 65537'), 'webhook');
  else if (tableSize >= MAX_TABLE) report(['tableSize'], outOfRange(tableSize, `at most ${MAX_TABLE - 1}`), 'webhook');
  else if (tableSize >= 0 && !isPrime(tableSize)) report(['tableSize'], malformed(tableSize, 'a prime number, such as 65537'), 'webhook');
};

/** Envoy's test takes 1 for a prime. */
function isPrime(number: number): boolean {
  if (number < 4) return number !== 0;
  if (number % 2 === 0) return false;
  for (let factor = 3; factor * factor <= number; factor += 2) if (number % factor === 0) return false;
  return true;
}

/** DR15 (webhook): the deprecated size of the ring beside an algorithm. */
export const oneRingSize: Check<{ readonly minimumRingSize?: number; readonly ringHash?: unknown; readonly maglev?: unknown }> = (hash, report) => {
  const algorithm = hash.ringHash ? 'ringHash' : 'maglev';
  if (!hash.minimumRingSize || !hash[algorithm]) return;
  report(['minimumRingSize'], conflict(`minimumRingSize is the old form of ringHash.minimumRingSize; ${algorithm} is set as well`, [algorithm]), 'webhook');
};

/** DR17 (webhook). */
export const oneLocalitySetting: Check<{ readonly localityLbSetting?: unknown; readonly zoneAwareLbSetting?: unknown }> = (settings, report) => {
  if (!settings.localityLbSetting || !settings.zoneAwareLbSetting) return;
  report(['zoneAwareLbSetting'], conflict('only one of localityLbSetting and zoneAwareLbSetting may be set', ['localityLbSetting']), 'webhook');
};

interface Failover {
  readonly from?: string;
  readonly to?: string;
}

/** DR17 (webhook): a failover leads from one region to another, both named in full. */
export const failoverRegions: Check<Failover> = ({ from = '', to = '' }, report) => {
  for (const [field, region] of [['from', from] as const, ['to', to] as const]) {
    if (/[/*]/.test(region)) report([field], malformed(region, "the name of a region, without zone ('/') and '*'"), 'webhook');
  }
  if (from === to) report(['to'], malformed(to, "another region than 'from'"), 'webhook');
};

interface LocalitySetting {
  readonly distribute: readonly { readonly from?: string; readonly to: Readonly<Record<string, number>> }[];
  readonly failover: readonly Failover[];
  readonly failoverPriority: readonly string[];
}

/** DR17 (webhook). Where `distribute` and `failover` are both set, Istio looks no further. */
export const localitySetting: Check<LocalitySetting> = (setting, report) => {
  const { distribute, failover, failoverPriority } = setting;
  if (distribute.length > 0 && failover.length > 0) {
    report(['failover'], conflict('traffic is either distributed by weights or fails over, not both', ['distribute']), 'webhook');
    return;
  }
  const label = failover.length > 0 ? failoverPriority.findIndex((each) => TOPOLOGY.has(each)) : -1;
  if (label !== -1) {
    const why = `failover orders regions by itself, so failoverPriority may not name the topology label '${failoverPriority[label]}' beside it`;
    report(['failoverPriority', label], conflict(why, ['failover']), 'webhook');
  }
  for (const [index, { to }] of distribute.entries()) {
    weights(to, (path, ...rest) => report(['distribute', index, 'to', ...path], ...rest));
    localities(Object.keys(to), 'map', (locality, expected) => report(['distribute', index, 'to', locality], malformed(locality, expected), 'webhook'));
  }
  localities(
    distribute.map(({ from = '' }) => from),
    'list',
    (locality, expected, index) => report(['distribute', index, 'from'], malformed(locality, expected), 'webhook'),
  );
};

function weights(to: Readonly<Record<string, number>>, report: ReportProblem): void {
  const outside = Object.entries(to).find(([, weight]) => weight < 1 || weight > 100);
  if (outside) {
    report([outside[0]], outOfRange(outside[1], '1 to 100'), 'webhook');
    return;
  }
  const total = Object.values(to).reduce((sum, weight) => sum + weight, 0);
  if (total !== 100) report([], malformed(`${total} in total`, '100 in total, added up'), 'webhook');
}

/** DR17 (webhook): Envoy orders zones by itself in this mode. */
export const zoneAwarePriority: Check<readonly string[]> = (labels, report) => {
  for (const [index, label] of labels.entries()) {
    if (TOPOLOGY.has(label))
      report([index], malformed(label, 'a label other than those of the topology, by which zone-aware balancing goes anyway'), 'webhook');
  }
};

/** DR19 (webhook). */
export const aggression: Check<number> = (value, report) => {
  if (value === 0) report([], outOfRange(value, 'more than 0'), 'webhook');
};
