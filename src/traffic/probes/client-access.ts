import type { Mesh } from '../../mesh/mesh.ts';
import { parseProtocol, protocolGroup } from '../../mesh/protocol.ts';
import type { ServiceEntry } from '../../resources/service-entry.ts';
import { TrafficModel } from '../traffic-model.ts';
import { answerProbe, type Probe } from './probe.ts';

const SPOKEN = { http: 'http', tls: 'tls', tcp: 'tcp' } as const;

/** What the sidecars of clients know of registered hosts. */
export class ClientAccess {
  private readonly mesh: Mesh;
  private lazyModel: TrafficModel | undefined;

  constructor(mesh: Mesh) {
    this.mesh = mesh;
  }

  /**
   * S-2, V-1, L-5: whether workloads with these labels can call a host of an entry because it is registered for them. A host that they do not know passes, or is
   * blocked, by the outbound policy alone.
   */
  canCall(from: Probe['from'], entry: ServiceEntry, host: string): boolean {
    this.lazyModel ??= new TrafficModel(this.mesh);
    const [port] = entry.spec.ports;
    if (port?.number === undefined) return false;
    const group = protocolGroup(parseProtocol(port.protocol));
    const proto = SPOKEN[group as keyof typeof SPOKEN] ?? 'tcp';
    const [path] = answerProbe(this.lazyModel, { from, to: { host: host.replace(/^\*/, 'any'), port: port.number }, proto });
    return path !== undefined && path.outcome !== 'passthrough' && path.outcome !== 'blocked';
  }
}
