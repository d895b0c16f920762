import { addTo } from '../mesh/group-by.ts';
import type { FailingPath } from '../traffic/probes/failing-paths.ts';
import { reasonsOf } from '../traffic/probes/failing-paths.ts';
import type { Path } from '../yaml/locate.ts';
import { isAlong } from '../yaml/locate.ts';
import type { Place } from './rule.ts';

/** What is said of a field, as far as it may be why a connection fails. */
export interface Said {
  readonly at: Place;
  /** Whether the object is refused: then nothing that it was there for works. */
  readonly isRefused: boolean;
  /** Whether it speaks of something that works, but should not be so: then it explains no failure. */
  readonly isAdvice: boolean;
}

/** A place and those in the same part of an object stand together: one rule of a VirtualService, one server of a Gateway, one port of an entry. */
const PART = 3;

/**
 * The paths of a run by what is said of fields on their way: each path that one of the sayings explains is the story of the first of them.
 * @returns for each saying the path that it explains, if any; and the paths that nothing explains
 */
export function explainedPaths<T extends Said>(
  said: readonly T[],
  paths: Iterable<FailingPath>,
): { readonly stories: ReadonlyMap<T, FailingPath>; readonly open: readonly FailingPath[] } {
  const byResource = new Map<unknown, T[]>();
  for (const each of said) {
    if (!('resource' in each.at)) continue;
    addTo(byResource, each.at.resource, each);
  }
  const stories = new Map<T, FailingPath>();
  const open: FailingPath[] = [];
  for (const path of paths) {
    const candidates = [...path.concerned].flatMap((resource) => byResource.get(resource) ?? []);
    const cause = candidates.find((each) => each.isRefused || isOnTheWay(each, path)) ?? candidates.find((each) => !each.isAdvice);
    if (!cause) open.push(path);
    else if (!stories.has(cause)) stories.set(cause, path);
  }
  return { stories, open };
}

function isOnTheWay({ at }: Said, { path, connection }: FailingPath): boolean {
  if (!('resource' in at)) return false;
  const part = at.path.slice(0, PART);
  return [connection.at, ...reasonsOf(path)].some((reason) => reason.resource === at.resource && isSamePart(part, reason.path));
}

function isSamePart(part: Path, path: Path): boolean {
  return isAlong(part, path.slice(0, PART));
}
