/** Which fields and items a value has, without what they hold. */
export type Outline = true | readonly Outline[] | { readonly [key: string]: Outline };

interface Known {
  readonly id: number;
  readonly outline: Outline;
}

const LEAF: Known = { id: 0, outline: true };

/** Outlines of many values. Objects of one kind are mostly shaped alike: equal outlines are one in memory. */
export class Outlines {
  private readonly known = new Map<string, Known>();

  of(value: unknown): Outline {
    return this.find(value).outline;
  }

  private find(value: unknown): Known {
    if (typeof value !== 'object' || value === null) return LEAF;
    return Array.isArray(value) ? this.ofList(value) : this.ofMapping(value);
  }

  private ofList(items: readonly unknown[]): Known {
    const found = items.map((item) => this.find(item));
    return this.share(`[${found.map(({ id }) => id).join()}`, () => found.map(({ outline }) => outline));
  }

  private ofMapping(mapping: object): Known {
    const found = Object.entries(mapping).map(([key, value]) => [key, this.find(value)] as const);
    const shape = found.map(([key, { id }]) => `${key.length}:${key}:${id}`).join();
    return this.share(shape, () => Object.fromEntries(found.map(([key, { outline }]) => [key, outline])));
  }

  private share(shape: string, outlineOf: () => Outline): Known {
    let known = this.known.get(shape);
    if (!known) {
      known = { id: this.known.size + 1, outline: outlineOf() };
      this.known.set(shape, known);
    }
    return known;
  }
}
