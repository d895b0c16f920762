import type { Path } from './locate.ts';

/** A path that leads further. Paths are kept by the hundred thousand: `[...path, step]` would give each room for sixteen steps more. */
export function stepInto(path: Path, ...steps: Path): Path {
  const longer = new Array<string | number>(path.length + steps.length);
  let length = 0;
  for (const step of path) longer[length++] = step;
  for (const step of steps) longer[length++] = step;
  return longer;
}
