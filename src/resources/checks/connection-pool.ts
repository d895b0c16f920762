/** Connection pools of DestinationRules and Sidecars (validateConnectionPool). */
import type { Check } from '../field.ts';
import { conflict, empty, missing, outOfRange } from './problem.ts';

/** DR14, SC14 (webhook): a pool that sets nothing. */
export const somePool: Check<{ readonly tcp?: unknown; readonly http?: unknown }> = ({ tcp, http }, report, { hasUnreadFields }) => {
  if (tcp || http || hasUnreadFields()) return;
  report([], empty("a mapping with 'tcp' or 'http' in it", "set 'tcp' or 'http' in it, or remove it"), 'webhook');
};

/** DR14, SC14, VS17, VS24 (webhook): a number below 0. */
export const notNegative: Check<number> = (value, report) => {
  if (value < 0) report([], outOfRange(value, '0 or more'), 'webhook');
};

/** DR14, SC14 (webhook): upgrading to HTTP/2 and keeping the client's version contradict each other. */
export const oneHttpVersion: Check<{ readonly h2UpgradePolicy: string; readonly useClientProtocol?: boolean }> = (
  { h2UpgradePolicy, useClientProtocol },
  report,
) => {
  if (h2UpgradePolicy !== 'UPGRADE' || !useClientProtocol) return;
  const why = "h2UpgradePolicy UPGRADE sends HTTP/2 whatever the client speaks, and useClientProtocol keeps the client's version";
  report(['useClientProtocol'], conflict(why, ['h2UpgradePolicy']), 'webhook');
};

/** DR14, SC14 (webhook): `http2KeepAlive` with one of its two durations only. */
export const wholeKeepalive: Check<unknown> = (_keepalive, report, { isSet }) => {
  for (const field of ['interval', 'timeout']) {
    if (!isSet([field])) report([], missing(field, 'ConnectionKeepalive', 'HTTP/2 keepalive needs both an interval and a timeout'), 'webhook');
  }
};
