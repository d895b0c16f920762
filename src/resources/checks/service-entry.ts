/** ServiceEntry as a whole (pkg/config/validation/validation.go, ValidateServiceEntry; CEL rules `se-…` of its CRD). */
import type { Check } from '../field.ts';
import { expectedHostName, isFqdn, isWildcardDomain } from './host-name.ts';
import { isHttp, isProtocol, isTls } from './port.ts';
import { conflict, duplicate, malformed, missing, repeated } from './problem.ts';

interface Port {
  readonly name?: string;
  readonly number?: number;
  readonly protocol?: string;
}

type Resolution = 'NONE' | 'STATIC' | 'DNS' | 'DNS_ROUND_ROBIN' | 'DYNAMIC_DNS';

/** SE11 (API server: list key `name`) and SE12 (API server: `se-port-unique`). */
export const uniquePorts: Check<readonly Port[]> = (ports, report) => {
  for (const { value, index, first } of repeated(ports.map(({ name }) => name))) {
    report([index, 'name'], duplicate(value ?? '', [first, 'name'], 'the ports of the entry'), 'api-server');
  }
  for (const { value, index, first } of repeated(ports.map(({ number }) => number))) {
    report([index, 'number'], duplicate(value ?? 0, [first, 'number'], 'the ports of the entry'), 'api-server');
  }
};

/** SE6 (API server: `se-selector-xor-endpoints`). */
export const selectorOrEndpoints: Check<unknown> = (_entry, report, { isSet }) => {
  if (!isSet(['workloadSelector']) || !isSet(['endpoints'])) return;
  const why = 'the addresses of an entry come either from its own list of endpoints or from workloads that a selector finds, not from both';
  report(['endpoints'], conflict(why, ['workloadSelector']), 'api-server');
};

/** SE17 (API server: `se-none-no-endpoints`; an empty list counts). */
export const noEndpointsForNone: Check<{ readonly resolution: Resolution }> = ({ resolution }, report, { isSet }) => {
  if (resolution !== 'NONE' || !isSet(['endpoints'])) return;
  if (isSet(['resolution'])) {
    const expected = 'STATIC (endpoints that are addresses) or DNS (host names) in an entry with endpoints: with NONE connections go where the client dialed';
    report(['resolution'], { ...malformed(resolution, expected), remedy: 'write STATIC or DNS, or remove the endpoints' }, 'api-server');
  } else {
    const why = 'endpoints need to be resolved (STATIC for addresses, DNS for host names), and an entry without a resolution has NONE';
    report([], missing('resolution', 'ServiceEntry', why), 'api-server');
  }
};

/** SE27 (webhook): only HTTP and TLS carry the name of a host. DYNAMIC_DNS has narrower rules of its own. */
export const oneHostForTcp: Check<{ readonly hosts: readonly string[]; readonly ports: readonly Port[]; readonly resolution: Resolution }> = (
  { hosts, ports, resolution },
  report,
  { isSet },
) => {
  if (resolution === 'NONE' || resolution === 'DYNAMIC_DNS' || hosts.length < 2) return;
  const index = ports.findIndex(({ protocol = '' }) => !isHttp(protocol) && !isTls(protocol) && (protocol === '' || isProtocol(protocol)));
  const port = ports[index];
  if (!port) return;
  const why = 'an entry with several hosts takes only HTTP and TLS, which say which host a connection is for';
  if (!isSet(['ports', index, 'protocol'])) report(['ports', index], missing('protocol', 'ServicePort', why), 'webhook');
  else {
    const problem = malformed(port.protocol ?? '', `HTTP or TLS: ${why}`);
    report(['ports', index, 'protocol'], { ...problem, remedy: 'write one entry for each host, or the protocol that clients really speak' }, 'webhook');
  }
};

/**
 * SE21 (webhook), where there is nothing to look up because a host is a number. Wildcards are the rule wildcard-with-dns'.
 * Istio looks no further than the first host that it cannot look up.
 */
export const lookedUpHosts: Check<{ readonly hosts: readonly string[]; readonly endpoints: readonly unknown[]; readonly resolution: Resolution }> = (
  { hosts, endpoints, resolution },
  report,
) => {
  if ((resolution !== 'DNS' && resolution !== 'DNS_ROUND_ROBIN') || endpoints.length > 0) return;
  const index = hosts.findIndex((host) => host !== '' && !isFqdn(host));
  const host = hosts[index] ?? '*';
  if (!host.startsWith('*') && isWildcardDomain(host)) report(['hosts', index], malformed(host, expectedHostName(host, false)), 'webhook');
};

interface DynamicDns {
  readonly hosts: readonly string[];
  readonly ports: readonly Port[];
  readonly addresses: readonly string[];
  readonly endpoints: readonly unknown[];
  readonly resolution: Resolution;
  readonly location: 'MESH_EXTERNAL' | 'MESH_INTERNAL';
}

/** SE28 (webhook): names are looked up as requests come in, which makes sense for wildcards only. */
export const dynamicDnsHosts: Check<DynamicDns> = ({ hosts, addresses, endpoints, resolution }, report) => {
  if (resolution !== 'DYNAMIC_DNS') return;
  for (const [index, host] of hosts.entries()) {
    if (host.startsWith('*') || !isWildcardDomain(host)) continue;
    report(['hosts', index], malformed(host, "a wildcard, like '*.example.com', because of resolution DYNAMIC_DNS; for single hosts use DNS"), 'webhook');
  }
  const why = (what: string) => `with resolution DYNAMIC_DNS the proxy looks up the name in each request, so there can be no ${what}`;
  if (addresses.length > 0) report(['addresses'], conflict(why('addresses'), ['resolution']), 'webhook');
  if (endpoints.length > 0) report(['endpoints'], conflict(why('endpoints'), ['resolution']), 'webhook');
};

/** SE29 (webhook): the name has to be readable in the traffic. HTTPS is not taken for TLS here. */
export const dynamicDnsProtocols: Check<DynamicDns> = ({ ports, resolution }, report) => {
  if (resolution !== 'DYNAMIC_DNS') return;
  for (const [index, { protocol = '' }] of ports.entries()) {
    if (/^(?:http|http2|grpc|tls)$/i.test(protocol)) continue;
    if (protocol === '') report(['ports', index], missing('protocol', 'ServicePort', 'resolution DYNAMIC_DNS needs HTTP, HTTP2, GRPC or TLS'), 'webhook');
    else if (isProtocol(protocol)) report(['ports', index, 'protocol'], malformed(protocol, 'HTTP, HTTP2, GRPC or TLS for resolution DYNAMIC_DNS'), 'webhook');
  }
};

const USE_WAYPOINT = 'istio.io/use-waypoint';

/** SE30 (webhook). */
export const dynamicDnsLocation: Check<DynamicDns> = ({ resolution, location }, report, { labels }) => {
  const waypoint = labels[USE_WAYPOINT] ?? '';
  if (resolution !== 'DYNAMIC_DNS' || location !== 'MESH_INTERNAL' || waypoint === '' || waypoint.toLowerCase() === 'none') return;
  const why = `an entry behind a waypoint (label ${USE_WAYPOINT}) with resolution DYNAMIC_DNS has to be MESH_EXTERNAL`;
  report(['location'], conflict(why, ['resolution']), 'webhook');
};
