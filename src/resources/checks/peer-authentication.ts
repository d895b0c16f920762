/** PeerAuthentications (CEL rules `pa-ports-need-selector`, `port-range`). */
import type { Check } from '../field.ts';
import { conflict, empty, malformed, missing, outOfRange } from './problem.ts';

/** PA1 (API server): keys are the numbers of ports. */
export const portNumbers: Check<Readonly<Record<string, unknown>>> = (value, report) => {
  const ports = Object.keys(value);
  if (ports.length === 0) report([], empty('a mapping with at least one port', "add a port, or remove 'portLevelMtls'"), 'api-server');
  for (const port of ports) {
    if (!/^[-+]?\d+$/.test(port)) report([port], malformed(port, "the number of a workload's port"), 'api-server');
    else if (Number(port) < 1 || Number(port) > 65_535) report([port], outOfRange(port, '1 to 65535'), 'api-server');
  }
};

/** PA1 (API server: `pa-ports-need-selector`). */
export const portsOfSome: Check<{ readonly selector?: { readonly matchLabels: Readonly<Record<string, string>> } }> = ({ selector }, report, context) => {
  if (!context.isSet(['portLevelMtls']) || Object.keys(selector?.matchLabels ?? {}).length > 0) return;
  const why = "ports belong to workloads, so a policy with 'portLevelMtls' says by labels for which ones it is";
  if (context.isSet(['selector'])) report(['portLevelMtls'], conflict(`${why}, and this selector has none`, ['selector']), 'api-server');
  else report([], missing('selector', 'PeerAuthentication', why), 'api-server');
};
