import { addTo } from '../../mesh/group-by.ts';
import { canonicalBlock, isWithin, prefixOf, shownAddress } from '../terms/address.ts';
import type { Connection } from '../terms/connection.ts';
import { bestByServerName, isImpossibleServerName } from '../terms/server-name.ts';
import type { Service } from '../terms/service.ts';
import { asEnvoyHasIt, type FilterChain, fitsEverything } from './filter-chain.ts';
import type { ListenerEntry } from './listener-entries.ts';

/** A listener of a sidecar as Envoy has it. */
export class OutboundListener {
  readonly name: string;
  /** Why Envoy refuses it as a whole; undefined where it does not (R-4). */
  readonly refused: Refusal | undefined;
  readonly sniffedFor: Service | undefined;
  readonly endpoint: ListenerEntry['endpoint'];
  /** What is left for connections that fit no other chain; undefined where the outbound policy decides. */
  readonly defaultChain: FilterChain | undefined;
  /** Whether any chain asks for server names; without one Envoy does not look for TLS, and its bytes count as plaintext that is not HTTP. */
  private readonly noticesTls: boolean;
  private readonly withBlocks: readonly FilterChain[];
  private readonly withoutBlocks: ChainsByServerName;

  constructor(entry: ListenerEntry, port: number) {
    this.name = `${shownAddress(entry.bind)}_${port}`;
    this.sniffedFor = entry.sniffedFor;
    this.endpoint = entry.endpoint;
    this.noticesTls = entry.chains.some(({ serverNames }) => serverNames.length > 0);
    this.defaultChain = entry.chains.findLast(fitsEverything);
    const chains = entry.chains.filter((chain) => !fitsEverything(chain)).map(asEnvoyHasIt);
    this.withBlocks = chains.filter(({ blocks }) => blocks.length > 0);
    this.withoutBlocks = new ChainsByServerName(chains.filter(({ blocks }) => blocks.length === 0));
    this.refused = refusal(chains);
  }

  /** L-2: the chain that a connection gets: address, then server name, then whether it is plaintext HTTP. There is no way back. */
  chainFor(connection: Connection): FilterChain | undefined {
    const [layer] = connection.tls;
    const sni = layer?.sni.toLowerCase() ?? '';
    const near = closest(this.withBlocks, connection.ip);
    const named = near.length > 0 ? bestByServerName(near, ({ serverNames }) => serverNames, sni) : this.withoutBlocks.for(sni);
    const isHttp = layer === undefined && connection.http;
    // All that is not TLS is compared with the chains for plaintext first, and only HTTP fits those.
    const detecting = layer === undefined || !this.noticesTls ? named.filter(({ detectsHttp }) => detectsHttp) : [];
    const fitting = detecting.length === 0 ? named.filter(({ detectsHttp }) => !detectsHttp) : isHttp ? detecting : [];
    return fitting[0] ?? this.defaultChain;
  }
}

/** Chains found by server name, however many there are. */
class ChainsByServerName {
  private readonly byName = new Map<string, FilterChain[]>();
  private readonly unnamed: readonly FilterChain[];

  constructor(chains: readonly FilterChain[]) {
    this.unnamed = chains.filter(({ serverNames }) => serverNames.length === 0);
    for (const chain of chains) {
      for (const name of chain.serverNames) addTo(this.byName, name, chain);
    }
  }

  for(sni: string): readonly FilterChain[] {
    if (sni === '') return this.unnamed;
    const exact = this.byName.get(sni);
    if (exact) return exact;
    for (let dot = sni.indexOf('.'); dot !== -1; dot = sni.indexOf('.', dot + 1)) {
      const found = this.byName.get(`*${sni.slice(dot)}`);
      if (found) return found;
    }
    return this.unnamed;
  }
}

/** Those with the longest block around an address. */
function closest(chains: readonly FilterChain[], ip: string | undefined): readonly FilterChain[] {
  if (ip === undefined || chains.length === 0) return [];
  const ranked = chains.map((chain) => ({ chain, bits: Math.max(...chain.blocks.map((block) => (isWithin(ip, block) ? prefixOf(block) : -1))) }));
  const best = Math.max(...ranked.map(({ bits }) => bits));
  return best < 0 ? [] : ranked.filter(({ bits }) => bits === best).map(({ chain }) => chain);
}

/** Why Envoy refuses a listener, and the fields that made the chains at fault. */
export interface Refusal {
  readonly why: string;
  readonly reasons: FilterChain['reasons'];
}

function refusal(chains: readonly FilterChain[]): Refusal | undefined {
  const seen = new Map<string, FilterChain>();
  for (const chain of chains) {
    const { serverNames, blocks, detectsHttp } = chain;
    const impossible = serverNames.find(isImpossibleServerName);
    if (impossible !== undefined) return { why: `the server name ${impossible} has a star inside`, reasons: chain.reasons };
    for (const name of new Set(serverNames.length > 0 ? serverNames.map((text) => text.toLowerCase()) : [''])) {
      for (const block of new Set(blocks.length > 0 ? blocks.map(canonicalBlock) : [''])) {
        const condition = `${name} ${block} ${detectsHttp}`;
        const same = seen.get(condition);
        const why = `two filter chains have the same condition${name === '' ? '' : ` (server name ${name})`}`;
        if (same) return { why, reasons: [...same.reasons, ...chain.reasons] };
        seen.set(condition, chain);
      }
    }
  }
  return undefined;
}
