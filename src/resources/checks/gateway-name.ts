/** Names of Gateways in VirtualServices (pkg/config/validation/validation.go, validateGatewayNames). */
import type { Check } from '../field.ts';
import { isDnsLabel, isFqdn } from './host-name.ts';
import { malformed } from './problem.ts';

const EXPECTED = "'mesh', the name of a Gateway in this namespace, or 'namespace/name'";

/**
 * VS6 (webhook). Istio looks at the entries up to the first one without a slash, and at none behind it;
 * what follows is not refused, however odd.
 */
export const gatewayNames: Check<readonly string[]> = (value, report) => {
  for (const [index, name] of value.entries()) {
    const slash = name.indexOf('/');
    if (slash === -1) {
      if (!isFqdn(name)) report([index], malformed(name, EXPECTED), 'webhook');
      return;
    }
    if (!isDnsLabel(name.slice(0, slash)) || !isDnsLabel(name.slice(slash + 1))) report([index], malformed(name, EXPECTED), 'webhook');
  }
};
