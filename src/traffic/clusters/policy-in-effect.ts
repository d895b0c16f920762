import { stepInto } from '../../yaml/step-into.ts';
import type { Placed } from '../terms/reason.ts';
import type { TrafficPolicy } from './rule-config.ts';

/** What a policy can say of a port on its own. */
export type PortPolicy = Pick<TrafficPolicy, 'tls' | 'loadBalancer'>;

/**
 * D-5, D-6: the settings that hold for a port; of each field the first of them that has it counts.
 * @param base the policy of the host
 * @param own the policy of the subset, if there is one: it replaces the host's field by field, but its entry for the port as a whole
 * @param port the Service's port number
 */
export function policiesInEffect(base: Placed<TrafficPolicy> | undefined, own: Placed<TrafficPolicy> | undefined, port: number): readonly Placed<PortPolicy>[] {
  if (!own) return base ? [forPort(base, port)] : [];
  const ofSubset = forPort(own, port);
  return base && ofSubset === own ? [own, forPort(base, port)] : [ofSubset];
}

/** D-5: an entry for the port is all that holds for it; what it leaves out is not taken from beside it. */
function forPort(policy: Placed<TrafficPolicy>, port: number): Placed<PortPolicy> {
  const index = policy.value.portLevelSettings.findIndex((entry) => entry.port?.number === port);
  const value = policy.value.portLevelSettings[index];
  return value ? { value, at: { resource: policy.at.resource, path: stepInto(policy.at.path, 'portLevelSettings', index) } } : policy;
}
