import { valueAt } from '../resources/plain-value.ts';
import type { Path } from '../yaml/locate.ts';
import { readYaml } from '../yaml/read-yaml.ts';
import { MASK } from '../yaml/template-text.ts';
import type { Kustomization, Patch } from './kustomization.ts';

type Raw = Readonly<Record<string, unknown>>;

/** The text of a file that a kustomization names; undefined where it is not in view. */
export type TextOf = (kustomization: Kustomization, path: string) => string | undefined;

/** What a patch does to the objects that it is for. */
interface Change {
  readonly isFor: (object: Raw) => boolean;
  /** Fields whose value is unknown from then on; undefined removes the object. */
  readonly fields: readonly Path[] | undefined;
}

/**
 * What kustomize makes of an object, as far as it can be told without running it: its namespace, labels; what patches and replacements write
 * is unknown (it reads like template text), and so is everything that a patch which is not in view might write.
 * @param chain the kustomizations that take the object in, from the innermost to the outermost
 */
export function changesOf(chain: readonly Kustomization[], textOf: TextOf): (object: Raw) => Raw | undefined {
  const namespace = chain.findLast((each) => each.namespace !== undefined)?.namespace;
  const patches = chain.flatMap((each) => each.patches.flatMap((patch) => changesIn(patch, each, textOf)));
  return (object) => {
    let changed: Raw | undefined = object;
    for (const { isFor, fields } of patches) {
      if (!changed || !isFor(object)) continue;
      changed = fields?.reduce((raw: Raw, path) => withUnknown(raw, path), changed);
    }
    if (!changed) return undefined;
    for (const each of chain) changed = withLabels(changed, each);
    return namespace === undefined ? changed : inNamespace(changed, namespace);
  };
}

/** Kustomize's namespace replaces what is written, in all but cluster-wide objects, which ignore it; Namespaces get it for their name. */
function inNamespace(object: Raw, namespace: string): Raw {
  const key = object['kind'] === 'Namespace' ? 'name' : 'namespace';
  return { ...object, metadata: { ...recordAt(object, 'metadata'), [key]: namespace } };
}

function withLabels(object: Raw, { labels, labelsPods }: Kustomization): Raw {
  if (Object.keys(labels).length === 0) return object;
  const metadata = recordAt(object, 'metadata');
  const labelled = { ...object, metadata: { ...metadata, labels: { ...recordAt(metadata, 'labels'), ...labels } } };
  if (!labelsPods) return labelled;
  return PLACES_OF_LABELS.reduce((raw: Raw, path) => (isRecord(valueAt(raw, path)) ? withValue(raw, path, withLabelsAt(raw, path, labels)) : raw), labelled);
}

/** Where labels of Pods and selectors of them stand in the kinds that kustomize knows; it knows none of Istio's. */
const PLACES_OF_LABELS: readonly Path[] = [
  ['spec', 'template', 'metadata'],
  ['spec', 'jobTemplate', 'spec', 'template', 'metadata'],
  ['spec', 'podSelector'],
];

function withLabelsAt(raw: Raw, path: Path, labels: Readonly<Record<string, string>>): unknown {
  const value = valueAt(raw, path) as Raw;
  // Whether the selector of a NetworkPolicy gets them depends on how it is written.
  if (path.at(-1) === 'podSelector') return { ...value, matchLabels: MASK };
  return { ...value, labels: { ...recordAt(value, 'labels'), ...labels } };
}

function changesIn(patch: Patch, kustomization: Kustomization, textOf: TextOf): readonly Change[] {
  if (patch.fields) return patch.fields.map((path) => ({ isFor: targeted(patch.target), fields: [known(path)] }));
  const text = patch.text ?? (patch.path === undefined ? undefined : textOf(kustomization, patch.path));
  const documents = text === undefined ? [] : readYaml(text, { wants: () => true, wantsKindless: () => true }).documents;
  // A patch that cannot be read may change anything.
  if (documents.length === 0) return [{ isFor: targeted(patch.target), fields: [['spec']] }];
  return documents.map(({ value }): Change => {
    if (Array.isArray(value)) return { isFor: targeted(patch.target), fields: value.flatMap(operationPath) };
    const raw = isRecord(value) ? value : {};
    const isFor = patch.target ? targeted(patch.target) : isSameObject(raw);
    return { isFor, fields: raw['$patch'] === 'delete' ? undefined : writtenPaths(raw) };
  });
}

/** An operation of JSON patch; what it does to an item, it does to the list. */
function operationPath(operation: unknown): readonly Path[] {
  const path = valueAt(operation, ['path']);
  if (typeof path !== 'string' || valueAt(operation, ['op']) === 'test') return [];
  return [
    known(
      path
        .split('/')
        .slice(1)
        .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~')),
    ),
  ];
}

/** The path up to the first list: what stands where in a list after other patches is not known. */
function known(path: readonly string[]): Path {
  const item = path.findIndex((part) => /^(?:\d+|-|\*)$/.test(part) || part.includes('='));
  return item === -1 ? path : path.slice(0, item);
}

/** The fields that a merge patch writes; a list replaces or joins the list that is there. */
function writtenPaths(patch: Raw): readonly Path[] {
  const paths: Path[] = [];
  const visit = (value: unknown, path: Path): void => {
    if (isRecord(value) && !Object.keys(value).some((key) => key.startsWith('$'))) for (const [key, each] of Object.entries(value)) visit(each, [...path, key]);
    else if (path.length > 0) paths.push(path);
  };
  visit({ ...patch, apiVersion: undefined, kind: undefined, metadata: { ...recordAt(patch, 'metadata'), name: undefined, namespace: undefined } }, []);
  return paths.filter(
    (path) => valueAt(patch, path) !== undefined && !(path.length === 1 && (path[0] === 'kind' || path[0] === 'apiVersion')) && !isIdentity(path),
  );
}

function isIdentity(path: Path): boolean {
  return path.length === 2 && path[0] === 'metadata' && (path[1] === 'name' || path[1] === 'namespace');
}

function targeted(target: Patch['target']): (object: Raw) => boolean {
  const names = target?.name === undefined ? undefined : wholly(target.name);
  return (object) => (target?.kind === undefined || object['kind'] === target.kind) && (names?.test(nameOf(object)) ?? true);
}

/** Names in targets are regular expressions for the whole name; one that is none here matches every name. */
function wholly(name: string): RegExp {
  try {
    return new RegExp(`^(?:${name})$`);
  } catch {
    return /^/;
  }
}

function isSameObject(patch: Raw): (object: Raw) => boolean {
  return (object) => object['kind'] === patch['kind'] && nameOf(object) === nameOf(patch);
}

function nameOf(object: Raw): string {
  return String(valueAt(object, ['metadata', 'name']) ?? '');
}

function withUnknown(raw: Raw, path: Path): Raw {
  return path.length === 0 ? { ...raw, spec: MASK } : withValue(raw, path, MASK);
}

/** A copy in which a path has a value; what is no mapping on the way is unknown as a whole. */
function withValue(raw: Raw, path: Path, value: unknown): Raw {
  const [key, ...rest] = path;
  if (key === undefined) return raw;
  const child = raw[key] ?? {};
  if (rest.length === 0) return { ...raw, [key]: value };
  return { ...raw, [key]: isRecord(child) ? withValue(child, rest, value) : MASK };
}

function recordAt(value: unknown, key: string): Raw {
  const found = valueAt(value, [key]);
  return isRecord(found) ? found : {};
}

function isRecord(value: unknown): value is Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
