import { isExportedTo } from '../../mesh/export-to.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { isSelectedBy } from '../../mesh/workloads.ts';
import type { DestinationRule } from '../../resources/destination-rule.ts';
import type { Hop } from '../outcomes/outcome.ts';
import type { Reason } from '../terms/reason.ts';

/** A DestinationRule that does not hold where somebody needs it, and the field that is why. */
export interface MissedRule {
  readonly rule: DestinationRule;
  readonly at: Reason;
  readonly why: string;
}

/** Of the rules that many teams wrote for one gateway a few are looked at. */
const MAX_RULES = 20;

/**
 * D-1 to D-4, V-6: the first of some rules that a proxy leaves out for a reason that stands in the rule itself: whom it selects, where it stands, to whom
 * it is exported, or for which ports it says something.
 */
export function missedRule(rules: readonly DestinationRule[], { proxy, cluster }: Hop, mesh: Mesh): MissedRule | undefined {
  const registered = cluster && mesh.registry.named(cluster.key.host).map((each) => each.namespace);
  const consulted = [proxy.namespace, ...(registered ?? []), mesh.config.rootNamespace];
  for (const rule of rules.slice(0, MAX_RULES)) {
    const { namespace, spec } = rule;
    const because = (path: Reason['path'], why: string): MissedRule => ({ rule, at: { resource: rule, path }, why });
    if (spec.workloadSelector && !isSelectedBy(proxy.labels, spec.workloadSelector.matchLabels))
      return because(['spec', 'workloadSelector'], 'holds only for the workloads that its selector picks');
    if (!consulted.includes(namespace))
      return because(['metadata', 'namespace'], `stands in namespace ${namespace}, where proxies of ${proxy.namespace} do not look for rules of this host`);
    if (!isExportedTo(spec.exportTo, namespace, proxy.namespace, mesh.config.defaultDestinationRuleExportTo))
      return because(['spec', 'exportTo'], `is not exported to namespace ${proxy.namespace}`);
    const ports = spec.trafficPolicy?.portLevelSettings ?? [];
    if (cluster && ports.length > 0 && !ports.some(({ port }) => port?.number === cluster.key.port) && !spec.trafficPolicy?.tls)
      return because(['spec', 'trafficPolicy', 'portLevelSettings'], `says nothing of port ${cluster.key.port}`);
  }
  return undefined;
}
