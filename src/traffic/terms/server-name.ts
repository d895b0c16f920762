/** How Envoy tells TLS connections apart by the server name that the client sends (L-2, G-8). */

const EXACT = Number.POSITIVE_INFINITY;

/**
 * How well a chain's server names fit: an exact name beats every wildcard, a longer wildcard a shorter one.
 * @returns undefined where none fits
 */
function serverNameRank(names: readonly string[], sni: string): number | undefined {
  let best: number | undefined;
  for (const name of names) {
    if (sni !== '' && name === sni) return EXACT;
    if (name.startsWith('*.') && sni.length > name.length - 1 && sni.endsWith(name.slice(1))) best = Math.max(best ?? 0, name.length);
  }
  return best;
}

/** Of items with server names, those that fit a connection best; those without names where none fits. */
export function bestByServerName<T>(items: readonly T[], namesOf: (item: T) => readonly string[], sni: string): readonly T[] {
  let best = -1;
  let found: T[] = [];
  for (const item of items) {
    const rank = serverNameRank(namesOf(item), sni);
    if (rank === undefined || rank < best) continue;
    if (rank > best) found = [];
    best = rank;
    found.push(item);
  }
  return found.length > 0 ? found : items.filter((item) => namesOf(item).length === 0);
}

/** Names that Envoy cannot index: a star anywhere but as the whole first label. */
export function isImpossibleServerName(name: string): boolean {
  return name.includes('*') && !name.startsWith('*.');
}
