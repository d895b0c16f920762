import * as checks from './checks/backend-tls-policy.ts';
import * as api from './checks/gateway-api.ts';
import { choice, type Infer, list, map, object, required, string } from './field.ts';
import { groupName, hostname, kindName, localObjectReference, objectName, preciseHostname, sectionName } from './gateway-api-fields.ts';
import type { KindDefinition, Resource } from './resource.ts';

const targetRef = object('LocalPolicyTargetReferenceWithSectionName', {
  group: required(groupName()),
  kind: required(kindName()),
  name: required(objectName()),
  sectionName: sectionName(),
});

const subjectAltName = object(
  'SubjectAltName',
  { type: required(choice(['Hostname', 'URI'])), hostname: hostname(), uri: string({ minLength: 1, maxLength: 253, checks: [api.uri] }) },
  { checks: [checks.nameOfType] },
);

const validation = object(
  'BackendTLSPolicyValidation',
  {
    caCertificateRefs: list(localObjectReference, { maxItems: 8 }),
    wellKnownCACertificates: string({ minLength: 1, maxLength: 253, checks: [api.wellKnown] }),
    hostname: required(preciseHostname()),
    subjectAltNames: list(subjectAltName, { maxItems: 5 }),
  },
  { checks: [checks.oneTrust] },
);

const spec = object('BackendTLSPolicySpec', {
  targetRefs: required(list(targetRef, { minItems: 1, maxItems: 16, checks: [checks.distinctTargets] })),
  validation: required(validation),
  options: map(string()),
});

/** gateway.networking.k8s.io BackendTLSPolicy: TLS to a backend. istiod makes a DestinationRule of it (docs/traffic-model.md, A-15). */
export const backendTlsPolicy = {
  kind: 'BackendTLSPolicy',
  group: 'gateway.networking.k8s.io',
  scope: 'Namespaced',
  root: 'spec',
  spec,
  specRequired: 'api-server',
} as const satisfies KindDefinition;

export type BackendTLSPolicy = Resource<'BackendTLSPolicy', Infer<typeof spec>>;
