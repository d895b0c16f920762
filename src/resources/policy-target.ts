import * as checks from './checks/policy-target.ts';
import { list, object, required, string } from './field.ts';

const fields = {
  group: string({ maxLength: 253, checks: [checks.groupName] }),
  kind: required(string({ minLength: 1, maxLength: 63, checks: [checks.kindName] })),
  name: required(string({ minLength: 1, maxLength: 253 })),
  namespace: string({ checks: [checks.noNamespace] }),
} as const;

const policyTargetReference = object('PolicyTargetReference', fields, { checks: [checks.attachable] });

/** `targetRef`: Istio's documentation shows the list only. */
export const targetRef = { ...policyTargetReference, hidden: true } as const;

/** `targetRefs` of AuthorizationPolicies, RequestAuthentications and Telemetries. */
export const targetRefs = list(policyTargetReference, { maxItems: 16 });

/** `targetRefs` of EnvoyFilters, whose webhook does not look at them. */
export const uncheckedTargetRefs = list(object('PolicyTargetReference', fields), { maxItems: 16 });
