import { isAlong, type Path } from '../yaml/locate.ts';
import type { EnumNode } from './field.ts';

/** A field, or a value of an enum, that is written though its API calls it deprecated. */
export interface DeprecatedPart {
  readonly path: Path;
  /** What to write instead; reads after "use". */
  readonly use: string;
  /** The deprecated value, where it is not the field itself. */
  readonly value?: string;
}

const NONE: readonly DeprecatedPart[] = [];

/** Gathers what is deprecated in an object while it is decoded, from the outside in. */
export class DeprecatedParts {
  private parts: DeprecatedPart[] | undefined;

  get found(): readonly DeprecatedPart[] {
    return this.parts ?? NONE;
  }

  /** What a deprecated field holds is not told as well. */
  addField(use: string, raw: unknown, at: Path): void {
    if (raw !== undefined && raw !== null && !this.found.some(({ path }) => isAlong(path, at))) this.add({ path: at, use });
  }

  addValue({ deprecatedValues }: EnumNode, raw: unknown, at: Path): void {
    if (deprecatedValues === undefined || typeof raw !== 'string' || !Object.hasOwn(deprecatedValues, raw)) return;
    const use = deprecatedValues[raw];
    if (use !== undefined) this.add({ path: at, use, value: raw });
  }

  private add(part: DeprecatedPart): void {
    this.parts ??= [];
    this.parts.push(part);
  }
}
