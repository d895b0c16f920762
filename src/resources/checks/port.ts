/** Ports and their protocols (pkg/config/protocol/instance.go, ValidatePort, ValidatePortName). */
import type { Check } from '../field.ts';
import { parseProtocol, protocolGroup } from '../protocol.ts';
import { expectedLabel, isDnsLabel } from './host-name.ts';
import { leftOut, malformed, outOfRange } from './problem.ts';

/** What people should write: UDP and HTTP_PROXY pass, and do nothing on the ports of these kinds. */
const SUGGESTED: readonly string[] = ['HTTP', 'HTTPS', 'HTTP2', 'GRPC', 'GRPC-WEB', 'TLS', 'TCP', 'MONGO', 'REDIS', 'MYSQL'];

/** Whether a protocol, in whatever case, is HTTP by its declaration. */
export const isHttp = (protocol: string | undefined): boolean => protocolGroup(parseProtocol(protocol)) === 'http';

/** Whether a protocol, in whatever case, is TLS with a server name. */
export const isTls = (protocol: string | undefined): boolean => protocolGroup(parseProtocol(protocol)) === 'tls';

/** Whether Istio knows a protocol; the empty text, which has Istio find out by itself, is not one. */
export const isProtocol = (protocol: string): boolean => parseProtocol(protocol) !== 'auto';

/** GW4, DR4 (webhook): a port that no rule of the CRD bounds. */
export const portRange: Check<number> = (value, report) => {
  if (value < 1 || value > 65_535) report([], outOfRange(value, '1 to 65535'), 'webhook');
};

/** VS10, VS13 (webhook): a port of a match or a redirect; 0 is as good as leaving it out. */
export const optionalPort: Check<number> = (value, report, context) => {
  if (value !== 0) portRange(value, report, context);
};

/** SE15, SC5 (webhook): a known protocol, or none. */
export const protocol: Check<string> = (value, report) => {
  if (value !== '' && !isProtocol(value)) report([], { type: 'unknown-value', value, allowed: SUGGESTED }, 'webhook');
};

/** GW4 (webhook): a known protocol; a gateway's port has to say one. */
export const requiredProtocol: Check<string> = (value, report) => {
  if (!isProtocol(value)) report([], { type: 'unknown-value', value, allowed: SUGGESTED }, 'webhook');
};

/** SE14 (webhook). */
export const portName: Check<string> = (value, report) => {
  if (!isDnsLabel(value)) report([], malformed(value, expectedLabel(value)), 'webhook');
};

/** SC5 (webhook): a Sidecar's ports need no name. */
export const optionalPortName: Check<string> = (value, report, context) => {
  if (value !== '') portName(value, report, context);
};

/** SC5, SC12 and GW4 (webhook): the field is deprecated, and refused where it is not 0. */
export const noTargetPort =
  (why: string): Check<number> =>
  (value, report) => {
    if (value > 0) report([], leftOut(value, why), 'webhook');
  };
