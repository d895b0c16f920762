import type { DestinationRule } from '../resources/destination-rule.ts';
import type { Path } from '../yaml/locate.ts';
import { stepInto } from '../yaml/step-into.ts';

type TrafficPolicy = NonNullable<DestinationRule['spec']['trafficPolicy']>;
export type ClientTls = NonNullable<TrafficPolicy['tls']>;

/** How a proxy speaks to a host's port, and the field that says so. */
export interface TlsDecision {
  readonly tls: ClientTls;
  readonly rule: DestinationRule;
  /** To the `tls` mapping. */
  readonly path: Path;
}

/**
 * D-5, D-6: the TLS settings that hold for a port and subset. A port's own entry replaces the rest as a whole, so one without `tls` means none;
 * a subset's policy replaces field by field, its port entry wholesale.
 * Subset and policy may come from two rules, for rules of one host and namespace are merged (D-3).
 * @param definer the rule that defines the subset, where there is one
 * @param base the rule whose `trafficPolicy` holds for the host as a whole
 * @param port the Service's port number; undefined where the route does not say
 */
export function clientTls(
  definer: DestinationRule | undefined,
  base: DestinationRule | undefined,
  port: number | undefined,
  subset: string | undefined,
): TlsDecision | undefined {
  const index = definer?.spec.subsets.findIndex((each) => each.name === subset) ?? -1;
  const own = definer?.spec.subsets[index]?.trafficPolicy;
  if (definer && own) {
    const at: Path = ['spec', 'subsets', index, 'trafficPolicy'];
    if (hasEntry(own, port) || own.tls) return fromPolicy(definer, own, at, port);
  }
  const policy = base?.spec.trafficPolicy;
  return base && policy && fromPolicy(base, policy, ['spec', 'trafficPolicy'], port);
}

/** D-5, for the policy of a host or subset alone. */
function fromPolicy(rule: DestinationRule, policy: TrafficPolicy, at: Path, port: number | undefined): TlsDecision | undefined {
  const index = entryFor(policy, port);
  if (index === -1) return policy.tls && { tls: policy.tls, rule, path: stepInto(at, 'tls') };
  const tls = policy.portLevelSettings[index]?.tls;
  return tls && { tls, rule, path: stepInto(at, 'portLevelSettings', index, 'tls') };
}

function hasEntry(policy: TrafficPolicy, port: number | undefined): boolean {
  return entryFor(policy, port) !== -1;
}

function entryFor(policy: TrafficPolicy, port: number | undefined): number {
  return port === undefined ? -1 : policy.portLevelSettings.findIndex((entry) => entry.port?.number === port);
}
