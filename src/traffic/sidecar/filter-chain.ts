import { canonicalBlock } from '../terms/address.ts';
import type { WeightedCluster } from '../terms/decision.ts';
import type { Reason } from '../terms/reason.ts';

/** One filter chain of a sidecar's listener: what it fits, and what it does. Istio: pilot/pkg/networking/core/listener.go, filterChainOpts. */
export interface FilterChain {
  readonly serverNames: readonly string[];
  /** Blocks of destination addresses. */
  readonly blocks: readonly string[];
  /** Whether it takes plaintext HTTP only, which the listener then has to recognize. */
  readonly detectsHttp: boolean;
  /** `http`: reads requests and routes them by Host; otherwise where bytes go. */
  readonly does: 'http' | readonly WeightedCluster[];
  /** The rule of a VirtualService. */
  readonly route?: { readonly name: string; readonly at: Reason };
  readonly reasons: readonly { readonly what: string; readonly at: Reason }[];
}

/** L-9: chains with one and the same condition; the later one is dropped. Istio: listener.go, conflictsWith. */
export function conditionOf({ serverNames, blocks, detectsHttp }: FilterChain): string {
  return JSON.stringify([detectsHttp, distinct(serverNames.filter((name) => name !== '*')), distinct(effective(blocks).map(canonicalBlock))]);
}

/** L-3: whether a chain fits everything; it is then what is left for all that fits no other. Istio: listener.go, isMatchAll. */
export function fitsEverything({ serverNames, blocks, detectsHttp }: FilterChain): boolean {
  return (serverNames.length === 0 || serverNames.includes('*')) && blocks.length === 0 && !detectsHttp;
}

/** What Envoy is told of a chain: a star among the names, or a block of all addresses, leaves the condition out. */
export function asEnvoyHasIt(chain: FilterChain): FilterChain {
  return { ...chain, serverNames: chain.serverNames.includes('*') ? [] : chain.serverNames, blocks: effective(chain.blocks) };
}

/** How a chain's condition reads in Envoy's configuration. */
export function matchText({ serverNames, blocks, detectsHttp }: FilterChain): string {
  const parts = [
    ...blocks.map((block) => `ip=${block}`),
    ...(serverNames.length > 0 ? [`sni=${[...serverNames].sort().join(',')}`] : []),
    ...(detectsHttp ? ['transport=raw_buffer app=http/1.1,h2c'] : []),
  ];
  return parts.join(' ');
}

const ALL_ADDRESSES = /^0\.0\.0\.0(?:\/|$)/;

function effective(blocks: readonly string[]): readonly string[] {
  return blocks.filter((block) => !ALL_ADDRESSES.test(block));
}

function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort();
}
