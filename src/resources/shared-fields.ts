import { anyDuration, positiveDuration, wholeMilliseconds, wholeSeconds } from './checks/duration.ts';
import { destinationHost } from './checks/host-name.ts';
import { policySelectorKeys, selectorValue, workloadSelectorKeys } from './checks/label.ts';
import * as parts from './checks/route-parts.ts';
import { type Check, integer, map, number, object, required, string, uint32 } from './field.ts';

/** SE13 (API server): a port number where a rule of the CRD bounds it (`port-range`). */
export const portNumber = () => integer({ minimum: 1, maximum: 65_535 });

/** Istio's WorkloadSelector: Pods that carry all of the labels. */
export const workloadSelector = object('WorkloadSelector', {
  labels: map(string({ maxLength: 63, checks: [selectorValue] }), { maxProperties: 256, checks: [workloadSelectorKeys] }),
});

/** istio.type.v1beta1 WorkloadSelector, as DestinationRules and policies use it. */
export const policyWorkloadSelector = object('WorkloadSelector', {
  matchLabels: map(string({ maxLength: 63, checks: [selectorValue] }), { maxProperties: 4096, checks: [policySelectorKeys] }),
});

/** `port: {number: 443}` of routes and policies. */
export const portSelector = object('PortSelector', { number: uint32() });

/** Where a route leads: a host of the registry, a subset of it, and a port. */
export const destination = object(
  'Destination',
  { host: required(string({ checks: [destinationHost] })), subset: string({ checks: [parts.optionalSubset] }), port: portSelector },
  { checks: [parts.destinationPort] },
);

/** A duration in Go's syntax, `10s`, `1m30s`, `500ms`: 1 ms or more, and whole milliseconds. */
export const duration = () => string({ checks: [positiveDuration, wholeMilliseconds] });

/** A duration that only the CRD bounds: 1 ms or more, however odd. */
export const fineDuration = (options: { readonly deprecated?: string } = {}) => string({ ...options, checks: [positiveDuration] });

/** A duration of whole seconds. */
export const durationInSeconds = () => string({ checks: [positiveDuration, wholeSeconds] });

/** A duration that nothing bounds. */
export const unboundedDuration = () => string({ checks: [anyDuration] });

const matchOf = (checks: { readonly prefix?: Check<string>; readonly regex: Check<string> }) =>
  ({
    exact: string(),
    prefix: string(checks.prefix ? { checks: [checks.prefix] } : {}),
    regex: string({ checks: [checks.regex] }),
  }) as const;
const onlyOne = { oneOf: [['exact', 'prefix', 'regex']] } as const;

/** How a string is compared: at most one of the three. */
export const stringMatch = object('StringMatch', matchOf({ prefix: parts.prefix, regex: parts.regex }), onlyOne);

/** The same for paths, which may be matched by the empty prefix. */
export const uriMatch = object('StringMatch', matchOf({ regex: parts.regex }), onlyOne);

/** The same for headers that must not be there: `*` for any value. */
export const absentHeaderMatch = object('StringMatch', matchOf({ prefix: parts.prefix, regex: parts.regexOrStar }), onlyOne);

/** The same for origins, where something has to be said. */
export const originMatch = object('StringMatch', matchOf({ regex: parts.regex }), { ...onlyOne, checks: [parts.origin] });

/** A percentage of requests to mirror. */
export const percentOfMirror = object('Percent', { value: number({ checks: [parts.percentOfMirror] }) });

/** A percentage of requests to delay or abort. */
export const percentOfFault = object('Percent', { value: number({ checks: [parts.percentOfFault] }) });
