import type { AuthorizationPolicy } from '../resources/authorization-policy.ts';
import type { ServiceEntry } from '../resources/service-entry.ts';
import type { Path } from '../yaml/locate.ts';
import { isGatewayWorkload, stockGatewayWith } from './gateway-workloads.ts';
import type { Mesh } from './mesh.ts';
import { isTemplated } from './template-paths.ts';

/** A host outside of the mesh that a policy is about. */
export interface PolicyHost {
  readonly host: string;
  /** To the list that it is the first of. */
  readonly path: Path;
  readonly entry: ServiceEntry;
}

/** P-1: the first host of a policy that is attached to clients, if all of its rules are about hosts that ServiceEntries register outside of the mesh. */
export function outsideHostOf(mesh: Mesh, policy: AuthorizationPolicy): PolicyHost | undefined {
  const { rules, action } = policy.spec;
  if ((action !== 'DENY' && action !== 'ALLOW') || !isForClients(mesh, policy)) return undefined;
  if (rules.some(({ to, when }) => to.length === 0 && when.length === 0)) return undefined;
  const lists = hostLists(policy);
  if (!lists.every(({ hosts }) => hosts.length > 0 && hosts.every((each) => entryOf(mesh, policy, each)))) return undefined;
  const [first] = lists;
  const host = first?.hosts[0];
  const entry = host === undefined ? undefined : entryOf(mesh, policy, host);
  return first && host !== undefined && entry ? { host, path: first.path, entry } : undefined;
}

/** Whether a policy can mean no gateway and no waypoint: those see hosts outside of the mesh. */
function isForClients(mesh: Mesh, policy: AuthorizationPolicy): boolean {
  const { namespace, spec } = policy;
  const labels = spec.selector?.matchLabels ?? {};
  if (spec.targetRef || spec.targetRefs.length > 0 || namespace === mesh.config.rootNamespace || isTemplated(policy, ['spec'])) return false;
  if (stockGatewayWith(labels) || isGatewayWorkload({ labels, annotations: {} }) || mesh.podsSelected(namespace, labels).some(isGatewayWorkload)) return false;
  return (
    mesh.inNamespace('KubernetesGateway', namespace).length === 0 &&
    !mesh.inNamespace('Service', namespace).some((service) => isGatewayWorkload({ labels: service.spec.selector, annotations: {} }))
  );
}

/** What the rules say of hosts, by `connection.sni` or by the operation; an operation without hosts counts where no server name is given beside it. */
function hostLists({ spec }: AuthorizationPolicy): readonly { readonly hosts: readonly string[]; readonly path: Path }[] {
  return spec.rules.flatMap(({ to, when }, rule) => {
    const path: Path = ['spec', 'rules', rule];
    const ofSni = when.flatMap(({ key, values }, index) =>
      key === 'connection.sni' && values.length > 0 ? [{ hosts: values, path: [...path, 'when', index, 'values'] }] : [],
    );
    const ofHosts = to.map(({ operation }, index) => ({ hosts: operation?.hosts ?? [], path: [...path, 'to', index, 'operation', 'hosts'] }));
    return [...ofSni, ...(ofSni.length === 0 || ofHosts.some(({ hosts }) => hosts.length > 0) ? ofHosts : [])];
  });
}

/** The ServiceEntry that registers a host of a policy, which may have a port, if none makes it a part of the mesh. */
function entryOf(mesh: Mesh, policy: AuthorizationPolicy, text: string): ServiceEntry | undefined {
  const host = text.replace(/:(?:\d+|\*)$/, '');
  const registered = host.startsWith('*') ? mesh.registry.within(host) : mesh.registry.covering(host);
  const [first] = registered;
  const isOutside = registered.every(({ external, resource }) => external && resource.kind === 'ServiceEntry' && mesh.belongTogether(policy, resource));
  return first && isOutside && first.resource.kind === 'ServiceEntry' ? first.resource : undefined;
}
