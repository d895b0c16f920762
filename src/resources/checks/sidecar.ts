/** Sidecars as a whole (pkg/config/validation/validation.go, ValidateSidecar). */
import type { Path } from '../../yaml/locate.ts';
import type { Check, ReportProblem } from '../field.ts';
import { expectedHostName, isFqdn, isWildcardDomain } from './host-name.ts';
import { isIpAddress } from './ip-address.ts';
import { isTls } from './port.ts';
import { conflict, duplicate, empty, leftOut, malformed, missing, outOfRange, repeated } from './problem.ts';
import { expectedUnixAddress, isUnixAddress } from './unix-address.ts';

interface Port {
  readonly number?: number;
  readonly protocol?: string;
}

interface Listener {
  readonly port?: Port;
  readonly bind?: string;
}

interface Spec {
  readonly egress: readonly unknown[];
  readonly ingress: readonly unknown[];
  readonly outboundTrafficPolicy?: unknown;
  readonly inboundConnectionPool?: unknown;
}

/** SC1 (webhook): a Sidecar that says nothing; a workloadSelector alone is nothing. */
export const someSetting: Check<Spec> = (spec, report, { hasUnreadFields }) => {
  if (spec.egress.length > 0 || spec.ingress.length > 0 || spec.outboundTrafficPolicy || spec.inboundConnectionPool || hasUnreadFields()) return;
  const expected = "a mapping with at least one of 'egress', 'ingress', 'outboundTrafficPolicy' and 'inboundConnectionPool'";
  report([], { ...empty(expected, "add 'egress' with the hosts that the workloads call"), value: 'a spec that sets nothing' }, 'webhook');
};

/** SC4 (webhook): the listener for all other ports stands last. */
export const lastWithoutPort: Check<readonly Listener[]> = (listeners, report) => {
  for (const [index, { port }] of listeners.entries()) {
    if (port || index === listeners.length - 1) continue;
    const why = 'a listener without a port takes all ports that are left, so only the last one of the list may be without';
    report([index], missing('port', 'IstioEgressListener', why), 'webhook');
  }
};

/** SC5 (webhook): one listener for a port, or for a socket. */
export const uniqueListeners: Check<readonly Listener[]> = (listeners, report) => {
  const numbers = listeners.map(({ port }) => port?.number || undefined);
  for (const { value, index, first } of repeated(numbers)) {
    report([index, 'port', 'number'], duplicate(value ?? 0, [first, 'port', 'number'], 'the listeners'), 'webhook');
  }
  const sockets = listeners.map(({ port, bind }) => (port && !port.number && isUnixAddress(bind ?? '') ? bind : undefined));
  for (const { value, index, first } of repeated(sockets)) {
    report([index, 'bind'], duplicate(value ?? '', [first, 'bind'], 'the listeners'), 'webhook');
  }
};

/** SC5, SC6 (webhook): a listener with a port is bound to an address; one with port 0 to a socket, which iptables cannot feed. */
export const egressBind: Check<Listener & { readonly captureMode: string }> = ({ port, bind = '', captureMode }, report, { isSet }) => {
  if (!port) return;
  if (port.number) {
    addressToBind(bind, report);
    return;
  }
  if (isUnixAddress(bind)) {
    const expected = expectedUnixAddress(bind);
    if (expected !== undefined) report(['bind'], malformed(bind, expected), 'webhook');
  } else {
    const why = "a listener needs a port number from 1 to 65535, or a Unix socket in 'bind'";
    if (isSet(['port', 'number'])) report(['port', 'number'], outOfRange(0, '1 to 65535'), 'webhook');
    else report(['port'], missing('number', 'SidecarPort', why), 'webhook');
  }
  if (captureMode === 'IPTABLES') report(['captureMode'], conflict('iptables redirects connections to ports, not to Unix sockets', ['bind']), 'webhook');
};

/** SC12 (webhook): where an ingress listener listens. */
export const ingressBind: Check<Listener> = ({ bind = '' }, report) => addressToBind(bind, report);

function addressToBind(bind: string, report: ReportProblem): void {
  if (bind !== '' && !isIpAddress(bind)) report(['bind'], malformed(bind, "an IP address, like '127.0.0.1'"), 'webhook');
}

/** SC5 (webhook): a number above all ports. What is below is {@link egressBind}'s. */
export const egressPortNumber: Check<Port> = ({ number = 0 }, report) => {
  if (number > 65_535) report(['number'], outOfRange(number, '1 to 65535'), 'webhook');
};

/** SC12 (webhook): an ingress listener has a port number in any case. */
export const ingressPortNumber: Check<Port> = ({ number }, report) => {
  if (number === undefined) report([], missing('number', 'SidecarPort', 'an ingress listener needs a port number from 1 to 65535'), 'webhook');
  else if (number < 1 || number > 65_535) report(['number'], outOfRange(number, '1 to 65535'), 'webhook');
};

const LOCAL_HOSTS: ReadonlySet<string> = new Set(['', '127.0.0.1', '0.0.0.0', '::1', '::']);

/** SC12 (webhook): the application behind an ingress listener is in the same Pod. */
export const defaultEndpoint: Check<string> = (value, report) => {
  if (value === '' || (isUnixAddress(value) && expectedUnixAddress(value) === undefined)) return;
  const [, ipv6, host = ipv6 ?? '', port = ''] = /^(?:\[([^[\]]*)\]|([^:[\]]*)):([^:[\]]*)$/.exec(value) ?? [];
  const isPort = /^[-+]?\d+$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535;
  if (!isPort || !LOCAL_HOSTS.has(host)) {
    report([], malformed(value, "an address of the same Pod: '127.0.0.1:8080', '0.0.0.0:8080', '[::1]:8080', '[::]:8080' or 'unix:///path'"), 'webhook');
  }
};

interface Tls {
  readonly mode: string;
  readonly httpsRedirect?: boolean;
  readonly credentialName?: string;
  readonly credentialNames: readonly string[];
  readonly tlsCertificates: readonly unknown[];
  readonly subjectAltNames: readonly string[];
  readonly serverCertificate?: string;
  readonly privateKey?: string;
  readonly caCertificates?: string;
}

/** SC12 (webhook): what TLS at a sidecar's own port leaves out of what a gateway's servers have. */
export const ingressTls: Check<{ readonly port?: Port; readonly tls?: Tls }> = ({ port, tls }, report) => {
  if (!tls) return;
  if (port && !isTls(port.protocol)) report(['tls'], conflict('TLS is terminated on ports with protocol HTTPS or TLS only', ['port', 'protocol']), 'webhook');
  const set: readonly (readonly [keyof Tls, boolean])[] = [
    ['subjectAltNames', tls.subjectAltNames.length > 0],
    ['httpsRedirect', tls.httpsRedirect === true],
    ['credentialName', Boolean(tls.credentialName)],
    ['credentialNames', tls.credentialNames.length > 0],
    ['tlsCertificates', tls.tlsCertificates.length > 0],
  ];
  for (const [field, isUsed] of set) {
    const why = /^(?:credential|tlsCert)/.test(field)
      ? 'a Sidecar takes its certificates from files: serverCertificate, privateKey'
      : 'Sidecars do not support it';
    if (isUsed) report(['tls', field], leftOut('', why), 'webhook');
  }
  if (tls.mode === 'ISTIO_MUTUAL' || tls.mode === 'AUTO_PASSTHROUGH') {
    report(['tls', 'mode'], malformed(tls.mode, 'SIMPLE, MUTUAL, OPTIONAL_MUTUAL or PASSTHROUGH in a Sidecar; mesh mTLS is on without it'), 'webhook');
  } else missingFiles(tls, (path, ...rest) => report(['tls', ...path], ...rest));
};

/** GW14 for Sidecars (webhook): the files of a mode that terminates TLS. */
function missingFiles(tls: Tls, report: ReportProblem): void {
  const isMutual = tls.mode === 'MUTUAL' || tls.mode === 'OPTIONAL_MUTUAL';
  if ((!isMutual && tls.mode !== 'SIMPLE') || tls.credentialName || tls.credentialNames.length > 0) return;
  const needed: readonly (keyof Tls)[] = tls.tlsCertificates.length > 0 ? [] : ['serverCertificate', 'privateKey'];
  for (const field of isMutual ? [...needed, 'caCertificates' as const] : needed) {
    if (!tls[field]) report([], missing(field, 'ServerTLSSettings', `mode ${tls.mode} needs the path of this file inside of the proxy`), 'webhook');
  }
}

interface EgressProxy {
  readonly mode: string;
  readonly egressProxy?: { readonly host?: string; readonly port?: unknown };
}

/** SC10 (webhook): unknown traffic is sent through a proxy only where it is allowed at all. */
export const egressProxy: Check<EgressProxy> = ({ mode, egressProxy: proxy }, report) => {
  if (!proxy) return;
  const path: Path = ['egressProxy'];
  if (mode !== 'ALLOW_ANY') {
    report(
      path,
      conflict('egressProxy takes what mode ALLOW_ANY lets out; REGISTRY_ONLY, which an omitted mode means here, lets nothing out', ['mode']),
      'webhook',
    );
    return;
  }
  const { host = '', port } = proxy;
  // What is no wildcard either is the destination's own problem.
  if (isWildcardDomain(host) && host !== '*' && !isFqdn(host)) report([...path, 'host'], malformed(host, expectedHostName(host, false)), 'webhook');
  if (!port) report(path, missing('port', 'Destination', 'the port of the egress proxy has to be said'), 'webhook');
};
