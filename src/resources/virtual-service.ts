import { any, boolean, type Infer, integer, list, map, object, oneOf, required, string, uint32 } from './field.ts';
import type { KindDefinition, Resource } from './resource.ts';
import { destination, duration, percent, stringMatch } from './shared-fields.ts';

const httpMatchRequest = object('HTTPMatchRequest', {
  name: string(),
  uri: stringMatch,
  scheme: stringMatch,
  method: stringMatch,
  authority: stringMatch,
  headers: map(stringMatch),
  port: uint32(),
  sourceLabels: map(string()),
  gateways: list(string()),
  queryParams: map(stringMatch),
  ignoreUriCase: boolean(),
  withoutHeaders: map(stringMatch),
  sourceNamespace: string(),
  statPrefix: string(),
});

const headerOperations = object('HeaderOperations', {
  set: map(string()),
  add: map(string()),
  remove: list(string()),
});

const headers = object('Headers', {
  request: headerOperations,
  response: headerOperations,
});

const httpRouteDestination = object('HTTPRouteDestination', {
  destination: required(destination),
  weight: integer(),
  headers: headers,
});

const httpRedirect = object(
  'HTTPRedirect',
  {
    uri: string(),
    authority: string(),
    port: uint32(),
    derivePort: oneOf(['FROM_PROTOCOL_DEFAULT', 'FROM_REQUEST_PORT']),
    scheme: string(),
    redirectCode: uint32(),
    prefixRewrite: string(),
  },
  { oneOf: [['port', 'derivePort']] },
);

const httpBody = object(
  'HTTPBody',
  {
    string: string(),
    bytes: any() /* bytes */,
  },
  { oneOf: [['string', 'bytes']] },
);

const httpDirectResponse = object('HTTPDirectResponse', {
  status: required(uint32()),
  body: httpBody,
});

const delegate = object('Delegate', {
  name: string(),
  namespace: string(),
});

const regexRewrite = object('RegexRewrite', {
  match: string(),
  rewrite: string(),
});

const httpRewrite = object('HTTPRewrite', {
  uri: string(),
  authority: string(),
  uriRegexRewrite: regexRewrite,
});

const httpRetry = object('HTTPRetry', {
  attempts: integer(),
  perTryTimeout: duration(),
  retryOn: string(),
  retryRemoteLocalities: boolean(),
  retryIgnorePreviousHosts: boolean(),
  backoff: duration(),
});

const delay = object(
  'Delay',
  {
    percent: integer({ deprecated: 'TODO' }),
    fixedDelay: duration(),
    exponentialDelay: duration({ hidden: true }),
    percentage: percent,
  },
  { oneOf: [['fixedDelay', 'exponentialDelay']] },
);

const abort = object(
  'Abort',
  {
    httpStatus: integer(),
    grpcStatus: string(),
    http2Error: string({ hidden: true }),
    percentage: percent,
  },
  { oneOf: [['httpStatus', 'grpcStatus', 'http2Error']] },
);

const httpFaultInjection = object('HTTPFaultInjection', {
  delay: delay,
  abort: abort,
});

const httpMirrorPolicy = object('HTTPMirrorPolicy', {
  destination: required(destination),
  percentage: percent,
});

const corsPolicy = object('CorsPolicy', {
  allowOrigin: list(string(), { deprecated: 'TODO', hidden: true }),
  allowOrigins: list(stringMatch),
  allowMethods: list(string()),
  allowHeaders: list(string()),
  exposeHeaders: list(string()),
  maxAge: duration(),
  allowCredentials: boolean(),
  unmatchedPreflights: oneOf(['UNSPECIFIED', 'FORWARD', 'IGNORE']),
});

const httpRoute = object('HTTPRoute', {
  name: string(),
  match: list(httpMatchRequest),
  route: list(httpRouteDestination),
  redirect: httpRedirect,
  directResponse: httpDirectResponse,
  delegate: delegate,
  rewrite: httpRewrite,
  timeout: duration(),
  retries: httpRetry,
  fault: httpFaultInjection,
  mirror: destination,
  mirrors: list(httpMirrorPolicy),
  mirrorPercent: uint32({ deprecated: 'TODO', hidden: true }),
  mirrorPercentage: percent,
  corsPolicy: corsPolicy,
  headers: headers,
});

const tlsMatchAttributes = object('TLSMatchAttributes', {
  sniHosts: required(list(string())),
  destinationSubnets: list(string()),
  port: uint32(),
  sourceLabels: map(string()),
  gateways: list(string()),
  sourceNamespace: string(),
});

const routeDestination = object('RouteDestination', {
  destination: required(destination),
  weight: integer(),
});

const tlsRoute = object('TLSRoute', {
  match: required(list(tlsMatchAttributes)),
  route: list(routeDestination),
});

const l4MatchAttributes = object('L4MatchAttributes', {
  destinationSubnets: list(string()),
  port: uint32(),
  sourceSubnet: string({ hidden: true }),
  sourceLabels: map(string()),
  gateways: list(string()),
  sourceNamespace: string(),
});

const tcpRoute = object('TCPRoute', {
  match: list(l4MatchAttributes),
  route: list(routeDestination),
});

const spec = object('VirtualService', {
  hosts: list(string()),
  gateways: list(string()),
  http: list(httpRoute),
  tls: list(tlsRoute),
  tcp: list(tcpRoute),
  exportTo: list(string()),
});

/** networking.istio.io VirtualService: how requests for a host are routed, in sidecars (`mesh`) and gateways. */
export const virtualService = {
  kind: 'VirtualService',
  group: 'networking.istio.io',
  scope: 'Namespaced',
  root: 'spec',
  spec,
  closed: true,
} as const satisfies KindDefinition;

export type VirtualService = Resource<'VirtualService', Infer<typeof spec>>;
