import * as api from './checks/gateway-api.ts';
import * as checks from './checks/kubernetes-http-route.ts';
import { boolean, choice, integer, list, object, oneOf, required, string } from './field.ts';
import { backendObjectReference, commonFilters, filterChecks, headerName, portNumber, preciseHostname } from './gateway-api-fields.ts';

const pathModifier = object(
  'HTTPPathModifier',
  {
    type: required(choice(['ReplaceFullPath', 'ReplacePrefixMatch'])),
    replaceFullPath: string({ maxLength: 1024 }),
    replacePrefixMatch: string({ maxLength: 1024 }),
  },
  { checks: [checks.pathOfType] },
);

const requestRedirect = object('HTTPRequestRedirectFilter', {
  scheme: choice(['http', 'https']),
  hostname: preciseHostname(),
  path: pathModifier,
  port: portNumber(),
  statusCode: integer({ checks: [checks.redirectStatus] }),
});

const headerNames = () => list(string({ minLength: 1, maxLength: 256, checks: [api.headerName] }), { maxItems: 64, checks: [api.distinct] });
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH'] as const;

/** An HTTP method, in capitals; none where it is not written. */
export const httpMethod = choice(METHODS);

const cors = object('HTTPCORSFilter', {
  allowOrigins: list(string({ minLength: 1, maxLength: 253, checks: [api.origin] }), { maxItems: 64, checks: [api.distinct, checks.starAlone] }),
  allowCredentials: boolean(),
  allowMethods: list(oneOf([...METHODS, '*']), { maxItems: 9, checks: [api.distinct, checks.starAlone] }),
  allowHeaders: list(headerName(), { maxItems: 64, checks: [api.distinct, checks.starAlone] }),
  exposeHeaders: headerNames(),
  maxAge: integer({ minimum: 1, maximum: 2_147_483_647 }),
});

const sentHeaders = () => list(string(), { maxItems: 64, checks: [api.distinct] });

const externalAuth = object(
  'HTTPExternalAuthFilter',
  {
    protocol: required(choice(['HTTP', 'GRPC'])),
    backendRef: required(backendObjectReference),
    grpc: object('GRPCAuthConfig', { allowedHeaders: sentHeaders() }),
    http: object('HTTPAuthConfig', {
      path: string({ maxLength: 1024, checks: [api.urlPath] }),
      allowedHeaders: sentHeaders(),
      allowedResponseHeaders: sentHeaders(),
    }),
    forwardBody: object('ForwardBodyConfig', { maxSize: integer() }),
  },
  { checks: [checks.authOfProtocol] },
);

const httpRouteFilter = object(
  'HTTPRouteFilter',
  {
    type: required(
      choice(['RequestHeaderModifier', 'ResponseHeaderModifier', 'RequestMirror', 'RequestRedirect', 'URLRewrite', 'ExtensionRef', 'CORS', 'ExternalAuth']),
    ),
    ...commonFilters,
    requestRedirect,
    urlRewrite: object('HTTPURLRewriteFilter', { hostname: preciseHostname(), path: pathModifier }),
    cors,
    externalAuth,
  },
  filterChecks({
    RequestHeaderModifier: 'requestHeaderModifier',
    ResponseHeaderModifier: 'responseHeaderModifier',
    RequestMirror: 'requestMirror',
    RequestRedirect: 'requestRedirect',
    URLRewrite: 'urlRewrite',
    ExtensionRef: 'extensionRef',
    CORS: 'cors',
    ExternalAuth: 'externalAuth',
  }),
);

/** What an HTTPRoute does to the requests of a rule, or to those that go to one backend. */
export const httpRouteFilters = list(httpRouteFilter, {
  maxItems: 16,
  checks: [api.filtersOnce('CORS', 'RequestHeaderModifier', 'ResponseHeaderModifier', 'RequestRedirect', 'URLRewrite'), checks.redirectOrRewrite],
});
