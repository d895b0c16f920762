/** Injected faults and CORS (pkg/config/validation/validation.go, validateHTTPFaultInjection, validateCORSPolicy). */
import type { Check } from '../field.ts';
import { empty, leftOut } from './problem.ts';

const GRPC_STATUSES: readonly string[] = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
];

/** VS18 (webhook): a fault that does nothing. */
export const someFault: Check<{ readonly abort?: unknown; readonly delay?: unknown }> = ({ abort, delay }, report, { hasUnreadFields }) => {
  if (abort || delay || hasUnreadFields()) return;
  report([], empty("a mapping with 'abort' or 'delay' in it", "set 'abort' or 'delay' in it, or remove it"), 'webhook');
};

/** VS18 (webhook). */
export const grpcStatus: Check<string> = (value, report) => {
  if (!GRPC_STATUSES.includes(value)) report([], { type: 'unknown-value', value, allowed: GRPC_STATUSES }, 'webhook');
};

/** VS18 (webhook): in the API, but not implemented. */
export const unsupported =
  (instead: string): Check<string> =>
  (value, report) => {
    report([], leftOut(value, `Istio does not support it; use '${instead}'`), 'webhook');
  };

const METHODS: readonly string[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', '*'];

/** VS22 (webhook): a method of HTTP in capitals, or all of them. */
export const corsMethod: Check<string> = (value, report) => {
  if (!METHODS.includes(value)) report([], { type: 'unknown-value', value, allowed: METHODS }, 'webhook');
};
