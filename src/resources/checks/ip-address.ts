/** IP addresses and CIDR ranges as Go's net/netip reads them, which Istio validates with (pkg/config/validation/agent, ValidateIPSubnet). */
import type { Check } from '../field.ts';
import { malformed } from './problem.ts';

const IPV4_FIELD = /^(?:\d|[1-9]\d|1\d\d|2[0-4]\d|25[0-5])$/;
const IPV6_FIELD = /^[\da-f]{1,4}$/i;

/** An IPv4 or IPv6 address; IPv6 with a zone (`fe80::1%eth0`) is one. */
export function isIpAddress(text: string): boolean {
  return isIpv4(text) || isIpv6(text);
}

/** An address, or a range `10.0.0.0/8`. Bits behind the mask are accepted. */
export function isIpOrCidr(text: string): boolean {
  const slash = text.indexOf('/');
  if (slash === -1 || slash !== text.lastIndexOf('/')) return isIpAddress(text);
  const address = text.slice(0, slash);
  const bits = text.slice(slash + 1);
  if (address.includes('%') || !isIpAddress(address) || !/^(?:0|[1-9]\d{0,2})$/.test(bits)) return false;
  return Number(bits) <= (address.includes(':') ? 128 : 32);
}

function isIpv4(text: string): boolean {
  const fields = text.split('.');
  return fields.length === 4 && fields.every((field) => IPV4_FIELD.test(field));
}

function isIpv6(text: string): boolean {
  const percent = text.indexOf('%');
  if (percent === text.length - 1 && percent !== -1) return false;
  const address = percent === -1 ? text : text.slice(0, percent);
  const halves = address.split('::');
  if (!address.includes(':') || halves.length > 2) return false;
  const [head = '', tail] = halves;
  const first = countFields(head, tail === undefined);
  const second = tail === undefined ? 0 : countFields(tail, true);
  if (first === undefined || second === undefined) return false;
  return tail === undefined ? first === 8 : first + second < 8;
}

/** How many 16-bit fields a piece between `::` holds, or undefined if it is malformed. */
function countFields(piece: string, mayEndInIpv4: boolean): number | undefined {
  if (piece === '') return 0;
  const fields = piece.split(':');
  const last = fields.at(-1) ?? '';
  const endsInIpv4 = mayEndInIpv4 && last.includes('.');
  if (endsInIpv4 && !isIpv4(last)) return undefined;
  const plain = endsInIpv4 ? fields.slice(0, -1) : fields;
  return plain.every((field) => IPV6_FIELD.test(field)) ? plain.length + (endsInIpv4 ? 2 : 0) : undefined;
}

/** SE9, VS28 (webhook): an address or a range of addresses. */
export const ipOrCidr: Check<string> = (value, report) => {
  if (!isIpOrCidr(value)) report([], malformed(value, "an IP address or a range of them, like '192.0.2.1' or '192.0.2.0/24'"), 'webhook');
};
