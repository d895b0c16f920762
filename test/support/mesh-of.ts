import { type Assumptions, type InputFile, load, Mesh } from '../../src/index.ts';
import type { KindName, ResourceByKind } from '../../src/resources/kinds.ts';

/** The mesh of a text, or of several files by name. */
export function meshOf(texts: string | Readonly<Record<string, string>>, assumptions: Assumptions = {}): Mesh {
  const byName = typeof texts === 'string' ? { 'test.yaml': texts } : texts;
  return new Mesh(load(Object.entries(byName).map(([file, text]): InputFile => ({ file, text, named: true }))), assumptions);
}

/** The resource of a kind with a name; fails where there is none. */
export function only<K extends KindName>(mesh: Mesh, kind: K, name: string): ResourceByKind[K] {
  const [found] = mesh.namedAnywhere(kind, name);
  if (!found) throw new Error(`no ${kind} ${name}`);
  return found;
}
