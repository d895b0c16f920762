import type { Resource } from '../../resources/resource.ts';
import type { Path } from '../../yaml/locate.ts';
import { stepInto } from '../../yaml/step-into.ts';

/** A field that decided something about a connection. Its position is worked out only where it is printed. */
export interface Reason {
  readonly resource: Resource;
  /** Relative to the object's root. */
  readonly path: Path;
}

/** A piece of configuration, and where it stands. */
export interface Placed<T> {
  readonly value: T;
  readonly at: Reason;
}

/** A field inside of another. */
export function within({ resource, path }: Reason, ...more: Path): Reason {
  return { resource, path: stepInto(path, ...more) };
}
