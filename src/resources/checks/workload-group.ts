/** Readiness probes of WorkloadGroups (pkg/config/validation/validation.go, validateReadinessProbe). */
import type { Check } from '../field.ts';
import { leftOut, malformed, missing, outOfRange } from './problem.ts';

/** (API server: `probe-scheme`) */
export const probeScheme: Check<string> = (value, report) => {
  if (value !== '' && value !== 'HTTP' && value !== 'HTTPS') report([], malformed(value, "'HTTP' or 'HTTPS', in capitals"), 'api-server');
};

const HEADER = "a header's name: letters, digits and '-'";

/** The API server takes an underscore too, Istio's webhook does not. */
export const headerName: Check<string> = (value, report) => {
  if (/^[-A-Za-z\d]+$/.test(value)) return;
  report([], malformed(value, value === '' ? `${HEADER}; it is empty` : HEADER), /^[-_A-Za-z\d]+$/.test(value) ? 'webhook' : 'api-server');
};

/** (webhook) Headers without a name. */
export const namedHeaders: Check<readonly { readonly name?: string }[]> = (headers, report, { isSet }) => {
  for (const [index, { name }] of headers.entries()) {
    if (name === undefined && isSet([index])) report([index], missing('name', 'HTTPHeader', 'a header needs a name'), 'webhook');
  }
};

/** (webhook) */
export const someCommand: Check<readonly string[]> = (command, report) => {
  if (command.length === 0) report([], outOfRange('0 items', 'at least 1 item'), 'webhook');
};

const METHODS = ['httpGet', 'tcpSocket', 'exec', 'grpc'] as const;

/** (webhook) A probe without a method, or with `grpc`, which the API has and the webhook does not know. */
export const someMethod: Check<unknown> = (_probe, report, { isSet, hasUnreadFields }) => {
  const set = METHODS.filter((method) => isSet([method]));
  if (set.length === 0 && !hasUnreadFields()) {
    report([], missing('httpGet', 'ReadinessProbe', "a probe says how to ask: 'httpGet', 'tcpSocket' or 'exec'"), 'webhook');
  } else if (set.length === 1 && set[0] === 'grpc') {
    report(['grpc'], leftOut('grpc', "Istio's validation knows the probes 'httpGet', 'tcpSocket' and 'exec' only"), 'webhook');
  }
};
