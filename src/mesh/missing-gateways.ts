import type { Gateway } from '../resources/gateway.ts';
import type { VirtualService } from '../resources/virtual-service.ts';
import { slipOf } from '../text/slip.ts';
import type { Path } from '../yaml/locate.ts';
import { type GatewayReference, resolveGateway } from './gateway-reference.ts';
import type { Mesh } from './mesh.ts';

/** Among more Gateways than these a likeness is chance. */
const MAX_CANDIDATES = 200;

/** What the files show of a Gateway that a VirtualService names and that is not there. */
export type MissingGateway = {
  /** What the entry means (docs/traffic-model.md, N-9). */
  readonly meant: GatewayReference;
} & (
  | { /** The one Gateway of that name is in another namespace. */ readonly state: 'elsewhere'; readonly gateway: Gateway }
  | { /** The name is a slip of that of a Gateway in the meant namespace. */ readonly state: 'near-miss'; readonly gateway: Gateway }
  | { /** Nothing lies outside of the files. */ readonly state: 'absent' }
  | { readonly state: 'not-in-view' }
);

/**
 * @param entry an entry of the VirtualService's `gateways`
 * @returns undefined for `mesh`, and for what is in view
 */
export function missingGateway(mesh: Mesh, vs: VirtualService, entry: string): MissingGateway | undefined {
  const meant = resolveGateway(entry, vs.namespace);
  if (!meant || entry === '' || exists(mesh, meant)) return undefined;
  // Where the VirtualService lands is not known, so neither is what a bare name means.
  const isGuess = !namesNamespace(entry) && !mesh.hasKnownNamespace(vs);
  if (isGuess || mesh.hasUnknownNames('Gateway')) return { meant, state: 'not-in-view' };
  const elsewhere = onlyNamesake(mesh, vs, meant);
  if (elsewhere) return { meant, state: 'elsewhere', gateway: elsewhere };
  const near = nearMiss(mesh, vs, meant);
  if (near) return { meant, state: 'near-miss', gateway: near };
  return { meant, state: mesh.closedWorld ? 'absent' : 'not-in-view' };
}

/** Istio turns a Gateway of the Gateway API into one of its own. */
function exists(mesh: Mesh, { namespace, name }: GatewayReference): boolean {
  return mesh.named('Gateway', namespace, name).length > 0 || mesh.named('KubernetesGateway', namespace, name).length > 0;
}

/** Whether an entry says the namespace itself: `ns/name`, or the legacy `name.ns`. */
function namesNamespace(entry: string): boolean {
  return entry.includes('/') ? !entry.startsWith('./') : entry.includes('.');
}

/**
 * The one Gateway of a name in other namespaces. A name that several namespaces use is a custom of theirs, and the one that is meant may lie outside of the files;
 * a Gateway whose namespace is not known may be the one that is meant.
 */
function onlyNamesake(mesh: Mesh, vs: VirtualService, meant: GatewayReference): Gateway | undefined {
  const namesakes = mesh.namedAnywhere('Gateway', meant.name);
  const [found] = namesakes;
  if (!found || namesakes.some((gateway) => gateway.namespace !== found.namespace || !mesh.hasKnownNamespace(gateway))) return undefined;
  return namesakes.find((gateway) => mesh.belongTogether(vs, gateway));
}

/** A Gateway of the meant namespace whose name is a slip away. */
function nearMiss(mesh: Mesh, vs: VirtualService, meant: GatewayReference): Gateway | undefined {
  const all = mesh.inNamespace('Gateway', meant.namespace);
  if (all.length > MAX_CANDIDATES) return undefined;
  const name = slipOf(
    meant.name,
    all.map((gateway) => gateway.name),
  );
  return name === undefined ? undefined : all.find((gateway) => gateway.name === name && mesh.belongTogether(vs, gateway));
}

/** Where matches of a VirtualService repeat an entry of its `gateways`: they have to be spelt alike. */
export function matchesNaming({ spec }: VirtualService, entry: string): readonly Path[] {
  return (['http', 'tls', 'tcp'] as const).flatMap((section) =>
    spec[section].flatMap((rule, i) =>
      rule.match.flatMap(({ gateways }, j) =>
        gateways.flatMap((each, k): readonly Path[] => (each === entry ? [['spec', section, i, 'match', j, 'gateways', k]] : [])),
      ),
    ),
  );
}
