/** Retries (pkg/config/validation/agent/validation.go, ValidateHTTPRetry). */
import { nearest } from '../../text/nearest.ts';
import type { Check } from '../field.ts';
import { malformed, missing } from './problem.ts';

interface Retry {
  readonly attempts?: number;
  readonly perTryTimeout?: string;
  readonly retryOn?: string;
  readonly retryRemoteLocalities?: boolean;
}

/** VS17 (webhook): settings of retries where there are none. */
export const someAttempts: Check<Retry> = (retry, report, { isSet }) => {
  if (retry.attempts) return;
  const settings = (['perTryTimeout', 'retryOn', 'retryRemoteLocalities'] as const).filter((field) => isSet([field]) && retry[field] !== '');
  if (settings.length === 0) return;
  const listed = settings.map((field) => `'${field}'`).join(', ');
  if (isSet(['attempts'])) {
    const problem = malformed(0, `1 or more beside ${listed}: 0 switches retries off`);
    report(['attempts'], { ...problem, remedy: 'write how often to try again, or remove the other settings' }, 'webhook');
  } else {
    const why = `without it there are no retries, and ${listed} may not be set`;
    report([], missing('attempts', 'HTTPRetry', why), 'webhook');
  }
};

/** Conditions of Envoy's `x-envoy-retry-on` and `x-envoy-retry-grpc-on`. */
const CONDITIONS: readonly string[] = [
  '5xx',
  'gateway-error',
  'reset',
  'reset-before-request',
  'connect-failure',
  'retriable-4xx',
  'refused-stream',
  'retriable-status-codes',
  'retriable-headers',
  'envoy-ratelimited',
  'http3-post-connect-failure',
  'cancelled',
  'deadline-exceeded',
  'internal',
  'resource-exhausted',
  'unavailable',
];

/** VS17 (webhook): a list with commas and no spaces. */
export const retryOn: Check<string> = (value, report) => {
  if (value === '') return;
  for (const entry of value.split(',')) {
    if (CONDITIONS.includes(entry) || isStatusCode(entry)) continue;
    report([], malformed(value, `a list of conditions, with commas and without spaces${hint(entry)}`), 'webhook');
    return;
  }
};

function hint(entry: string): string {
  if (entry === '') return '; an entry is empty';
  const trimmed = entry.trim();
  if (trimmed !== entry && (CONDITIONS.includes(trimmed) || isStatusCode(trimmed))) return `; there is a space beside '${trimmed}'`;
  const near = nearest(trimmed, CONDITIONS);
  return `; '${trimmed}' is none${near === undefined ? '' : `, did you mean '${near}'?`}`;
}

/** A status that Go's net/http has a text for. */
function isStatusCode(entry: string): boolean {
  if (!/^[-+]?\d+$/.test(entry)) return false;
  const code = Number(entry);
  return KNOWN.some(([first, last]) => code >= first && code <= last);
}

const KNOWN: readonly (readonly [number, number])[] = [
  [100, 103],
  [200, 208],
  [226, 226],
  [300, 305],
  [307, 308],
  [400, 418],
  [421, 426],
  [428, 429],
  [431, 431],
  [451, 451],
  [500, 508],
  [510, 511],
];
