import * as checks from './checks/gateway-api.ts';
import { type Check, choice, integer, list, map, object, oneOf, required, string } from './field.ts';

/** A group, kind or name may have 253, 63 and 253 characters all over the Gateway API. */
export const groupName = () => string({ maxLength: 253, checks: [checks.groupName] });
export const kindName = () => string({ minLength: 1, maxLength: 63, checks: [checks.kindName] });
export const objectName = () => string({ minLength: 1, maxLength: 253 });
export const namespaceName = () => string({ minLength: 1, maxLength: 63, checks: [checks.namespaceName] });
export const sectionName = () => string({ minLength: 1, maxLength: 253, checks: [checks.sectionName] });
export const portNumber = () => integer({ minimum: 1, maximum: 65_535 });

/** A host name, or one with `*.` in front. */
export const hostname = () => string({ minLength: 1, maxLength: 253, checks: [checks.hostname] });

/** A host name without wildcard. */
export const preciseHostname = () => string({ minLength: 1, maxLength: 253, checks: [checks.preciseHostname] });

export const duration = () => string({ checks: [checks.duration] });

/** An object of the same namespace. */
export const localObjectReference = object('LocalObjectReference', {
  group: required(groupName()),
  kind: required(kindName()),
  name: required(objectName()),
});

/** An object, by default (group '', kind Secret) a Secret, of this namespace or another; of another one a ReferenceGrant there has to allow it. */
export const secretObjectReference = object('SecretObjectReference', {
  group: groupName(),
  kind: kindName(),
  name: required(objectName()),
  namespace: namespaceName(),
});

/** metav1.LabelSelector; Kubernetes' own rules for its values are left to the API server. */
export const labelSelector = object('LabelSelector', {
  matchExpressions: list(object('LabelSelectorRequirement', { key: required(string()), operator: required(string()), values: list(string()) })),
  matchLabels: map(string()),
});

const parentReference = object('ParentReference', {
  group: groupName(),
  kind: kindName(),
  name: required(objectName()),
  namespace: namespaceName(),
  port: portNumber(),
  sectionName: sectionName(),
});

/** Where a route is attached: a Gateway unless group and kind say otherwise (a Service, or a ServiceEntry of networking.istio.io). */
export const parentRefs = list(parentReference, { maxItems: 32, checks: [checks.distinctParents] });

export const useDefaultGateways = choice(['All', 'None']);

/** A backend's fields: a Service unless group and kind say otherwise (a Hostname of networking.istio.io). */
export const backendFields = {
  group: groupName(),
  kind: kindName(),
  name: required(objectName()),
  namespace: namespaceName(),
  port: portNumber(),
} as const;

/** A backend that gets copies, or is asked. */
export const backendObjectReference = object('BackendObjectReference', backendFields, { checks: [checks.servicePort] });

export const weight = () => integer({ minimum: 0, maximum: 1_000_000 });

/** A backend of routes that pass on connections. */
const backendRef = object('BackendRef', { ...backendFields, weight: weight() }, { checks: [checks.servicePort] });

export const headerName = () => string({ minLength: 1, maxLength: 256, checks: [checks.headerName] });
const headerValue = () => string({ minLength: 1, maxLength: 4096, checks: [checks.headerValue] });
const headers = () =>
  list(object('HTTPHeader', { name: required(headerName()), value: required(headerValue()) }), { maxItems: 16, checks: [checks.distinctNames] });

export const matchType = oneOf(['Exact', 'RegularExpression']);

/** Headers that a request must have. */
export const headerMatches = list(object('HTTPHeaderMatch', { type: matchType, name: required(headerName()), value: required(headerValue()) }), {
  maxItems: 16,
  checks: [checks.distinctNames],
});

const headerModifier = object('HTTPHeaderFilter', { set: headers(), add: headers(), remove: list(string(), { maxItems: 16, checks: [checks.distinct] }) });

const requestMirror = object(
  'HTTPRequestMirrorFilter',
  {
    backendRef: required(backendObjectReference),
    percent: integer({ minimum: 0, maximum: 100 }),
    fraction: object(
      'Fraction',
      { numerator: required(integer({ minimum: 0, maximum: 2_147_483_647 })), denominator: integer({ minimum: 1, maximum: 2_147_483_647 }) },
      { checks: [checks.wholeFraction] },
    ),
  },
  { checks: [checks.oneShare] },
);

/** What HTTPRoutes and GRPCRoutes can do to requests and responses. */
export const commonFilters = {
  requestHeaderModifier: headerModifier,
  responseHeaderModifier: headerModifier,
  requestMirror,
  extensionRef: localObjectReference,
} as const;

export const sessionPersistence = object(
  'SessionPersistence',
  {
    sessionName: string({ maxLength: 128 }),
    absoluteTimeout: duration(),
    type: oneOf(['Cookie', 'Header']),
    cookieConfig: object('CookieConfig', { lifetimeType: oneOf(['Session', 'Permanent']) }),
  },
  { checks: [checks.sessionCookie] },
);

/** A rule's name; no two rules of a route have the same. */
export const ruleName = () => sectionName();

/** The rules of a TCPRoute or a TLSRoute. Their v1 takes one, the deprecated versions take several. */
export const connectionRules = (name: string) =>
  required(
    list(object(name, { name: ruleName(), backendRefs: required(list(backendRef, { minItems: 1, maxItems: 16 })) }), {
      minItems: 1,
      maxItems: 16,
      checks: [checks.distinctNames],
    }),
  );

/** The checks that the filters of HTTPRoutes and GRPCRoutes have in common, each filter being in the field that its type names. */
export const filterChecks = (fields: Readonly<Record<string, string>>): { readonly checks: readonly Check<{ readonly type?: string }>[] } => ({
  checks: [checks.filterOfType(fields)],
});
