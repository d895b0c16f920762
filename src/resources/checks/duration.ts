/** Durations in Go's syntax (time.ParseDuration), which both the CRDs' CEL rule and Istio's decoder read. */
import type { Check } from '../field.ts';
import { malformed, outOfRange } from './problem.ts';

const NANOSECONDS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};
const WHOLE = /^[-+]?(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|\u00b5s|\u03bcs|ms|s|m|h))+$/;
const PART = /(\d*)(?:\.(\d*))?(ns|us|\u00b5s|\u03bcs|ms|s|m|h)/g;
const MAX = 2n ** 63n - 1n;

/** The nanoseconds of a duration, or undefined if it is none. A bare `0` is one, every other number needs its unit. */
export function parseDuration(text: string): bigint | undefined {
  if (/^[-+]?0$/.test(text)) return 0n;
  if (!WHOLE.test(text)) return undefined;
  let total = 0n;
  for (const [, whole = '', fraction = '', unit = ''] of text.matchAll(PART)) {
    const size = NANOSECONDS[unit] ?? 0n;
    const digits = fraction.slice(0, 18);
    total += BigInt(whole || '0') * size + (BigInt(digits || '0') * size) / 10n ** BigInt(digits.length);
  }
  if (total > MAX) return undefined;
  return text.startsWith('-') ? -total : total;
}

const EXPECTED = "a duration with its unit, like '10s', '1m30s' or '500ms'";

/** Reports what is no duration at all. @returns its nanoseconds */
function read(value: string, report: Parameters<Check<string>>[1], refusedBy: 'api-server' | 'webhook'): bigint | undefined {
  const nanoseconds = parseDuration(value);
  if (nanoseconds === undefined) report([], malformed(value, /^\d+$/.test(value) ? `${EXPECTED}; '${value}' has none` : EXPECTED), refusedBy);
  return nanoseconds;
}

/** D7, VS16, DR14: text that Istio's decoder refuses (webhook) where no rule of the CRD looks at it. Any length, also negative. */
export const anyDuration: Check<string> = (value, report) => {
  read(value, report, 'webhook');
};

/** D7, VS16 (API server: `duration-1ms`): a duration of 1 ms or more. */
export const positiveDuration: Check<string> = (value, report) => {
  const nanoseconds = read(value, report, 'api-server');
  if (nanoseconds !== undefined && nanoseconds < 1_000_000n) report([], outOfRange(value, 'at least 1ms'), 'api-server');
};

/** VS16, DR12, DR14 (webhook, ValidateDuration): whole milliseconds. */
export const wholeMilliseconds: Check<string> = (value, report) => {
  const nanoseconds = parseDuration(value) ?? 0n;
  if (nanoseconds >= 1_000_000n && nanoseconds % 1_000_000n !== 0n) report([], malformed(value, 'a duration of whole milliseconds'), 'webhook');
};

/** VS16 (webhook): `corsPolicy.maxAge` is sent to browsers in seconds. */
export const wholeSeconds: Check<string> = (value, report) => {
  const nanoseconds = parseDuration(value) ?? 0n;
  if (nanoseconds >= 1_000_000n && nanoseconds % 1_000_000_000n !== 0n) report([], malformed(value, 'a duration of whole seconds'), 'webhook');
};

/** DR14 (webhook): `tcp.idleTimeout`, where anything below 1 ms, `0s` above all, switches the timeout off. */
export const idleTimeout: Check<string> = (value, report) => {
  const nanoseconds = read(value, report, 'webhook');
  if (nanoseconds === undefined) return;
  if (nanoseconds <= -1_000_000n) report([], outOfRange(value, 'at least 1ms, or 0s to switch the timeout off'), 'webhook');
  else if (nanoseconds >= 1_000_000n && nanoseconds % 1_000_000n !== 0n) report([], malformed(value, 'a duration of whole milliseconds'), 'webhook');
};
