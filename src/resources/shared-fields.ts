import { type Check, map, number, object, required, string, uint32 } from './field.ts';

/** A port number as the CRDs bound it. */
export const portNumber = (options: { readonly deprecated?: string; readonly hidden?: boolean } = {}) => uint32({ ...options, checks: [portRange] });

const portRange: Check<number> = (value, report) => {
  if (value < 1 || value > 65_535) report([], { type: 'out-of-range', value: String(value), range: '1 to 65535' }, 'api-server');
};

const noStar: Check<string> = (value, report) => {
  if (value.includes('*')) report([], { type: 'malformed-value', value, expected: "a plain label value: '*' is not supported in selectors" }, 'api-server');
};

/** Istio's WorkloadSelector: Pods that carry all of the labels. */
export const workloadSelector = object('WorkloadSelector', { labels: map(string({ maxLength: 63, checks: [noStar] }), { maxProperties: 256 }) });

/** `port: {number: 443}` of routes and policies. */
export const portSelector = object('PortSelector', { number: uint32() });

/** Where a route leads: a host of the registry, a subset of it, and a port. */
export const destination = object('Destination', { host: required(string()), subset: string(), port: portSelector });

const DURATION = /^(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|ms|s|m|h)(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|ms|s|m|h))*$/;

const isDuration: Check<string> = (value, report) => {
  if (!DURATION.test(value)) report([], { type: 'malformed-value', value, expected: "a duration with its unit, like '10s', '1m30s' or '500ms'" }, 'api-server');
};

/** A duration in Go's syntax: `10s`, `1m30s`, `500ms`. */
export const duration = (options: { readonly deprecated?: string; readonly hidden?: boolean } = {}) => string({ ...options, checks: [isDuration] });

/** How a string is compared: at most one of the three. */
export const stringMatch = object('StringMatch', { exact: string(), prefix: string(), regex: string() }, { oneOf: [['exact', 'prefix', 'regex']] });

export const percent = object('Percent', { value: number() });

/** istio.type.v1beta1 WorkloadSelector, as DestinationRules and policies use it. */
export const policyWorkloadSelector = object('WorkloadSelector', { matchLabels: map(string({ maxLength: 63, checks: [noStar] }), { maxProperties: 4096 }) });
