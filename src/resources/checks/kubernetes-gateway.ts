/** Gateways of the Gateway API (CEL rules of its CRD). The API server refuses, for everybody. */
import type { Check } from '../field.ts';
import { isIpAddress } from './ip-address.ts';
import { conflict, duplicate, malformed, missing, repeated } from './problem.ts';

interface Listener {
  readonly name?: string;
  readonly hostname?: string;
  readonly port?: number;
  readonly protocol?: string;
  readonly tls?: { readonly mode: string };
}

const PLAIN: readonly string[] = ['HTTP', 'TCP', 'UDP'];

/** Listeners are told apart by port, protocol and host name. */
export const distinctListeners: Check<readonly Listener[]> = (listeners, report) => {
  const keys = listeners.map(({ port, protocol, hostname }) =>
    port === undefined || protocol === undefined ? undefined : JSON.stringify([port, protocol, hostname ?? null]),
  );
  for (const { index, first } of repeated(keys)) {
    const { port, protocol } = listeners[index] ?? {};
    const why = `two listeners of one port (${port}) and protocol (${protocol}) need different hostnames`;
    report([index, 'hostname'], conflict(why, [first]), 'api-server');
  }
};

/** Which protocols take TLS, and in which mode. */
export const listenerTls: Check<readonly Listener[]> = (listeners, report, { isSet }) => {
  for (const [index, { protocol = '', tls }] of listeners.entries()) {
    const path = [index, 'tls'];
    const protocolPath = [index, 'protocol'];
    if (PLAIN.includes(protocol) && isSet(path)) {
      report(path, conflict(`a listener of protocol ${protocol} has no TLS; with HTTPS or TLS it may`, protocolPath), 'api-server');
    } else if (protocol === 'HTTPS' && tls && tls.mode !== 'Terminate') {
      report([...path, 'mode'], conflict('a listener of protocol HTTPS ends TLS; for Passthrough the protocol is TLS', protocolPath), 'api-server');
    } else if (protocol === 'TLS' && !isSet(path)) {
      const why = 'a listener of protocol TLS says whether it ends TLS (mode Terminate) or passes it on (mode Passthrough)';
      report([index], missing('tls', 'Listener', why), 'api-server');
    }
  }
};

export const listenerHostname: Check<readonly Listener[]> = (listeners, report) => {
  for (const [index, { protocol, hostname }] of listeners.entries()) {
    if ((protocol !== 'TCP' && protocol !== 'UDP') || !hostname) continue;
    report([index, 'hostname'], conflict(`${protocol} does not say which host is meant`, [index, 'protocol']), 'api-server');
  }
};

/** The mode is Terminate where it is not written. */
export const someCertificate: Check<{ readonly mode: string; readonly certificateRefs: readonly unknown[]; readonly options: object }> = (
  { mode, certificateRefs, options },
  report,
  { hasUnreadFields },
) => {
  if (mode !== 'Terminate' || certificateRefs.length > 0 || Object.keys(options).length > 0 || hasUnreadFields()) return;
  const why = "to end TLS, which mode Terminate (also where no mode is written) means, the listener needs a certificate or 'options'";
  report([], missing('certificateRefs', 'ListenerTLSConfig', why), 'api-server');
};

export const distinctPorts: Check<readonly { readonly port?: number }[]> = (items, report) => {
  for (const { value, index, first } of repeated(items.map(({ port }) => port))) {
    report([index, 'port'], duplicate(value ?? 0, [first, 'port'], 'the ports of the list'), 'api-server');
  }
};

interface Address {
  readonly type?: string;
  readonly value?: string;
}

export const distinctAddresses: Check<readonly Address[]> = (addresses, report) => {
  const keys = addresses.map(({ type = 'IPAddress', value }) =>
    value !== undefined && (type === 'IPAddress' || type === 'Hostname') ? `${type} ${value}` : undefined,
  );
  for (const { index, first } of repeated(keys)) {
    report([index, 'value'], duplicate(addresses[index]?.value ?? '', [first, 'value'], 'the addresses'), 'api-server');
  }
};

/** The value of an address is of its type; types of other makers hold anything. */
export const addressValue: Check<Address> = ({ type = 'IPAddress', value }, report) => {
  if (value === undefined) return;
  const isIp = isIpAddress(value) && !value.includes('%');
  if (type === 'IPAddress' && !isIp) report(['value'], malformed(value, 'an IP address, because of type IPAddress, which an omitted type means'), 'api-server');
  if (type === 'Hostname' && !HOST.test(value)) report(['value'], malformed(value, "a host name in small letters, like 'gateway.example.com'"), 'api-server');
};

const HOST = /^(?:\*\.)?[a-z\d](?:[-a-z\d]*[a-z\d])?(?:\.[a-z\d](?:[-a-z\d]*[a-z\d])?)*$/;
const KEY = /^(?:[a-z\d](?:[-a-z\d]*[a-z\d])?(?:\.[a-z\d](?:[-a-z\d]*[a-z\d])?)*\/)?(?:[A-Za-z\d][-A-Za-z\d_.]{0,61})?[A-Za-z\d]$/;

/** Keys of labels and annotations that the gateway's own objects get. */
export const metadataKeys: Check<Readonly<Record<string, string>>> = (value, report) => {
  for (const key of Object.keys(value)) {
    const isGood = KEY.test(key) && (key.split('/')[0] ?? '').length < 253;
    if (!isGood) report([key], malformed(key, "a key like 'app' or 'example.com/app'"), 'api-server');
  }
};

/** The value of a label that the gateway's own objects get. */
export const labelText: Check<string> = (value, report) => {
  if (!/^(?:(?:[A-Za-z\d][-A-Za-z\d_.]*)?[A-Za-z\d])?$/.test(value)) {
    report([], malformed(value, "a label's value: letters, digits, '-', '_' and '.', with a letter or digit at both ends"), 'api-server');
  }
};
