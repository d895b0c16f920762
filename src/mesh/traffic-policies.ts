import type { DestinationRule } from '../resources/destination-rule.ts';
import type { Path } from '../yaml/locate.ts';
import { stepInto } from '../yaml/step-into.ts';
import type { ClientTls } from './client-tls.ts';

type Policy = NonNullable<DestinationRule['spec']['trafficPolicy']>;

/** One `trafficPolicy` of a DestinationRule. */
export interface PlacedPolicy {
  readonly policy: Policy;
  readonly path: Path;
  /** The index of the subset that it is for; undefined for the host's own. */
  readonly subset: number | undefined;
}

/** One `tls` mapping of a DestinationRule. */
export interface PlacedTls {
  readonly tls: ClientTls;
  readonly path: Path;
}

/** The policies of a rule: the host's own, then those of subsets. */
export function policiesOf({ spec }: DestinationRule): readonly PlacedPolicy[] {
  const own: readonly PlacedPolicy[] = spec.trafficPolicy ? [{ policy: spec.trafficPolicy, path: ['spec', 'trafficPolicy'], subset: undefined }] : [];
  const ofSubsets = spec.subsets.flatMap(({ trafficPolicy }, subset): PlacedPolicy[] =>
    trafficPolicy ? [{ policy: trafficPolicy, path: ['spec', 'subsets', subset, 'trafficPolicy'], subset }] : [],
  );
  return [...own, ...ofSubsets];
}

/** Every `tls` mapping of a rule, those of ports and subsets included. */
export function tlsSettingsOf(rule: DestinationRule): readonly PlacedTls[] {
  return policiesOf(rule).flatMap(({ policy, path }) => [
    ...placed(policy.tls, stepInto(path, 'tls')),
    ...policy.portLevelSettings.flatMap(({ tls }, index) => placed(tls, stepInto(path, 'portLevelSettings', index, 'tls'))),
  ]);
}

/** D-5, D-6: the TLS that would hold for a port under a policy if that had no settings of its own for the port. */
export function tlsAround(rule: DestinationRule, { policy, path, subset }: PlacedPolicy, port: number): PlacedTls | undefined {
  const [own] = placed(policy.tls, stepInto(path, 'tls'));
  if (own || subset === undefined) return own;
  const [top] = policiesOf(rule);
  if (top?.subset !== undefined) return undefined;
  const index = top?.policy.portLevelSettings.findIndex((entry) => entry.port?.number === port) ?? -1;
  if (!top) return undefined;
  const [found] =
    index === -1
      ? placed(top.policy.tls, stepInto(top.path, 'tls'))
      : placed(top.policy.portLevelSettings[index]?.tls, stepInto(top.path, 'portLevelSettings', index, 'tls'));
  return found;
}

function placed(tls: ClientTls | undefined, path: Path): PlacedTls[] {
  return tls ? [{ tls, path }] : [];
}
