import { homesOf } from '../resources/belongs-to.ts';
import type { Resource } from '../resources/resource.ts';
import type { Sidecar } from '../resources/sidecar.ts';
import type { Path } from '../yaml/locate.ts';
import type { Mesh } from './mesh.ts';
import { importedBy, parseSidecarHost } from './sidecar-imports.ts';

/** Where an egress host of a Sidecar stands. */
export interface EgressHostPlace {
  readonly resource: Sidecar;
  readonly path: Path;
}

/** The egress hosts that import a registration by its exact name (docs/traffic-model.md, S-4), by the object that registers it; one for each Sidecar. */
export function egressHostsByEntry(mesh: Mesh): ReadonlyMap<Resource, readonly EgressHostPlace[]> {
  const found = new Map<Resource, Map<Sidecar, EgressHostPlace>>();
  for (const sidecar of mesh.all('Sidecar')) {
    for (const { path, text } of egressHosts(sidecar)) {
      // A host without its namespace part is another rule's finding; what it most likely means is the Sidecar's own namespace.
      const host = parseSidecarHost(text.includes('/') ? text : `./${text}`, sidecar.namespace);
      if (!host || host.dnsName.startsWith('*')) continue;
      for (const { resource } of importedBy(sidecar, host, mesh.registry)) {
        if (!mesh.belongTogether(resource, sidecar)) continue;
        const places = found.get(resource) ?? new Map<Sidecar, EgressHostPlace>();
        if (!places.has(sidecar)) places.set(sidecar, { resource: sidecar, path });
        found.set(resource, places);
      }
    }
  }
  return new Map([...found].map(([resource, places]) => [resource, [...places.values()]]));
}

function egressHosts({ spec }: Sidecar): readonly { readonly path: Path; readonly text: string }[] {
  return spec.egress.flatMap(({ hosts }, i) => hosts.map((text, j) => ({ path: ['spec', 'egress', i, 'hosts', j], text })));
}

/**
 * The Sidecar that a field of a ServiceEntry was probably meant for: the only one that imports the entry, where a Sidecar has such a field and it is not set yet.
 * @param path of the field in the entry
 * @param imports of the entry, by {@link egressHostsByEntry}
 */
export function sidecarMeant(path: Path, imports: readonly EgressHostPlace[]): Sidecar | undefined {
  const [only, another] = imports;
  const field = path[1];
  if (path.length !== 2 || typeof field !== 'string' || !only || another) return undefined;
  const fits = homesOf(field).some((home) => home.type === 'Sidecar' && home.parent === 'spec');
  return fits && !only.resource.isSet(['spec', field]) ? only.resource : undefined;
}
