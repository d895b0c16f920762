import { isSubsetOf, isWildcard } from './host-name.ts';

/** Items by host name, exact or wildcard. No look-up walks over all items, but for patterns like `*foo` that no label boundary helps. */
export class HostIndex<T> {
  private readonly byHost = new Map<string, T[]>();
  /** Hosts by each of their suffixes that starts with a dot; built on first need. */
  private bySuffix: Map<string, string[]> | undefined;

  constructor(items: Iterable<readonly [host: string, item: T]>) {
    for (const [host, item] of items) append(this.byHost, host, item);
  }

  /** Items under exactly this text, wildcard or not. */
  named(host: string): readonly T[] {
    return this.byHost.get(host) ?? [];
  }

  /** Items whose host is the name, or a wildcard of which it is a part (N-3), the most specific first. */
  covering(host: string): readonly T[] {
    const found = [...this.named(host)];
    const rest = isWildcard(host) ? host.slice(1) : host;
    // `*` + each proper suffix; for an exact name the whole of it as well.
    for (let i = isWildcard(host) ? 1 : 0; i <= rest.length; i++) {
      const wildcard = this.byHost.get(`*${rest.slice(i)}`);
      if (wildcard) found.push(...wildcard);
    }
    return found;
  }

  /** Items whose host lies within a pattern (N-3): an exact pattern holds itself only. */
  within(pattern: string): readonly T[] {
    if (!isWildcard(pattern)) return this.named(pattern);
    const hosts = pattern.startsWith('*.')
      ? (this.suffixes().get(pattern.slice(1)) ?? [])
      : [...this.byHost.keys()].filter((host) => isSubsetOf(host, pattern));
    return hosts.flatMap((host) => this.byHost.get(host) ?? []);
  }

  private suffixes(): Map<string, string[]> {
    if (this.bySuffix) return this.bySuffix;
    this.bySuffix = new Map();
    for (const host of this.byHost.keys()) {
      for (let dot = host.indexOf('.'); dot !== -1; dot = host.indexOf('.', dot + 1)) {
        // A name that starts with the dot would have an empty first label.
        if (dot > 0) append(this.bySuffix, host.slice(dot), host);
      }
    }
    return this.bySuffix;
  }
}

function append<K, V>(index: Map<K, V[]>, key: K, value: V): void {
  const list = index.get(key);
  if (list) list.push(value);
  else index.set(key, [value]);
}
