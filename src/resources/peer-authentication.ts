import * as checks from './checks/peer-authentication.ts';
import { type Infer, map, object, oneOf } from './field.ts';
import type { KindDefinition, Resource } from './resource.ts';
import { policyWorkloadSelector } from './shared-fields.ts';

const mutualTls = object('MutualTLS', { mode: oneOf(['UNSET', 'DISABLE', 'PERMISSIVE', 'STRICT']) });

const spec = object(
  'PeerAuthentication',
  { selector: policyWorkloadSelector, mtls: mutualTls, portLevelMtls: map(mutualTls, { checks: [checks.portNumbers] }) },
  { checks: [checks.portsOfSome] },
);

/** security.istio.io PeerAuthentication: whether sidecars demand mTLS of those who connect. A gateway's servers say so themselves. */
export const peerAuthentication = {
  kind: 'PeerAuthentication',
  group: 'security.istio.io',
  scope: 'Namespaced',
  root: 'spec',
  spec,
  closed: true,
} as const satisfies KindDefinition;

export type PeerAuthentication = Resource<'PeerAuthentication', Infer<typeof spec>>;
