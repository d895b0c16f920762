import type { Resource } from '../resources/resource.ts';

/** How the files of a mesh came together. */
export interface Placement {
  /** Which of several alternatives a resource belongs to: those of different sides are never in one cluster; undefined goes with all. */
  readonly sideOf?: (resource: Resource) => string | undefined;
  /** What says of a file, by its name, that it is deployed with others: the same for all of them; undefined where nothing does. */
  readonly unitOf?: (file: string) => string | undefined;
}

/** Whether two resources are on different sides of a tree that holds alternatives. */
export function areApart({ sideOf }: Placement, a: Resource, b: Resource): boolean {
  const side = sideOf?.(a);
  const other = side === undefined ? undefined : sideOf?.(b);
  return other !== undefined && other !== side;
}

/** Whether something says that two resources are deployed together: one file, one unit, or one directory in which both name their namespaces. */
export function areDeployedTogether({ unitOf }: Placement, a: Resource, b: Resource): boolean {
  const [one, two] = [a.source.file.file, b.source.file.file];
  if (one === two) return true;
  const unit = unitOf?.(one);
  if (unit !== undefined && unit === unitOf?.(two)) return true;
  return shareDirectory(a, b) && a.hasKnownNamespace && b.hasKnownNamespace;
}

/** Whether the files of two resources stand in one directory. */
export function shareDirectory(a: Resource, b: Resource): boolean {
  return directoryOf(a) === directoryOf(b);
}

function directoryOf(resource: Resource): string {
  return resource.source.file.file.replace(/[^/]*$/, '');
}
