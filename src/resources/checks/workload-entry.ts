/** Endpoints: WorkloadEntry messages, within a ServiceEntry or as objects of their own (validateWorkloadEntry; CEL rules `we-…`). */
import type { Check } from '../field.ts';
import { expectedHostName, expectedLabel, isDnsLabel, isFqdn } from './host-name.ts';
import { isIpAddress } from './ip-address.ts';
import { conflict, malformed, missing } from './problem.ts';
import { expectedUnixAddress, isUnixAddress } from './unix-address.ts';

interface Endpoint {
  readonly address?: string;
  readonly network?: string;
  readonly ports: Readonly<Record<string, number>>;
}

/** SE20 (API server: `we-uds-path`, `we-uds-file`): the form of a socket's address. */
export const unixAddress: Check<string> = (value, report) => {
  if (!isUnixAddress(value)) return;
  const expected = expectedUnixAddress(value) ?? (value.endsWith('/') ? expectedUnixAddress('unix://') : undefined);
  if (expected !== undefined) report([], malformed(value, expected), 'api-server');
};

/** SE25 (API server: `we-port-name`): keys are names of the entry's ports. */
export const endpointPortNames: Check<Readonly<Record<string, unknown>>> = (value, report) => {
  for (const name of Object.keys(value)) {
    if (!isDnsLabel(name) || name.length >= 63) report([name], malformed(name, expectedLabel(name).replace('63', '62')), 'api-server');
  }
};

/** `we-address-or-network` (API server). */
export const addressOrNetwork: Check<Endpoint> = (_endpoint, report, { isSet }) => {
  if (isSet(['address']) || isSet(['network'])) return;
  report([], missing('address', 'WorkloadEntry', 'an endpoint is an IP address or a host name'), 'api-server');
};

/** SE20 (API server: `we-uds-no-ports`). */
export const noPortsForUnix: Check<Endpoint> = ({ address = '' }, report, { isSet }) => {
  if (isUnixAddress(address) && isSet(['ports'])) report(['ports'], conflict('a Unix socket has no ports', ['address']), 'api-server');
};

/** (webhook) The address of a WorkloadEntry: who selects it decides later how it is resolved. */
export const someAddress: Check<Endpoint> = ({ address = '', network = '' }, report, { isSet }) => {
  if (address === '') {
    // Without the field the API server has refused already.
    if (network === '' && isSet(['address'])) report(['address'], malformed('', expectedAddress('', '', false) ?? ''), 'webhook');
  } else if (!isUnixAddress(address)) {
    const expected = expectedAddress(address, network, false);
    if (expected !== undefined) report(['address'], malformed(address, expected), 'webhook');
  }
};

interface Entry {
  readonly resolution: string;
  readonly endpoints: readonly Endpoint[];
  readonly ports: readonly unknown[];
}

/** SE19, SE23 (webhook): STATIC takes addresses and sockets, the DNS resolutions addresses and host names. */
export const endpointAddresses: Check<Entry> = ({ resolution, endpoints }, report, { isSet }) => {
  if (resolution === 'NONE' || resolution === 'DYNAMIC_DNS') return;
  for (const [index, { address = '', network = '' }] of endpoints.entries()) {
    const path = ['endpoints', index];
    const expected = expectedAddress(address, network, resolution === 'STATIC');
    if (expected === undefined) continue;
    if (isSet([...path, 'address'])) report([...path, 'address'], malformed(address, expected), 'webhook');
    else if (isSet([...path, 'network'])) report(path, missing('address', 'WorkloadEntry', `resolution ${resolution} needs one`), 'webhook');
  }
};

function expectedAddress(address: string, network: string, isStatic: boolean): string | undefined {
  if (isIpAddress(address)) return undefined;
  if (!isStatic) {
    if (isFqdn(address)) return undefined;
    return isUnixAddress(address) ? 'an IP address or a host name: sockets need resolution STATIC' : `an IP address, or ${expectedHostName(address, false)}`;
  }
  if (isUnixAddress(address) || (address === '' && network !== '')) return undefined;
  return isFqdn(address) ? 'an IP address, because of resolution STATIC; for host names use resolution DNS' : "an IP address, like '192.0.2.1'";
}

/** SE20 (webhook): a socket is behind one port, or nobody could tell which. */
export const onePortForUnix: Check<Entry> = ({ resolution, endpoints, ports }, report) => {
  if (resolution !== 'STATIC' || ports.length === 1) return;
  const index = endpoints.findIndex(({ address = '' }) => isUnixAddress(address));
  if (index === -1) return;
  const why = `an entry whose endpoint is a Unix socket has exactly one port, and this one has ${ports.length}`;
  report(['endpoints', index, 'address'], conflict(why, ['ports']), 'webhook');
};
