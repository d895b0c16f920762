import { expandShortName } from '../../mesh/host-name.ts';
import type { DestinationRule } from '../../resources/destination-rule.ts';
import type { Age } from '../terms/age.ts';
import type { Placed, Reason } from '../terms/reason.ts';
import type { Labels } from '../terms/service.ts';

export type TrafficPolicy = NonNullable<DestinationRule['spec']['trafficPolicy']>;
type Subset = DestinationRule['spec']['subsets'][number];

/** A DestinationRule with its host resolved (N-6), or what a BackendTLSPolicy becomes. */
export interface RuleConfig {
  readonly name: string;
  readonly namespace: string;
  readonly host: string;
  /** Empty where nothing is written; `.` for a rule with a selector, whatever it says (D-1). */
  readonly exportTo: readonly string[];
  /** D-4: the Pods of its namespace that it is for; undefined for all. */
  readonly selector: Labels | undefined;
  readonly policy: Placed<TrafficPolicy> | undefined;
  readonly subsets: readonly Placed<Subset>[];
  readonly age: Age;
  /** policies of the Gateway API fill in what rules of users leave open. */
  readonly isBackendPolicy: boolean;
  readonly at: Reason;
}

/** A DestinationRule as the lookup needs it. */
export function ruleConfigOf(rule: DestinationRule, age: Age, clusterDomain: string): RuleConfig {
  const { spec, name, namespace } = rule;
  const selector = spec.workloadSelector?.matchLabels;
  return {
    name,
    namespace,
    host: expandShortName(spec.host ?? '', namespace, clusterDomain),
    exportTo: selector ? ['.'] : [...new Set(spec.exportTo)].sort(),
    selector,
    policy: spec.trafficPolicy && { value: spec.trafficPolicy, at: { resource: rule, path: ['spec', 'trafficPolicy'] } },
    subsets: spec.subsets.map((value, index) => ({ value, at: { resource: rule, path: ['spec', 'subsets', index] } })),
    age,
    isBackendPolicy: false,
    at: { resource: rule, path: ['spec', 'host'] },
  };
}
