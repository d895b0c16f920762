import { addTo } from '../../mesh/group-by.ts';
import type { Service } from '../terms/service.ts';

/**
 * N-15: the names by which ExternalName Services call a host, by that host. Names of names are followed to their end; a circle leads nowhere.
 * Istio: pilot/pkg/model/push_context.go, resolveServiceAliases.
 */
export function aliasesOf(services: readonly Service[]): ReadonlyMap<string, readonly string[]> {
  const targets = new Map(services.flatMap(({ host, externalName }) => (externalName === undefined ? [] : [[host, externalName] as const])));
  const found = new Map<string, string[]>();
  for (const alias of [...targets.keys()].sort()) {
    const target = endOf(alias, targets);
    if (target !== undefined) addTo(found, target, alias);
  }
  return found;
}

function endOf(alias: string, targets: ReadonlyMap<string, string>): string | undefined {
  const seen = new Set<string>();
  let host = alias;
  for (let next = targets.get(host); next !== undefined; next = targets.get(host)) {
    if (seen.has(next)) return undefined;
    seen.add(next);
    host = next;
  }
  return host;
}
