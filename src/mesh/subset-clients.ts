import type { DestinationRule } from '../resources/destination-rule.ts';
import type { Namespace } from '../resources/namespace.ts';
import type { Mesh } from './mesh.ts';
import type { SubsetDestination } from './routed-subsets.ts';
import { appliesToMesh } from './routes.ts';

/** More namespaces need not be asked: a message names a few. */
const MAX_ASKED = 200;

/** A subset that some clients get, and others do not. */
export interface HiddenSubset {
  /** The first rule that defines it. */
  readonly definer: DestinationRule;
  /** The namespace that registers the host, where all clients look for rules. */
  readonly service: string;
  /** Namespaces with clients that do not get it; never empty. */
  readonly namespaces: readonly string[];
}

/** D-2: finds subsets that are hidden from clients, though these see the VirtualService that routes there. Keeps the clients of each host. */
export class HiddenSubsets {
  private readonly mesh: Mesh;
  private readonly clientsByHost = new Map<string, readonly Namespace[]>();

  constructor(mesh: Mesh) {
    this.mesh = mesh;
  }

  /**
   * @param definers the rules in view that define the subset
   * @param limit how many namespaces are enough
   */
  find(destination: SubsetDestination, definers: readonly DestinationRule[], limit: number): HiddenSubset | undefined {
    const [definer] = definers;
    const [service] = this.mesh.registry.namespacesOf(destination.host);
    // Rules that no client looks at are told of at the rule (unused-destination-rule).
    if (!definer || service === undefined || definers.every((rule) => this.mesh.clients.hasNone(rule.namespace))) return undefined;
    const namespaces = this.clientsWithout(destination, definers, limit);
    return namespaces.length > 0 ? { definer, service, namespaces } : undefined;
  }

  /** Namespaces for which none of the rules counts. Those with a rule of their own for the host are set up for themselves, and left out. */
  private clientsWithout(
    { virtualService, section, rule, host, subset }: SubsetDestination,
    definers: readonly DestinationRule[],
    limit: number,
  ): readonly string[] {
    const { mesh } = this;
    const isTogether = (each: DestinationRule): boolean => mesh.belongTogether(virtualService, each);
    const services = mesh.registry.namespacesOf(host);
    // A rule that all look at, and that another one puts out of effect, is another story.
    const isShared = definers.some(({ namespace }) => namespace === mesh.config.rootNamespace || services.includes(namespace));
    if (isShared || !appliesToMesh(virtualService, section, rule) || !definers.some(isTogether)) return [];
    const found: string[] = [];
    for (const namespace of this.clientsOf(host).slice(0, MAX_ASKED)) {
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
  }

  private clientsOf(host: string): readonly Namespace[] {
    const known = this.clientsByHost.get(host);
    if (known) return known;
    const own = new Set(this.mesh.destinationRules.covering(host).map((rule) => rule.namespace));
    const clients = this.mesh.clients.unrestricted.filter(({ name }) => !own.has(name));
    this.clientsByHost.set(host, clients);
    return clients;
  }
}
