import type { Mesh } from '../../mesh/mesh.ts';
import type { Pods } from '../clusters/pods.ts';
import type { Hop, OutcomeName } from '../outcomes/outcome.ts';
import { breaksBehind, type Ending } from '../outcomes/verdict.ts';
import type { Connection } from '../terms/connection.ts';
import type { Decision } from '../terms/decision.ts';
import type { ProxyNode } from '../terms/proxy-node.ts';
import { Authorization, authorizedAtGateway } from './authorization.ts';
import type { AuthorizedConnection } from './authorization-rule.ts';
import { captureVerdict } from './capture-verdict.ts';
import type { LayerVerdict } from './layer-verdict.ts';
import { type NetworkTarget, networkPolicyVerdict } from './network-policy-verdict.ts';

const FORBIDDEN = 403;

/**
 * What stands beside the configuration of proxies and can stop a connection: AuthorizationPolicies (P-1 to P-4), network policies (P-6), and annotations that
 * take it past the sidecar (M-3). Meshes without any of these pay nothing for them.
 */
export class Layers {
  private readonly mesh: Mesh;
  private readonly pods: Pods;
  private readonly trustDomain: string;
  private lazyAuthorization: Authorization | undefined;

  constructor(mesh: Mesh, pods: Pods, trustDomain: string) {
    this.mesh = mesh;
    this.pods = pods;
    this.trustDomain = trustDomain;
  }

  /** M-3: whether the connection of a client goes past its sidecar. */
  captureVerdict({ namespace, name, labels }: ProxyNode, connection: Connection): LayerVerdict | undefined {
    const pod = name === undefined ? undefined : this.pods.selectedBy(namespace, labels).find((each) => each.name === name);
    return pod && captureVerdict(pod, connection);
  }

  /** P-2: how it ends at a gateway whose policies refuse it, before its routes are looked at. */
  deniedAtGateway(proxy: ProxyNode, decision: Decision, connection: Connection, client: ProxyNode): Ending | undefined {
    if (this.authorization === undefined) return undefined;
    const seen = authorizedAtGateway(decision, connection, client, this.trustDomain);
    return seen && this.denied(proxy, seen, 'gateway');
  }

  /**
   * P-2: the same at the sidecar of a Pod that is called.
   * @param chain whether the sidecar reads requests on the port
   */
  deniedInPod(pod: Pick<ProxyNode, 'namespace' | 'labels'>, chain: 'http' | 'tcp', { tls, port, http }: Connection, client: ProxyNode): Ending | undefined {
    const [outer] = tls;
    const { namespace, serviceAccount } = client;
    const peer = outer?.certificate === 'mesh' ? { namespace, serviceAccount, trustDomain: this.trustDomain } : undefined;
    return this.denied(pod, { chain, peer, sni: outer?.sni ?? '', port, request: chain === 'http' ? http : undefined }, 'inbound');
  }

  /** P-6: how it ends where a network policy drops it between two Pods, or on its way out. */
  dropped(client: ProxyNode, target: NetworkTarget, port: number, before: readonly Hop[]): Ending | undefined {
    if (this.mesh.all('NetworkPolicy').length === 0) return undefined;
    const verdict = networkPolicyVerdict(this.mesh, client, target, port);
    return verdict && { ...ending('dropped', verdict), at: 'network', ...breaksBehind(before) };
  }

  private denied(proxy: Pick<ProxyNode, 'namespace' | 'labels'>, seen: AuthorizedConnection, at: 'gateway' | 'inbound'): Ending | undefined {
    const verdict = this.authorization?.verdict(proxy, seen);
    return verdict && { ...ending('denied', verdict), at, ...(seen.chain === 'http' && { code: FORBIDDEN }) };
  }

  private get authorization(): Authorization | undefined {
    if (this.mesh.all('AuthorizationPolicy').length === 0) return undefined;
    this.lazyAuthorization ??= new Authorization(this.mesh);
    return this.lazyAuthorization;
  }
}

function ending(outcome: OutcomeName, { why, because, confidence }: LayerVerdict): Ending {
  return { outcome, detail: why, because: because[0], confidence };
}
