import { notNegative } from './checks/connection-pool.ts';
import * as fault from './checks/fault.ts';
import { gatewayNames } from './checks/gateway-name.ts';
import { corsHeader, matchedHeaders, requestHeaders, responseHeaders } from './checks/header.ts';
import * as checks from './checks/http-route.ts';
import { labels } from './checks/label.ts';
import { optionalPort } from './checks/port.ts';
import { retryOn, someAttempts } from './checks/retry.ts';
import { percentOfMirror as atMost100, regexOrEmpty, someWeight } from './checks/route-parts.ts';
import { sourceNamespace } from './checks/virtual-service.ts';
import { any, boolean, int32, list, map, object, oneOf, required, string, uint32 } from './field.ts';
import {
  absentHeaderMatch,
  destination,
  duration,
  durationInSeconds,
  originMatch,
  percentOfFault,
  percentOfMirror,
  stringMatch,
  uriMatch,
} from './shared-fields.ts';

const httpMatchRequest = object('HTTPMatchRequest', {
  name: string(),
  uri: uriMatch,
  scheme: stringMatch,
  method: stringMatch,
  authority: stringMatch,
  headers: map(stringMatch, { checks: [matchedHeaders] }),
  port: uint32({ checks: [optionalPort] }),
  sourceLabels: map(string(), { checks: [labels] }),
  gateways: list(string(), { checks: [gatewayNames] }),
  queryParams: map(stringMatch),
  ignoreUriCase: boolean(),
  withoutHeaders: map(absentHeaderMatch, { checks: [matchedHeaders] }),
  sourceNamespace: string({ checks: [sourceNamespace] }),
  statPrefix: string(),
});

const headerOperations = (check: typeof requestHeaders) =>
  object('HeaderOperations', { set: map(string()), add: map(string()), remove: list(string()) }, { checks: [check] });

const headers = object('Headers', {
  request: headerOperations(requestHeaders),
  response: headerOperations(responseHeaders),
});

const httpRouteDestination = object('HTTPRouteDestination', {
  destination: required(destination),
  weight: int32({ checks: [notNegative] }),
  headers,
});

const httpRedirect = object(
  'HTTPRedirect',
  {
    uri: string(),
    authority: string(),
    port: uint32({ checks: [optionalPort] }),
    derivePort: oneOf(['FROM_PROTOCOL_DEFAULT', 'FROM_REQUEST_PORT']),
    scheme: string({ checks: [checks.redirectScheme] }),
    redirectCode: uint32({ checks: [checks.redirectCode] }),
    prefixRewrite: string(),
  },
  { oneOf: [['port', 'derivePort']] },
);

const httpBody = object(
  'HTTPBody',
  {
    string: string({ checks: [checks.bodySize] }),
    bytes: any() /* bytes */,
  },
  { oneOf: [['string', 'bytes']] },
);

const httpDirectResponse = object('HTTPDirectResponse', {
  status: required(uint32({ checks: [checks.httpStatus] })),
  body: httpBody,
});

const delegate = object('Delegate', {
  name: string(),
  namespace: string(),
});

const regexRewrite = object('RegexRewrite', {
  match: string({ checks: [regexOrEmpty] }),
  rewrite: string(),
});

const httpRewrite = object('HTTPRewrite', { uri: string(), authority: string(), uriRegexRewrite: regexRewrite }, { checks: [checks.rewrite] });

const httpRetry = object(
  'HTTPRetry',
  {
    attempts: int32({ checks: [notNegative] }),
    perTryTimeout: duration(),
    retryOn: string({ checks: [retryOn] }),
    retryRemoteLocalities: boolean(),
    retryIgnorePreviousHosts: boolean(),
    backoff: duration(),
  },
  { checks: [someAttempts] },
);

const delay = object(
  'Delay',
  {
    percent: int32({ deprecated: "'percentage'" }),
    fixedDelay: duration(),
    exponentialDelay: string({ hidden: true, checks: [fault.unsupported('fixedDelay')] }),
    percentage: percentOfFault,
  },
  { oneOf: [['fixedDelay', 'exponentialDelay']] },
);

const abort = object(
  'Abort',
  {
    httpStatus: int32({ checks: [checks.httpStatus] }),
    grpcStatus: string({ checks: [fault.grpcStatus] }),
    http2Error: string({ hidden: true, checks: [fault.unsupported('httpStatus')] }),
    percentage: percentOfFault,
  },
  { oneOf: [['httpStatus', 'grpcStatus', 'http2Error']] },
);

const httpFaultInjection = object('HTTPFaultInjection', { delay, abort }, { checks: [fault.someFault] });

const httpMirrorPolicy = object('HTTPMirrorPolicy', {
  destination: required(destination),
  percentage: percentOfMirror,
});

const corsPolicy = object('CorsPolicy', {
  allowOrigin: list(string(), { deprecated: "'allowOrigins'", hidden: true }),
  allowOrigins: list(originMatch),
  allowMethods: list(string({ checks: [fault.corsMethod] })),
  allowHeaders: list(string({ checks: [corsHeader] })),
  exposeHeaders: list(string({ checks: [corsHeader] })),
  maxAge: durationInSeconds(),
  allowCredentials: boolean(),
  unmatchedPreflights: oneOf(['UNSPECIFIED', 'FORWARD', 'IGNORE']),
});

/** A rule of a VirtualService's `http`. */
export const httpRoute = object(
  'HTTPRoute',
  {
    name: string(),
    match: list(httpMatchRequest),
    route: list(httpRouteDestination, { checks: [someWeight] }),
    redirect: httpRedirect,
    directResponse: httpDirectResponse,
    delegate,
    rewrite: httpRewrite,
    timeout: duration(),
    retries: httpRetry,
    fault: httpFaultInjection,
    mirror: destination,
    mirrors: list(httpMirrorPolicy),
    mirrorPercent: uint32({ deprecated: "'mirrorPercentage'", hidden: true, checks: [atMost100] }),
    // The CRD has it in both spellings.
    mirror_percent: uint32({ deprecated: "'mirrorPercentage'", hidden: true, checks: [atMost100] }),
    mirrorPercentage: percentOfMirror,
    corsPolicy,
    headers,
  },
  { checks: [checks.oneAction, checks.oneMirrorField, checks.oneAuthority, checks.redirect] },
);
