import type { Gateway } from '../resources/gateway.ts';
import { STOCK } from './stock-gateways.ts';
import { isSelectedBy } from './workloads.ts';

/** Of what sorts the servers are that share a port. */
export interface ServersOnPort {
  readonly withTls: boolean;
  readonly withoutTls: boolean;
}

const NO_SERVERS: ServersOnPort = { withTls: false, withoutTls: false };

/** G-11: the servers that the Gateways in view put on each port of the workloads that they select. */
export class ServersByPort {
  private readonly byKey = new Map<string, ServersOnPort>();

  constructor(gateways: readonly Gateway[]) {
    for (const gateway of gateways) {
      for (const { port, tls } of gateway.spec.servers) {
        const key = portKey(gateway, port?.number);
        const { withTls, withoutTls } = this.byKey.get(key) ?? NO_SERVERS;
        this.byKey.set(key, { withTls: withTls || tls !== undefined, withoutTls: withoutTls || tls === undefined });
      }
    }
  }

  /** Those on a port of the workloads that a Gateway selects, its own included. */
  beside(gateway: Gateway, port: number | undefined): ServersOnPort {
    return this.byKey.get(portKey(gateway, port)) ?? NO_SERVERS;
  }
}

/** Gateways that select a stock gateway by different labels share its ports; others are told apart by their selectors. */
function portKey({ spec }: Gateway, port: number | undefined): string {
  const stock = STOCK.find(({ labels }) => Object.keys(spec.selector).length > 0 && isSelectedBy(labels, spec.selector));
  return JSON.stringify([port, stock?.name ?? Object.entries(spec.selector).sort()]);
}
