import { addTo } from '../../mesh/group-by.ts';
import type { RouteConfig } from './route-config.ts';

type Positions = ReadonlyMap<string, readonly number[]>;

const positionsOf = new WeakMap<readonly RouteConfig[], Positions>();

/** Those of a list of routes that stand in some namespaces, in the order of the list. Thousands of clients share a list, so each list is walked over once. */
export function routesIn(routes: readonly RouteConfig[], namespaces: readonly string[]): readonly RouteConfig[] {
  const known = positionsOf.get(routes) ?? positions(routes);
  positionsOf.set(routes, known);
  const found = [...new Set(namespaces)].flatMap((namespace) => known.get(namespace) ?? []);
  return found.sort((a, b) => a - b).flatMap((position) => routes[position] ?? []);
}

function positions(routes: readonly RouteConfig[]): Positions {
  const found = new Map<string, number[]>();
  for (const [position, { namespace }] of routes.entries()) addTo(found, namespace, position);
  return found;
}
