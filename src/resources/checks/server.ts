/** Gateway servers (pkg/config/validation/validation.go, ValidateGateway, validateServer). TLS is the rule incomplete-server-tls's. */
import type { Check } from '../field.ts';
import { isIpAddress } from './ip-address.ts';
import { conflict, duplicate, malformed, outOfRange, repeated } from './problem.ts';
import { expectedUnixAddress, isUnixAddress } from './unix-address.ts';

interface Server {
  readonly port?: { readonly number?: number; readonly name?: string };
  readonly bind?: string;
}

/** GW2 (webhook). An empty list or none. */
export const someServer: Check<{ readonly servers: readonly unknown[] }> = ({ servers }, report, { isSet, hasUnreadFields }) => {
  if (servers.length > 0 || hasUnreadFields()) return;
  if (isSet(['servers'])) report(['servers'], outOfRange('0 items', 'at least 1 item'), 'webhook');
  else report([], { type: 'missing-field', field: 'servers', within: 'Gateway', why: 'a Gateway without servers listens on nothing' }, 'webhook');
};

/** GW3, SC7, VS25 (webhook): a list that the API server lets be empty. */
export const someItem: Check<readonly unknown[]> = (items, report) => {
  if (items.length === 0) report([], outOfRange('0 items', 'at least 1 item'), 'webhook');
};

/** GW5 (webhook): by port names Istio keeps the servers of a Gateway apart. */
export const uniquePortNames: Check<readonly Server[]> = (servers, report) => {
  for (const { value, index, first } of repeated(servers.map(({ port }) => port?.name))) {
    report([index, 'port', 'name'], duplicate(value ?? '', [first, 'port', 'name'], 'the ports of the Gateway'), 'webhook');
  }
};

/** GW4 (webhook): port 0 is for sockets. */
export const serverPort: Check<Server> = ({ port, bind = '' }, report) => {
  if (port?.number === undefined) return;
  const { number } = port;
  if (isUnixAddress(bind) ? number > 65_535 : number < 1 || number > 65_535) report(['port', 'number'], outOfRange(number, '1 to 65535'), 'webhook');
};

/** GW6 (webhook): an address or a socket; a socket has no port. */
export const serverBind: Check<Server> = ({ port, bind = '' }, report) => {
  if (!isUnixAddress(bind)) {
    if (bind !== '' && !isIpAddress(bind)) report(['bind'], malformed(bind, "an IP address or a Unix socket ('unix:///path')"), 'webhook');
    return;
  }
  const expected = expectedUnixAddress(bind);
  if (expected !== undefined) report(['bind'], malformed(bind, expected), 'webhook');
  if (port?.number) report(['port', 'number'], malformed(port.number, '0, because the server is bound to a Unix socket'), 'webhook');
};

/** GW4 (webhook): a port's name that is written and empty. */
export const somePortName: Check<string> = (value, report) => {
  if (value === '') report([], malformed(value, 'a name, such as the protocol and number of the port; it is empty'), 'webhook');
};

/**
 * GW15 (webhook). With a Secret, Istio gets to this check only in the modes that use no certificate at all;
 * SIMPLE, MUTUAL and OPTIONAL_MUTUAL pass, and the list is not read.
 */
export const revocationList: Check<{
  readonly mode: string;
  readonly caCrl?: string;
  readonly credentialName?: string;
  readonly credentialNames: readonly string[];
}> = ({ mode, caCrl, credentialName, credentialNames }, report) => {
  if (!caCrl) return;
  const isPassedThrough = mode === 'PASSTHROUGH' || mode === 'AUTO_PASSTHROUGH';
  if (credentialName && isPassedThrough) {
    report(['caCrl'], conflict('a revocation list belongs into the Secret that credentialName names', ['credentialName']), 'webhook');
  } else if (mode === 'SIMPLE' && !credentialName && credentialNames.length === 0) {
    report(['caCrl'], conflict('mode SIMPLE asks clients for no certificate, so there is none to look up in a revocation list', ['mode']), 'webhook');
  }
};
