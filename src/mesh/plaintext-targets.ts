import type { ServiceEntry } from '../resources/service-entry.ts';
import { farEndExpects, serverPorts } from './far-end.ts';
import type { Mesh } from './mesh.ts';
import type { Origination } from './originations.ts';

/** TLS that proxies start for a port behind which servers speak plain HTTP. */
export interface PlaintextTarget {
  readonly origination: Origination;
  readonly entry: ServiceEntry;
  /** The port of the servers. */
  readonly target: number;
  /** False where another port, other clients or another registration may be meant. */
  readonly isCertain: boolean;
}

/** T-4: the TLS of sidecars that ends in a plaintext port, one for each setting. Nothing where a template may write routes. */
export function plaintextTargets(mesh: Mesh): readonly PlaintextTarget[] {
  if (mesh.hasTemplates('VirtualService') || mesh.hasTemplates('HTTPRoute')) return [];
  const found = new Map<string, PlaintextTarget>();
  for (const origination of mesh.originations) {
    const { rule, tls, path, host, port } = origination;
    const key = `${rule.namespace}/${rule.name}/${path.join('/')}`;
    // D-10: sidecars leave TLS out that needs a Secret.
    if ((tls.mode !== 'SIMPLE' && tls.mode !== 'MUTUAL') || tls.credentialName || found.has(key) || !isUsed(origination, mesh)) continue;
    const targets = serverPorts(host, port);
    const [target] = targets;
    if (target === undefined || host.hasUnknownPorts || !host.external || !targets.every((each) => farEndExpects(each) === 'plaintext')) continue;
    // A setting for all ports may be meant for another one, and nobody call this one.
    const isForThisPort = path.includes('portLevelSettings') || host.ports.length === 1;
    const isPlain = targets.every((each) => each === 80) && mesh.registry.named(host.host).length === 1;
    const isCertain = origination.isCertain && isForThisPort && isPlain && reachesClients(origination, mesh);
    found.set(key, { origination, entry: host.resource as ServiceEntry, target, isCertain });
  }
  return [...found.values()];
}

/** Whether proxies send requests to the port: sidecars by themselves, unless a VirtualService leads them elsewhere, or a route that names it. */
function isUsed({ host, port }: Origination, mesh: Mesh): boolean {
  if (host.resource.kind !== 'ServiceEntry' || mesh.protocolGroup(port.protocol) !== 'http' || !mesh.hasKnownNamespace(host.resource)) return false;
  return mesh.gatewayBindings.forSidecars(host.host).length === 0 || mesh.routes.to(host.host, port.number).some((route) => route.port === port.number);
}

/** D-2: whether clients surely use the rule: it holds for those of every namespace without rules of their own, or Pods of its own namespace are in view. */
function reachesClients({ host, port, rule }: Origination, mesh: Mesh): boolean {
  const query = { host: host.host, serviceNamespace: host.namespace, clientNamespace: '', port: port.number, subset: undefined };
  const { decision } = mesh.destinationRules.tlsInEffect(query, (each) => mesh.belongTogether(each, host.resource));
  return decision?.rule === rule || mesh.podsSelected(rule.namespace, {}).length > 0;
}
