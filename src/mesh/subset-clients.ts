import type { DestinationRule } from '../resources/destination-rule.ts';
import type { Namespace } from '../resources/namespace.ts';
import type { Mesh } from './mesh.ts';
import type { SubsetDestination } from './routed-subsets.ts';
import { appliesToMesh } from './routes.ts';

/** More namespaces need not be asked: a message names a few. */
const MAX_ASKED = 200;

/**
 * D-2: finds namespaces with clients for which none of the rules that define a subset counts, though they see the VirtualService that routes to it.
 * Namespaces with a rule of their own for the host are set up for themselves, and left out.
 */
export function clientsWithoutSubset(mesh: Mesh) {
  const clientsOf = clientsByHost(mesh);
  /**
   * @param definers the rules in view that define the subset
   * @param limit how many namespaces are enough
   */
  return ({ virtualService, section, rule, host, subset }: SubsetDestination, definers: readonly DestinationRule[], limit: number): readonly string[] => {
    const isTogether = (each: DestinationRule): boolean => mesh.belongTogether(virtualService, each);
    const services = mesh.registry.namespacesOf(host);
    // A rule that all look at, and that another one puts out of effect, is another story.
    const isShared = definers.some(({ namespace }) => namespace === mesh.config.rootNamespace || services.includes(namespace));
    if (isShared || !appliesToMesh(virtualService, section, rule) || !definers.some(isTogether)) return [];
    const found: string[] = [];
    for (const namespace of clientsOf(host).slice(0, MAX_ASKED)) {
      const clientNamespace = namespace.name;
      if (!mesh.virtualServices.isVisible(virtualService, clientNamespace) || !mesh.belongTogether(virtualService, namespace)) continue;
      const inEffect = services.map((serviceNamespace) =>
        mesh.destinationRules.subsetInEffect({ host, serviceNamespace, clientNamespace }, subset, isTogether),
      );
      if (inEffect.some(({ isDefined }) => isDefined)) continue;
      found.push(clientNamespace);
      if (found.length === limit) break;
    }
    return found;
  };
}

/** Found once for each host. */
function clientsByHost(mesh: Mesh): (host: string) => readonly Namespace[] {
  const known = new Map<string, readonly Namespace[]>();
  return (host) => {
    const before = known.get(host);
    if (before) return before;
    const own = new Set(mesh.destinationRules.covering(host).map((rule) => rule.namespace));
    const clients = mesh.clients.unrestricted.filter(({ name }) => !own.has(name));
    known.set(host, clients);
    return clients;
  };
}
