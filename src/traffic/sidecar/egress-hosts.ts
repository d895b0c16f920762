import { addTo } from '../../mesh/group-by.ts';
import { HostIndex } from '../../mesh/host-index.ts';
import { isWildcard } from '../../mesh/host-name.ts';

const EVERYWHERE = '*';
const EXCLUDES = '~';

/** What an egress listener says of one namespace, or of all (`*`). */
interface Part {
  readonly imported: HostIndex<string>;
  readonly excluded: HostIndex<string>;
}

/**
 * The `hosts` of an egress listener of a Sidecar, taken apart (S-3). Istio: pilot/pkg/model/sidecar.go, convertIstioListenerToWrapper, hostClassification.
 */
export class EgressHosts {
  /** Namespace and host of each entry, where all are exact; undefined where any is a wildcard in either part. */
  readonly exact: readonly (readonly [namespace: string, host: string])[] | undefined;
  /** The namespaces of which anything is imported; undefined where it may be any. */
  readonly namespaces: readonly string[] | undefined;
  private readonly parts: ReadonlyMap<string, Part>;

  /** @param namespace the namespace of the workload, for which `.` stands */
  constructor(hosts: readonly string[], namespace: string) {
    const imported = new Map<string, string[]>();
    const excluded = new Map<string, string[]>();
    for (const entry of hosts) {
      // Without its namespace a host is refused; repaired, it would name the one that registers the host, which any does here.
      const [written = '', name = '', more] = entry.includes('/') ? entry.split('/') : [EVERYWHERE, entry];
      if (name === '' || more !== undefined) continue;
      const excludes = written.startsWith(EXCLUDES);
      const part = excludes ? written.slice(EXCLUDES.length) || EVERYWHERE : written;
      const group = excludes ? excluded : imported;
      const key = part === '.' ? namespace : part;
      addTo(group, key, name);
    }
    this.parts = new Map(
      [...new Set([...imported.keys(), ...excluded.keys()])].map((key) => [key, { imported: indexOf(imported, key), excluded: indexOf(excluded, key) }]),
    );
    const entries = [...imported].flatMap(([key, names]) => names.map((name) => [key, name] as const));
    this.namespaces = imported.has(EVERYWHERE) ? undefined : [...imported.keys()];
    this.exact = entries.every(([key, name]) => key !== EVERYWHERE && !isWildcard(name)) ? entries : undefined;
  }

  /** Whether everything is imported: every host of every namespace, and no exclusion. */
  get isEverything(): boolean {
    return [...this.parts.values()].every(({ excluded }) => excluded === NOTHING) && (this.parts.get(EVERYWHERE)?.imported.named('*').length ?? 0) > 0;
  }

  /** S-4: the part that imports a host of a namespace: what it says of the namespace, or of all; undefined where neither does. */
  importing(host: string, namespace: string): HostIndex<string> | undefined {
    const parts = this.partsFor(namespace);
    if (parts.some(({ excluded }) => covers(excluded, host))) return undefined;
    return parts.find(({ imported }) => covers(imported, host))?.imported;
  }

  /**
   * S-5: whether routes of a namespace for a host are imported: any name in common is enough, but for routes of the Gateway API, whose host has to lie within.
   */
  importsRoutes(host: string, namespace: string, isGatewayApi: boolean): boolean {
    const parts = this.partsFor(namespace);
    const isImported = parts.some(({ imported }) => (isGatewayApi ? covers(imported, host) : imported.overlapping(host).length > 0));
    return isImported && !parts.some(({ excluded }) => covers(excluded, host));
  }

  private partsFor(namespace: string): readonly Part[] {
    return [this.parts.get(namespace), this.parts.get(EVERYWHERE)].filter((part) => part !== undefined);
  }
}

const NOTHING = new HostIndex<string>([]);

function indexOf(names: ReadonlyMap<string, readonly string[]>, key: string): HostIndex<string> {
  const list = names.get(key);
  return list ? new HostIndex(list.map((name) => [name, name])) : NOTHING;
}

/** N-3: whether a host lies within any of the names. */
export function covers(names: HostIndex<string>, host: string): boolean {
  return names.covering(host).length > 0;
}
