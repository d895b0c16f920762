import { valueAt } from '../resources/plain-value.ts';
import { isTemplateText } from '../yaml/template-text.ts';
import type { LoadedFile } from './load.ts';

/** What deploys a directory of the tree: the namespace that its objects get. */
export interface Deployer {
  readonly namespace: string;
  /** Whether it replaces a namespace that is written (Flux), or only fills it in (Argo CD). */
  readonly replaces: boolean;
  /** Whether directories below are deployed as well. */
  readonly recurses: boolean;
}

/** Kinds of deployers; their documents are parsed for it. */
export function isDeployerKind(kind: string): boolean {
  return kind === 'Application' || kind === 'Kustomization';
}

/**
 * The deployers of a tree, by directory (ends with `/`, or is empty): Argo CD's Applications and Flux' Kustomizations. Where two of them want
 * different namespaces for one directory, what lands where is unknown.
 */
export function deployersIn(files: readonly LoadedFile[]): ReadonlyMap<string, Deployer> {
  const found = new Map<string, Deployer | undefined>();
  for (const { contents, resources } of files) {
    const ofMesh = new Set(resources.map(({ source }) => source.document));
    for (const document of contents.documents) {
      if (ofMesh.has(document)) continue;
      const { value } = document;
      for (const [directory, deployer] of deployersOf(value)) {
        const other = found.get(directory);
        const agrees = !found.has(directory) || (other?.namespace === deployer.namespace && other.replaces === deployer.replaces);
        found.set(directory, agrees ? deployer : undefined);
      }
    }
  }
  return new Map([...found].flatMap(([directory, deployer]) => (deployer ? [[directory, deployer] as const] : [])));
}

function deployersOf(value: unknown): readonly (readonly [directory: string, deployer: Deployer])[] {
  const apiVersion = String(valueAt(value, ['apiVersion']) ?? '');
  if (apiVersion.startsWith('argoproj.io/')) {
    const namespace = valueAt(value, ['spec', 'destination', 'namespace']);
    const sources = valueAt(value, ['spec', 'sources']);
    const all = [valueAt(value, ['spec', 'source']), ...(Array.isArray(sources) ? sources : [])];
    return all.flatMap((source) => entry(valueAt(source, ['path']), namespace, false, valueAt(source, ['directory', 'recurse']) === true));
  }
  if (!apiVersion.startsWith('kustomize.toolkit.fluxcd.io/')) return [];
  return entry(valueAt(value, ['spec', 'path']), valueAt(value, ['spec', 'targetNamespace']), true, true);
}

function entry(path: unknown, namespace: unknown, replaces: boolean, recurses: boolean): readonly (readonly [string, Deployer])[] {
  if (typeof path !== 'string' || typeof namespace !== 'string' || namespace === '' || isTemplateText(path) || isTemplateText(namespace)) return [];
  const directory = path.replace(/^(?:\.?\/)+/, '').replace(/\/*$/, '/');
  return directory === '/' || directory === './' ? [] : [[directory, { namespace, replaces, recurses }]];
}

/** Who deploys a directory: by itself, or by one above it. */
export function deployerOf(directory: string, deployers: ReadonlyMap<string, Deployer>): Deployer | undefined {
  const own = deployers.get(directory);
  if (own || deployers.size === 0) return own;
  for (let above = parentOf(directory); above !== ''; above = parentOf(above)) {
    const deployer = deployers.get(above);
    if (deployer) return deployer.recurses ? deployer : undefined;
  }
  return undefined;
}

function parentOf(directory: string): string {
  return directory.slice(0, directory.lastIndexOf('/', directory.length - 2) + 1);
}

/** An object as its deployer applies it. */
export function deployedBy({ namespace, replaces }: Deployer, object: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const metadata = valueAt(object, ['metadata']);
  const written = valueAt(metadata, ['namespace']);
  if (object['kind'] === 'Namespace' || typeof metadata !== 'object' || metadata === null) return object;
  if (!replaces && written !== undefined && written !== null && written !== '') return object;
  return { ...object, metadata: { ...metadata, namespace } };
}
