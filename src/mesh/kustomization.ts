import { valueAt } from '../resources/plain-value.ts';
import { isTemplateText } from '../yaml/template-text.ts';
import type { LoadedFile } from './load.ts';

/** A kustomization as far as it tells what its resources become. Paths are relative to its directory, as written. */
export interface Kustomization {
  readonly file: LoadedFile;
  /** Ends with `/`, or is empty. */
  readonly directory: string;
  /** Whether it changes what others take in, and builds nothing by itself. */
  readonly isComponent: boolean;
  readonly namespace: string | undefined;
  /** Files and directories, those of `bases` and `components` included. */
  readonly resources: readonly string[];
  /** Directories whose patches and labels go to everything that this one takes in; also among the resources. */
  readonly components: readonly string[];
  readonly patches: readonly Patch[];
  /** Generated objects: the kind, and the path of the generator in the file. */
  readonly generators: readonly { readonly kind: 'Secret' | 'ConfigMap'; readonly list: string; readonly index: number }[];
  /** Whether names are changed, in ways that references to them may not follow. */
  readonly renames: boolean;
  readonly labels: Readonly<Record<string, string>>;
  /** Whether labels go to selectors and Pods as well. */
  readonly labelsPods: boolean;
}

/** A change to objects that is written elsewhere than in them. */
export interface Patch {
  /** The file that holds it; undefined where it stands in the kustomization itself. */
  readonly path?: string;
  readonly text?: string;
  /** Which objects it is for; without one, the patch itself says it. */
  readonly target?: { readonly kind: string | undefined; readonly name: string | undefined };
  /** Paths that it changes, where they are known without reading the patch. */
  readonly fields?: readonly (readonly string[])[];
}

/** The names that kustomize looks for. */
export function isKustomizationFile(file: string): boolean {
  return /(?:^|\/)(?:kustomization\.ya?ml|Kustomization)$/.test(file);
}

/** Reads a file of one of these names; undefined where it holds none, or Flux' object of that kind. */
export function kustomizationIn(file: LoadedFile): Kustomization | undefined {
  if (!isKustomizationFile(file.source.file)) return undefined;
  const root = file.contents.documents[0]?.value;
  const apiVersion = valueAt(root, ['apiVersion']);
  if (typeof root !== 'object' || root === null || (typeof apiVersion === 'string' && !apiVersion.startsWith('kustomize.config.k8s.io/'))) return undefined;
  const namespace = textAt(root, 'namespace');
  const labels = listAt(root, 'labels');
  const ownLabels = Object.assign({}, textsAt(root, 'commonLabels'), ...labels.map((each) => textsAt(each, 'pairs')));
  return {
    file,
    directory: file.source.file.replace(/[^/]*$/, ''),
    isComponent: valueAt(root, ['kind']) === 'Component',
    namespace: namespace === undefined || isTemplateText(namespace) ? undefined : namespace,
    resources: ['resources', 'bases', 'components'].flatMap((key) => listAt(root, key).flatMap((each) => (typeof each === 'string' ? [each] : []))),
    components: listAt(root, 'components').flatMap((each) => (typeof each === 'string' ? [each] : [])),
    patches: [...patchesIn(root), ...listAt(root, 'replacements').flatMap(replacementTargets)],
    generators: [...generatorsIn(root, 'secretGenerator', 'Secret'), ...generatorsIn(root, 'configMapGenerator', 'ConfigMap')],
    renames: textAt(root, 'namePrefix') !== undefined || textAt(root, 'nameSuffix') !== undefined || listAt(root, 'transformers').length > 0,
    labels: ownLabels,
    labelsPods: Object.keys(textsAt(root, 'commonLabels')).length > 0 || labels.some((each) => valueAt(each, ['includeSelectors']) === true),
  };
}

function patchesIn(root: object): readonly Patch[] {
  const merges = listAt(root, 'patchesStrategicMerge').flatMap((each): Patch[] => {
    if (typeof each !== 'string') return [];
    return each.includes('\n') ? [{ text: each }] : [{ path: each }];
  });
  const targeted = [...listAt(root, 'patches'), ...listAt(root, 'patchesJson6902')].map((each): Patch => {
    const path = textAt(each, 'path');
    const text = textAt(each, 'patch');
    const target = valueAt(each, ['target']);
    return { ...(path !== undefined && { path }), ...(text !== undefined && { text }), ...(isRecord(target) && { target: targetOf(target) }) };
  });
  return [...merges, ...targeted];
}

function targetOf(target: object): NonNullable<Patch['target']> {
  return { kind: textAt(target, 'kind'), name: textAt(target, 'name') };
}

/** What `replacements` write into objects. */
function replacementTargets(replacement: unknown): readonly Patch[] {
  return listAt(replacement, 'targets').map((target) => ({
    target: targetOf((valueAt(target, ['select']) ?? {}) as object),
    fields: listAt(target, 'fieldPaths').map((path) => partsOfFieldPath(String(path))),
  }));
}

/** `a.[b.example/c].d` and `a.b\.example/c.d`: what stands in brackets, and what a backslash leads in, is part of a name. */
function partsOfFieldPath(path: string): readonly string[] {
  return [...path.matchAll(/\[([^\]]*)\]|(?:[^.[\]\\]|\\.)+/g)].map(([whole, inBrackets]) => inBrackets ?? whole.replaceAll('\\', ''));
}

function generatorsIn(root: object, list: string, kind: 'Secret' | 'ConfigMap'): Kustomization['generators'] {
  return listAt(root, list).map((_, index) => ({ kind, list, index }));
}

function listAt(value: unknown, key: string): readonly unknown[] {
  const list = valueAt(value, [key]);
  return Array.isArray(list) ? list : [];
}

function textAt(value: unknown, key: string): string | undefined {
  const text = valueAt(value, [key]);
  return typeof text === 'string' && text !== '' ? text : undefined;
}

function textsAt(value: unknown, key: string): Readonly<Record<string, string>> {
  const texts = valueAt(value, [key]);
  return isRecord(texts) ? Object.fromEntries(Object.entries(texts).map(([name, each]) => [name, String(each)])) : {};
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
