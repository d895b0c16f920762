import { findFileKind, findKind } from '../resources/kinds.ts';
import { valueAt } from '../resources/plain-value.ts';
import { resourcesIn } from '../resources/resource.ts';
import type { YamlDocument } from '../yaml/read-yaml.ts';
import { MASK } from '../yaml/template-text.ts';
import type { PlacedFile } from './alternatives.ts';
import { type Deployer, deployedBy, deployerOf, deployersIn } from './deployers.ts';
import { type Kustomization, kustomizationIn } from './kustomization.ts';
import { changesOf } from './kustomize-changes.ts';
import type { LoadedFile } from './load.ts';

type Raw = Readonly<Record<string, unknown>>;

/**
 * The files of a run as their kustomizations deploy them: what an overlay takes in has the overlay's namespace and labels; what several take in
 * is there once for each, as alternatives; patches are no objects. Files that no kustomization names stay as they are.
 */
export function placedFiles(files: readonly LoadedFile[]): readonly PlacedFile[] {
  const deployers = deployersIn(files);
  const deploy = (file: LoadedFile, directory: string): LoadedFile => {
    const deployer = deployerOf(directory, deployers);
    return deployer && file.resources.length > 0 ? redone(file, (object) => deployedBy(deployer, object)) : file;
  };
  const kustomizations = files.flatMap((file) => kustomizationIn(file) ?? []);
  if (kustomizations.length === 0) return files.map((file) => plain(file, deploy));
  const tree = new Tree(files, kustomizations, deployers);
  const uses = tree.uses();
  return files.flatMap((file) => {
    const own = uses.get(file);
    if (!own) return [plain(tree.isPatch(file) ? { ...file, resources: [] } : file, deploy)];
    const roots = new Set(own.map(({ root }) => root));
    const isShared = roots.size > 1 && file.resources.length > 0;
    return own.map(({ root, chain }) => ({
      file: tree.deployed(file, chain, root),
      home: isShared ? root : directoryOf(file.source.file),
      unit: root,
      ...(isShared && { id: `file/${file.source.file}` }),
    }));
  });
}

/** An outermost kustomization, and everything that it builds with. */
export interface KustomizeTree {
  /** Ends with a slash, or is empty. */
  readonly directory: string;
  /** Names of files, patches and kustomizations included. */
  readonly files: readonly string[];
}

/** The kustomizations among files that no other one takes in, in the order of their directories. */
export function kustomizeTrees(files: readonly LoadedFile[]): readonly KustomizeTree[] {
  const kustomizations = files.flatMap((file) => kustomizationIn(file) ?? []);
  const tree = new Tree(files, kustomizations, new Map());
  const byRoot = new Map<string, Set<string>>();
  for (const [file, uses] of tree.uses()) {
    for (const { root, chain } of uses) {
      const names = byRoot.get(root) ?? new Set();
      byRoot.set(root, names);
      names.add(file.source.file);
      for (const each of chain) for (const name of [each.file.source.file, ...tree.patchesOf(each)]) names.add(name);
    }
  }
  return [...byRoot].map(([directory, names]) => ({ directory, files: [...names] })).sort((a, b) => (a.directory < b.directory ? -1 : 1));
}

/** How many files are patches and nothing else: no objects, and so not judged. */
export function countPatches(files: readonly LoadedFile[]): number {
  const kustomizations = files.flatMap((file) => kustomizationIn(file) ?? []);
  if (kustomizations.length === 0) return 0;
  const tree = new Tree(files, kustomizations, new Map());
  const uses = tree.uses();
  return files.filter((file) => tree.isPatch(file) && !uses.has(file)).length;
}

function plain(file: LoadedFile, deploy: (file: LoadedFile, directory: string) => LoadedFile): PlacedFile {
  const home = directoryOf(file.source.file);
  return { file: deploy(file, home), home };
}

/** A file with its objects changed. */
function redone(file: LoadedFile, change: (object: Raw) => Raw | undefined): LoadedFile {
  const namespace = fallbackNamespace(file);
  const resources = file.contents.documents.flatMap((document) => {
    const value = changed(document.value, change);
    return value === undefined ? [] : resourcesIn(file.source, at(document, value), DEFINITIONS, namespace);
  });
  return { ...file, resources };
}

/** How a file gets into what an outermost kustomization builds. */
interface Use {
  /** The directory of that kustomization. */
  readonly root: string;
  /** From the innermost to the outermost. */
  readonly chain: readonly Kustomization[];
}

class Tree {
  private readonly byName: ReadonlyMap<string, LoadedFile>;
  private readonly byDirectory: ReadonlyMap<string, Kustomization>;
  private readonly patches = new Set<LoadedFile>();
  private readonly changes = new Map<string, (object: Raw) => Raw | undefined>();

  private readonly deployers: ReadonlyMap<string, Deployer>;

  constructor(files: readonly LoadedFile[], kustomizations: readonly Kustomization[], deployers: ReadonlyMap<string, Deployer>) {
    this.deployers = deployers;
    this.byName = new Map(files.map((file) => [file.source.file, file]));
    this.byDirectory = new Map(kustomizations.map((each) => [each.directory, each]));
    for (const each of kustomizations) {
      for (const name of this.patchesOf(each)) {
        const file = this.byName.get(name);
        if (file) this.patches.add(file);
      }
    }
  }

  /** The names of the files that hold patches of a kustomization. */
  patchesOf({ directory, patches }: Kustomization): readonly string[] {
    return patches.flatMap(({ path }) => (path === undefined ? [] : [resolved(directory, path)]));
  }

  isPatch(file: LoadedFile): boolean {
    return this.patches.has(file);
  }

  /** For each file that a kustomization deploys, how; what no other takes in is outermost. */
  uses(): ReadonlyMap<LoadedFile, readonly Use[]> {
    const uses = new Map<LoadedFile, Use[]>();
    const inner = new Set(
      [...this.byDirectory.values()].flatMap((each) => each.resources.map((path) => `${resolved(each.directory, path)}/`.replace(/^\.\//, ''))),
    );
    const visit = (kustomization: Kustomization, root: string, outer: readonly Kustomization[]): void => {
      if (outer.includes(kustomization) || outer.length > MAX_DEPTH) return;
      const chain = [kustomization, ...this.componentsOf(kustomization), ...outer];
      const add = (file: LoadedFile): void => {
        uses.set(file, [...(uses.get(file) ?? []), { root, chain }]);
      };
      add(kustomization.file);
      for (const path of kustomization.resources) {
        const name = resolved(kustomization.directory, path);
        const file = this.byName.get(name);
        const child = this.byDirectory.get(name === '.' ? '' : `${name}/`);
        if (file) add(file);
        // A component changes what stands beside it, and builds its own resources like any other.
        else if (child)
          visit(
            child,
            root,
            chain.filter((each) => each !== child || outer.includes(each)),
          );
      }
    };
    for (const each of this.byDirectory.values()) if (!inner.has(each.directory) && !each.isComponent) visit(each, each.directory, []);
    return uses;
  }

  private componentsOf({ directory, components }: Kustomization): readonly Kustomization[] {
    return components.flatMap((path) => this.byDirectory.get(`${resolved(directory, path)}/`) ?? []);
  }

  /** A file's objects as a chain of kustomizations deploys them; the file itself where nothing changes. */
  deployed(file: LoadedFile, chain: readonly Kustomization[], root: string): LoadedFile {
    const [own] = chain;
    const generated = own?.file === file ? own.generators : [];
    const deployer = deployerOf(root, this.deployers);
    const isChanged = deployer !== undefined || chain.some(isChanging);
    if (generated.length === 0 && (file.resources.length === 0 || !isChanged)) return file;
    const built = this.changeOf(chain);
    const change = (object: Raw): Raw | undefined => {
      const made = built(object);
      return made && deployer ? deployedBy(deployer, made) : made;
    };
    const { resources } = redone(file, change);
    const [document] = file.contents.documents;
    const made = document
      ? generated.flatMap(({ kind, list, index }) => {
          const raw = change(generatedObject(kind, valueAt(document.value, [list, index])));
          return raw ? resourcesIn(file.source, at(document, raw), DEFINITIONS, 'default') : [];
        })
      : [];
    const renamed = chain.some((each) => each.renames) ? new Set(resources.map(({ type }) => type)) : undefined;
    return { ...file, resources: [...resources, ...made], ...(renamed && { renamed }) };
  }

  private changeOf(chain: readonly Kustomization[]): (object: Raw) => Raw | undefined {
    const key = chain.map(({ directory }) => directory).join('\n');
    const known = this.changes.get(key);
    if (known) return known;
    const change = changesOf(chain, ({ directory }, path) => this.byName.get(resolved(directory, path))?.source.text);
    this.changes.set(key, change);
    return change;
  }
}

/** Whether objects are others than written once a kustomization has taken them in. */
function isChanging({ namespace, patches, labels, renames }: Kustomization): boolean {
  return namespace !== undefined || patches.length > 0 || Object.keys(labels).length > 0 || renames;
}

const MAX_DEPTH = 30;
const DEFINITIONS = { ofKind: findKind, ofFile: findFileKind };

/** Where the file's objects land that name no namespace, and get none here: as when the file was loaded. */
function fallbackNamespace(file: LoadedFile): string {
  const unnamed = file.resources.find((resource) => resource.namespace !== '' && !resource.isSet(['metadata', 'namespace']));
  return unnamed?.namespace ?? 'default';
}

function at(document: YamlDocument, value: unknown): YamlDocument {
  return { start: document.start, end: document.end, value };
}

/** Applies a change to an object, or to each of a list. */
function changed(value: unknown, change: (object: Raw) => Raw | undefined): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const items = valueAt(value, ['items']);
  if (!Array.isArray(items)) return change(value as Raw);
  // What is removed keeps its place, so that the others keep theirs.
  return { ...value, items: items.map((item) => changed(item, change) ?? null) };
}

/** The object that a generator makes, by its plain name: kustomize puts the hash into references as well. Values are not read. */
function generatedObject(kind: string, generator: unknown): Raw {
  const options = (key: string): readonly unknown[] => {
    const list = valueAt(generator, [key]);
    return Array.isArray(list) ? list : [];
  };
  const hasUnknownKeys = options('envs').length > 0 || valueAt(generator, ['env']) !== undefined;
  const keys = [
    ...options('literals').map((each) => String(each).split('=', 1)[0] ?? ''),
    ...options('files').map((each) => (String(each).includes('=') ? (String(each).split('=', 1)[0] ?? '') : String(each).replace(/^.*\//, ''))),
  ];
  const namespace = valueAt(generator, ['namespace']);
  return {
    apiVersion: 'v1',
    kind,
    metadata: { name: valueAt(generator, ['name']), ...(typeof namespace === 'string' && { namespace }) },
    ...(kind === 'Secret' && { type: valueAt(generator, ['type']) ?? 'Opaque' }),
    data: hasUnknownKeys ? MASK : Object.fromEntries(keys.map((key) => [key, MASK])),
  };
}

/** A path from a directory; `.` and `..` are taken out. What leads out of the tree keeps its `..`. */
function resolved(directory: string, path: string): string {
  const parts: string[] = [];
  for (const part of `${directory}${path}`.split('/')) {
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/') || '.';
}

function directoryOf(file: string): string {
  return file.slice(0, file.lastIndexOf('/') + 1);
}
