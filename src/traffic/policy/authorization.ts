import type { Mesh } from '../../mesh/mesh.ts';
import { isSelectedBy } from '../../mesh/workloads.ts';
import type { AuthorizationPolicy } from '../../resources/authorization-policy.ts';
import type { Connection } from '../terms/connection.ts';
import type { Decision } from '../terms/decision.ts';
import type { ProxyNode } from '../terms/proxy-node.ts';
import type { Reason } from '../terms/reason.ts';
import type { Labels } from '../terms/service.ts';
import { type AuthorizedConnection, ruleTakes } from './authorization-rule.ts';
import { type LayerVerdict, likely } from './layer-verdict.ts';
import { any, type Truth } from './truth.ts';

/** The label that tells the Pods of a Gateway of the Gateway API from those of Istio's own. */
const GATEWAY_NAME = 'gateway.networking.k8s.io/gateway-name';
const DRY_RUN = 'istio.io/dry-run';

/** The proxy that lets connections in: a gateway, or the sidecar of a Pod that is called. */
export type GuardedProxy = Pick<ProxyNode, 'namespace' | 'labels'>;

interface Policies {
  readonly deny: readonly AuthorizationPolicy[];
  readonly allow: readonly AuthorizationPolicy[];
}

/** AuthorizationPolicies, and what they make of connections (P-1 to P-4). */
export class Authorization {
  private readonly mesh: Mesh;
  private readonly byProxy = new Map<string, Policies>();

  constructor(mesh: Mesh) {
    this.mesh = mesh;
  }

  /**
   * P-2: whether a proxy refuses a connection: a policy denies it, or there are policies that allow and none of them allows this. What external authorizers
   * say (CUSTOM), and what depends on addresses or tokens, is not known, and refuses nothing.
   */
  verdict(proxy: GuardedProxy, connection: AuthorizedConnection): LayerVerdict | undefined {
    const { deny, allow } = this.policiesOf(proxy);
    const denying = deny.find((policy) => takes(policy, 'DENY', connection) === true);
    if (denying) return likely('a policy denies it', [placeOf(denying)]);
    if (allow.length === 0 || any(allow.map((policy) => takes(policy, 'ALLOW', connection))) !== false) return undefined;
    return likely('there are policies that allow, and none of them allows it', allow.map(placeOf));
  }

  /** P-1. Istio: pilot/pkg/model/policyattachment.go, ShouldAttachPolicy. */
  private policiesOf({ namespace, labels }: GuardedProxy): Policies {
    const key = JSON.stringify([namespace, Object.entries(labels).sort()]);
    const known = this.byProxy.get(key);
    if (known) return known;
    const { rootNamespace } = this.mesh.config;
    const inView = [namespace, ...(rootNamespace === namespace ? [] : [rootNamespace])].flatMap((each) => this.mesh.inNamespace('AuthorizationPolicy', each));
    const attached = inView.filter((policy) => policy.annotations[DRY_RUN] !== 'true' && isAttached(policy, namespace, labels));
    const ofAction = (action: string) => attached.filter(({ spec }) => spec.action === action);
    const policies = { deny: ofAction('DENY'), allow: ofAction('ALLOW') };
    this.byProxy.set(key, policies);
    return policies;
  }
}

function isAttached({ spec, namespace: own }: AuthorizationPolicy, namespace: string, labels: Labels): boolean {
  const targets = spec.targetRef ? [spec.targetRef] : spec.targetRefs;
  const gateway = labels[GATEWAY_NAME];
  if (targets.length === 0) return isSelectedBy(labels, spec.selector?.matchLabels ?? {});
  // A classic workload is no target; policies with targets say nothing about it.
  return gateway !== undefined && own === namespace && targets.some(({ kind, name }) => kind === 'Gateway' && name === gateway);
}

function takes({ spec, namespace }: AuthorizationPolicy, action: 'ALLOW' | 'DENY', connection: AuthorizedConnection): Truth {
  return any(spec.rules.map((rule) => ruleTakes(rule, action, connection, namespace)));
}

function placeOf(resource: AuthorizationPolicy): Reason {
  return { resource, path: resource.isSet(['spec', 'rules']) ? ['spec', 'rules'] : [] };
}

/**
 * A connection as a gateway's policies see it, once a chain has taken it.
 * @param client the proxy or application that opened it
 * @returns undefined where no filter of the chain gets to see it
 */
export function authorizedAtGateway(
  { chain, action, terminates, port }: Decision,
  { tls: [outer], http }: Connection,
  client: Pick<ProxyNode, 'namespace' | 'serviceAccount'>,
  trustDomain: string,
): AuthorizedConnection | undefined {
  if (!chain || action.do === 'protocol-error' || action.do === 'handshake-failed' || action.do === 'plaintext-to-tls') return undefined;
  const { namespace, serviceAccount } = client;
  const isKnown = terminates !== undefined && outer?.certificate === 'mesh';
  return {
    chain,
    peer: isKnown ? { namespace, serviceAccount, trustDomain } : undefined,
    sni: outer?.sni ?? '',
    port,
    request: chain === 'http' ? http : undefined,
  };
}
