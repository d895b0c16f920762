/** Whom a policy is for (CEL rules `policy-one-target`, `ref-no-namespace`; pkg/config/validation/validation.go, validatePolicyTargetReference). */
import type { Path } from '../../yaml/locate.ts';
import type { Check } from '../field.ts';
import { conflict, leftOut, malformed } from './problem.ts';

const atMostOne =
  (...fields: readonly string[]): Check<unknown> =>
  (_policy, report, { isSet }) => {
    const [first, ...others] = fields.filter((field) => isSet([field])).map((field): Path => [field]);
    if (!first || others.length === 0) return;
    report(first, conflict('a policy is for the workloads of one selector or for the objects that it names, not for both', ...others), 'api-server');
  };

/** AP1 (API server: `policy-one-target`). An empty list counts. */
export const oneTarget = atMostOne('selector', 'targetRef', 'targetRefs');

/** EF4 (API server: `ef-one-target`). */
export const oneFilterTarget = atMostOne('workloadSelector', 'targetRefs');

/** AP2 (API server: `ref-no-namespace`). */
export const noNamespace: Check<string> = (value, report) => {
  if (value !== '') report([], leftOut(value, 'a policy is for objects of its own namespace only'), 'api-server');
};

const SUBDOMAIN = /^[a-z\d](?:[-a-z\d]*[a-z\d])?(?:\.[a-z\d](?:[-a-z\d]*[a-z\d])?)*$/;

/** AP2 (API server: pattern). */
export const groupName: Check<string> = (value, report) => {
  if (value !== '' && !SUBDOMAIN.test(value)) report([], malformed(value, "an API group without a version, like 'gateway.networking.k8s.io'"), 'api-server');
};

/** AP2 (API server: pattern). */
export const kindName: Check<string> = (value, report) => {
  if (value !== '' && !/^[a-zA-Z](?:[-a-zA-Z\d]*[a-zA-Z\d])?$/.test(value)) report([], malformed(value, "a kind, like 'Gateway'"), 'api-server');
};

const GATEWAY_API = 'gateway.networking.k8s.io';
const GROUP_OF: Readonly<Record<string, string>> = {
  Service: '',
  ServiceEntry: 'networking.istio.io',
  Gateway: GATEWAY_API,
  GatewayClass: GATEWAY_API,
};

/** AP2 (webhook): policies are attached to services, Gateway API gateways and their classes. */
export const attachable: Check<{ readonly group?: string; readonly kind?: string }> = ({ group = '', kind = '' }, report, { isSet }) => {
  if (kind === '') return;
  const expected = Object.hasOwn(GROUP_OF, kind) ? GROUP_OF[kind] : undefined;
  if (expected === undefined) {
    const kinds = `'Gateway' or 'GatewayClass' (group ${GATEWAY_API}), 'ServiceEntry' (group networking.istio.io) or 'Service' (group '')`;
    report(['kind'], malformed(kind, `${kinds}: Istio attaches policies to nothing else`), 'webhook');
  } else if (group !== expected && !(kind === 'Service' && group === 'core')) {
    report(isSet(['group']) ? ['group'] : [], malformed(group, `'${expected}', the API group of ${kind}`), 'webhook');
  }
};
