import type { Placed, Reason } from '../terms/reason.ts';
import type { Labels } from '../terms/service.ts';
import type { RuleConfig, TrafficPolicy } from './rule-config.ts';

type PlacedSubset = RuleConfig['subsets'][number];

/** Rules of one host and namespace that istiod made one of (D-3). */
export interface MergedRule {
  readonly namespace: string;
  readonly exportTo: readonly string[];
  readonly selector: Labels | undefined;
  readonly policy: Placed<TrafficPolicy> | undefined;
  subset(name: string): PlacedSubset | undefined;
  /** The host of the first rule in it. */
  readonly at: Reason;
}

/**
 * D-3: the rules of one host and namespace, added in the order of {@link byRuleAge}, merged as far as istiod merges them.
 * Istio: pilot/pkg/model/destination_rule.go, mergeDestinationRule.
 */
export class MergedRules {
  private readonly entries: Merging[] = [];

  get all(): readonly MergedRule[] {
    return this.entries;
  }

  add(rule: RuleConfig): void {
    let isSeparate = true;
    for (const entry of this.entries) {
      const isSame = isEqual(entry.exportTo, rule.exportTo);
      // A rule that is exported further than an earlier one goes into that one as well.
      const isWider = entry.exportTo.length > 0 && entry.exportTo.every((namespace) => rule.exportTo.includes(namespace));
      isSeparate = !isSame;
      if (!isSame && !isWider) continue;
      if (entry.selector && rule.selector && !haveEqualLabels(entry.selector, rule.selector)) {
        isSeparate = true;
        continue;
      }
      // A rule without a selector vanishes in one with a selector that is exported alike (D-4), but never the other way round.
      if ((entry.selector === undefined) === (rule.selector === undefined)) isSeparate = false;
      entry.merge(rule);
    }
    if (isSeparate) this.entries.push(new Merging(rule));
  }
}

class Merging implements MergedRule {
  readonly namespace: string;
  readonly exportTo: readonly string[];
  readonly selector: Labels | undefined;
  readonly at: Reason;
  policy: Placed<TrafficPolicy> | undefined;
  private readonly isBackendPolicy: boolean;
  private subsets: Map<string, PlacedSubset> | undefined;

  constructor(rule: RuleConfig) {
    this.isBackendPolicy = rule.isBackendPolicy;
    this.namespace = rule.namespace;
    this.exportTo = rule.exportTo;
    this.selector = rule.selector;
    this.at = rule.at;
    this.merge(rule);
  }

  /** The first subset of a name stays, and the first policy, as a whole; what a policy of the Gateway API says fills in what a user's leaves open. */
  merge({ policy, subsets, isBackendPolicy }: RuleConfig): void {
    if (isBackendPolicy === this.isBackendPolicy) this.policy ??= policy;
    else this.policy = isBackendPolicy ? filledIn(this.policy, policy) : filledIn(policy, this.policy);
    for (const subset of subsets) {
      const { name = '' } = subset.value;
      this.subsets ??= new Map();
      if (!this.subsets.has(name)) this.subsets.set(name, subset);
    }
  }

  subset(name: string): PlacedSubset | undefined {
    return this.subsets?.get(name);
  }
}

/** Istio: destination_rule.go, mergeBackendPolicyTrafficPolicy. */
function filledIn(user: Placed<TrafficPolicy> | undefined, backend: Placed<TrafficPolicy> | undefined): Placed<TrafficPolicy> | undefined {
  if (!user || !backend) return user ?? backend;
  const ofUser = user.value.portLevelSettings.map((entry) => {
    const known = backend.value.portLevelSettings.find(({ port }) => port?.number === entry.port?.number);
    return known ? { ...known, ...entry } : entry;
  });
  const numbers = new Set(ofUser.map(({ port }) => port?.number));
  const added = backend.value.portLevelSettings.filter(({ port }) => !numbers.has(port?.number));
  return { value: { ...backend.value, ...user.value, portLevelSettings: [...ofUser, ...added] }, at: user.at };
}

function isEqual(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((entry, index) => entry === b[index]);
}

function haveEqualLabels(a: Labels, b: Labels): boolean {
  const entries = Object.entries(a);
  return entries.length === Object.keys(b).length && entries.every(([key, value]) => b[key] === value);
}
