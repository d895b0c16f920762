import * as policy from './checks/authorization-policy.ts';
import * as rule from './checks/authorization-rule.ts';
import { ipOrCidr } from './checks/ip-address.ts';
import { oneTarget } from './checks/policy-target.ts';
import { type Infer, list, object, oneOf, required, string } from './field.ts';
import { targetRef, targetRefs } from './policy-target.ts';
import type { KindDefinition, Resource } from './resource.ts';
import { policyWorkloadSelector } from './shared-fields.ts';

const texts = () => list(string({ checks: [rule.someText] }));
const addresses = () => list(string({ checks: [ipOrCidr] }));
const trustDomains = () => list(string({ checks: [rule.trustDomain] }));
const serviceAccounts = () => list(string({ maxLength: 320, checks: [rule.serviceAccount] }), { maxItems: 16 });
const ports = () => list(string({ checks: [rule.portText] }));
const paths = () => list(string({ checks: [rule.pathTemplate] }));

const source = object(
  'Source',
  {
    principals: texts(),
    notPrincipals: texts(),
    requestPrincipals: texts(),
    notRequestPrincipals: texts(),
    namespaces: texts(),
    notNamespaces: texts(),
    serviceAccounts: serviceAccounts(),
    notServiceAccounts: serviceAccounts(),
    ipBlocks: addresses(),
    notIpBlocks: addresses(),
    remoteIpBlocks: addresses(),
    notRemoteIpBlocks: addresses(),
    trustDomains: trustDomains(),
    notTrustDomains: trustDomains(),
  },
  { checks: [policy.serviceAccountsAlone, policy.someAttribute('Source')] },
);

const operation = object(
  'Operation',
  {
    hosts: texts(),
    notHosts: texts(),
    ports: ports(),
    notPorts: ports(),
    methods: texts(),
    notMethods: texts(),
    paths: paths(),
    notPaths: paths(),
  },
  { checks: [policy.someAttribute('Operation')] },
);

const condition = object(
  'Condition',
  {
    key: required(string({ checks: [rule.attribute] })),
    values: list(string()),
    notValues: list(string()),
  },
  { checks: [rule.someValue, rule.attributeValues] },
);

const authorizationRule = object('Rule', {
  from: list(object('From', { source }, { checks: [policy.contentOf('source', 'From')] }), { maxItems: 512 }),
  to: list(object('To', { operation }, { checks: [policy.contentOf('operation', 'To')] })),
  when: list(condition),
});

const spec = object(
  'AuthorizationPolicy',
  {
    selector: policyWorkloadSelector,
    targetRef,
    targetRefs,
    rules: list(authorizationRule, { maxItems: 512 }),
    action: oneOf(['ALLOW', 'DENY', 'AUDIT', 'CUSTOM']),
    provider: object('ExtensionProvider', { name: string() }),
  },
  { checks: [oneTarget, policy.someRule, policy.provider, policy.customAttributes] },
);

/** security.istio.io AuthorizationPolicy: which requests the selected proxies let in. */
export const authorizationPolicy = {
  kind: 'AuthorizationPolicy',
  group: 'security.istio.io',
  scope: 'Namespaced',
  root: 'spec',
  spec,
  closed: true,
} as const satisfies KindDefinition;

export type AuthorizationPolicy = Resource<'AuthorizationPolicy', Infer<typeof spec>>;
