import { wholeMilliseconds } from './checks/duration.ts';
import { oneTarget } from './checks/policy-target.ts';
import * as checks from './checks/request-authentication.ts';
import { boolean, type Infer, list, object, oneOf, required, string } from './field.ts';
import { targetRef, targetRefs } from './policy-target.ts';
import type { KindDefinition, Resource } from './resource.ts';
import { fineDuration, policyWorkloadSelector } from './shared-fields.ts';

const someText = () => string({ minLength: 1 });
const timeout = fineDuration();
const jwksUri = { minLength: 1, maxLength: 2048, checks: [checks.jwksUri] } as const;

const jwtRule = object(
  'JWTRule',
  {
    issuer: someText(),
    audiences: list(someText()),
    jwksUri: string(jwksUri),
    // The CRD has it in both spellings.
    jwks_uri: string({ ...jwksUri, hidden: true }),
    jwks: string({ checks: [checks.keySet] }),
    fromHeaders: list(object('JWTHeader', { name: required(someText()), prefix: string() })),
    fromParams: list(someText()),
    outputPayloadToHeader: string(),
    fromCookies: list(someText()),
    forwardOriginalToken: boolean(),
    outputClaimToHeaders: list(
      object('ClaimToHeader', { header: required(string({ minLength: 1, checks: [checks.claimHeader] })), claim: required(someText()) }),
    ),
    timeout: { ...timeout, checks: [...(timeout.checks ?? []), wholeMilliseconds] },
    spaceDelimitedClaims: list(someText(), { maxItems: 64 }),
    presence: oneOf(['OPTIONAL', 'REQUIRED']),
  },
  { checks: [checks.oneKeySource, checks.someIssuer] },
);

const spec = object(
  'RequestAuthentication',
  { selector: policyWorkloadSelector, targetRef, targetRefs, jwtRules: list(jwtRule, { maxItems: 4096 }) },
  { checks: [oneTarget] },
);

/** security.istio.io RequestAuthentication: the tokens that selected proxies verify. istiod itself fetches the keys, over the network. */
export const requestAuthentication = {
  kind: 'RequestAuthentication',
  group: 'security.istio.io',
  scope: 'Namespaced',
  root: 'spec',
  spec,
  closed: true,
} as const satisfies KindDefinition;

export type RequestAuthentication = Resource<'RequestAuthentication', Infer<typeof spec>>;
