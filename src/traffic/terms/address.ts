/**
 * Addresses that no file tells, but that listeners and connections have to agree on. They are written so that they are never taken for real ones;
 * the part before the colon is what listener names show of them (`vip_443`, `pod_9000`).
 */

interface Allocated {
  readonly namespace: string;
  readonly host: string;
  readonly age: { readonly name: string };
  readonly allocatedAddress?: string;
}

/** L-14: the address that istiod allocates to a host without one, for clients with DNS capture. */
export function automaticAddress(service: Allocated): string {
  return service.allocatedAddress ?? `vip:${service.namespace}/${service.age.name}/${service.host}`;
}

/** The address of a Pod that is made up for a selector, or of one whose file gives none. */
export function madeUpPodAddress(namespace: string, name: string): string {
  return `pod:${namespace}/${name}`;
}

/** The address that the cluster gives to a Service whose file tells none. */
export function clusterAddress(namespace: string, name: string): string {
  return `service:${namespace}/${name}`;
}

/** An address as the name of a listener shows it. */
export function shownAddress(address: string): string {
  return /^(?:vip|pod|service):/.test(address) ? address.slice(0, address.indexOf(':')) : address;
}

/** An address in words, where no file tells it. */
export function addressText(address: string): string {
  const [, sort, namespace, name = ''] = /^(pod|service|vip):([^/]*)\/(.*)$/.exec(address) ?? [];
  switch (sort) {
    case 'pod':
      return `Pod ${namespace}/${name.replace(/-synth$/, '')}`;
    case 'service':
      return `Service ${namespace}/${name}`;
    case 'vip':
      return `the automatic address of ${name.slice(name.indexOf('/') + 1)}`;
    default:
      return address;
  }
}

/** A block of addresses, rather than one. */
export function isBlock(address: string): boolean {
  return address.includes('/') && shownAddress(address) === address;
}

interface Bits {
  readonly value: bigint;
  readonly width: 32 | 128;
}

/** Whether an address lies within a block (`10.0.0.0/8`) or is the address given. Made-up addresses lie in none. */
export function isWithin(address: string, block: string): boolean {
  const [base = '', length] = block.split('/');
  const ip = bitsOf(address);
  const other = bitsOf(base);
  if (!ip || !other || ip.width !== other.width) return false;
  const shift = BigInt(ip.width - prefixLength(block, length, ip.width));
  return ip.value >> shift === other.value >> shift;
}

/** A block as Envoy has it: the address cut to its prefix (`10.1.2.3/8` is `10.0.0.0/8`). Text that is no block stays. */
export function canonicalBlock(block: string): string {
  const [base = '', length] = block.split('/');
  const bits = bitsOf(base);
  if (!bits) return block;
  const prefix = prefixLength(block, length, bits.width);
  const shift = BigInt(bits.width - prefix);
  return `${(bits.value >> shift) << shift}/${prefix}/${bits.width}`;
}

/** How many bits of an address a block fixes. */
export function prefixOf(block: string): number {
  const [base = '', length] = block.split('/');
  return prefixLength(block, length, base.includes(':') ? 128 : 32);
}

function prefixLength(block: string, length: string | undefined, width: number): number {
  return block.includes('/') ? Math.min(Number(length), width) : width;
}

const V4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;

function bitsOf(address: string): Bits | undefined {
  const v4 = V4.exec(address);
  if (v4) return { value: v4.slice(1).reduce((sum, part) => (sum << 8n) | BigInt(part), 0n), width: 32 };
  const groups = groupsOf(address);
  return groups && { value: groups.reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n), width: 128 };
}

const HEX = /^[\da-f]{1,4}$/i;

/** The eight groups of an IPv6 address, `::` filled up. */
function groupsOf(address: string): readonly string[] | undefined {
  const halves = address.split('::').map((half) => (half === '' ? [] : half.split(':')));
  const [head = [], tail = []] = halves;
  const missing = 8 - head.length - tail.length;
  if (halves.length > 2 || (halves.length === 1 ? missing !== 0 : missing < 1)) return undefined;
  const groups = [...head, ...Array.from({ length: missing }, () => '0'), ...tail];
  return groups.every((group) => HEX.test(group)) ? groups : undefined;
}

/** Whether a text is an address, written or made up, rather than a name to look up. */
export function isIpAddress(text: string): boolean {
  return V4.test(text) || groupsOf(text.replace(/^\[(.*)\]$/, '$1')) !== undefined || shownAddress(text) !== text;
}

/** L-14: whether an address is an automatic one, which only proxies know. */
export function isAutomaticAddress(address: string): boolean {
  return address.startsWith('vip:');
}
