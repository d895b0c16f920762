import type { SourceText } from '../text/source-text.ts';
import type { Path } from '../yaml/locate.ts';
import type { YamlDocument } from '../yaml/read-yaml.ts';
import { isTemplateText } from '../yaml/template-text.ts';
import { metadataProblems } from './checks/metadata.ts';
import { type Decoded, decode } from './decode.ts';
import type { DeprecatedPart } from './deprecated-parts.ts';
import type { Field, Problem, RefusedBy } from './field.ts';
import type { Outlines } from './outlines.ts';
import { valueAt } from './plain-value.ts';

/** What egress-lint knows of a kind. */
export interface KindDefinition<K extends string = string, S = unknown> {
  readonly kind: K;
  /** The API group; '' is Kubernetes' core group. Every version of a group is read by one description: Istio's are the same in all versions. */
  readonly group: string;
  readonly scope: 'Namespaced' | 'Cluster';
  /** The name that rules use, where two groups share a kind (both Istio and the Gateway API have a Gateway); the kind otherwise. */
  readonly type?: string;
  /** Where the described part starts: most kinds have a `spec`, a ConfigMap and a Namespace have none. */
  readonly root: 'spec' | '';
  readonly spec: Field<S>;
  /** Who refuses an object without the described part. */
  readonly specRequired?: RefusedBy;
  /** Root keys beside apiVersion, kind, metadata, spec and status are refused (Istio's kinds only: `checkFields`). */
  readonly closed?: boolean;
  /** No Kubernetes object, but a file of another sort that tells of the mesh; it is named by its path. */
  readonly isFile?: boolean;
}

/** Where a resource stands: a document, and the path inside of it (not empty for an item of a List). */
export interface ResourceSource {
  readonly file: SourceText;
  readonly document: YamlDocument;
  readonly prefix: Path;
}

/** One object of a kind that egress-lint reads. */
export interface Resource<K extends string = string, S = unknown> {
  readonly apiVersion: string;
  readonly kind: K;
  /** Which of the kinds that are read (kinds.ts): the kind, but for those that two groups share. */
  readonly type: string;
  readonly name: string;
  /** The namespace it lands in; '' for cluster-scoped kinds. */
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly creationTimestamp: string | undefined;
  /** Typed and repaired (decode.ts): decoded when first asked for, then kept. */
  readonly spec: S;
  /** What is wrong with the object as written; paths are relative to the object's own root. */
  readonly problems: readonly Problem[];
  /** Paths of values that hold template text: unknown, and left out of `spec`. */
  readonly templates: readonly Path[];
  /** Fields and values of enums that the kind's API calls deprecated. */
  readonly deprecated: readonly DeprecatedPart[];
  /** What the cluster wrote, as it stands in files made by `kubectl get`; `undefined` elsewhere. */
  readonly status: unknown;
  readonly source: ResourceSource;
  /** Whether something is written at a path: `spec` cannot tell, for it has zero values filled in. */
  isSet(this: Resource, path: Path): boolean;
  /**
   * Whether a document says in which namespace the object lands, and no template decides it. Objects of the cluster have none to be unknown.
   * `namespace:` with nothing after it is written, and says no namespace.
   */
  readonly hasKnownNamespace: boolean;
}

const METADATA_KEYS = new Set(['apiVersion', 'kind', 'metadata', 'spec', 'status']);

class LoadedResource<K extends string, S> implements Resource<K, S> {
  readonly apiVersion: string;
  readonly kind: K;
  readonly type: string;
  readonly name: string;
  readonly namespace: string;
  readonly hasKnownNamespace: boolean;
  readonly source: ResourceSource;
  private readonly definition: KindDefinition<K, S>;
  /** As read; once it is settled, of the spec only its outline. */
  private raw: Readonly<Record<string, unknown>>;
  private decoded: Decoded | undefined;

  constructor(definition: KindDefinition<K, S>, raw: Readonly<Record<string, unknown>>, source: ResourceSource, defaultNamespace: string) {
    this.definition = definition;
    this.raw = raw;
    this.source = source;
    this.kind = definition.kind;
    this.type = definition.type ?? definition.kind;
    this.apiVersion = definition.isFile ? '' : String(raw['apiVersion']);
    this.name = definition.isFile ? source.file.file : nameIn(raw);
    const written = valueAt(raw, ['metadata', 'namespace']);
    this.namespace = definition.scope === 'Cluster' ? '' : (text(written) ?? defaultNamespace);
    this.hasKnownNamespace = this.namespace === '' || (written !== undefined && written !== null && written !== '' && !isTemplateText(this.namespace));
  }

  get labels(): Readonly<Record<string, string>> {
    return texts(valueAt(this.raw, ['metadata', 'labels']));
  }

  get annotations(): Readonly<Record<string, string>> {
    return texts(valueAt(this.raw, ['metadata', 'annotations']));
  }

  get creationTimestamp(): string | undefined {
    return text(valueAt(this.raw, ['metadata', 'creationTimestamp']));
  }

  get spec(): S {
    return this.decode().value as S;
  }

  get problems(): readonly Problem[] {
    return this.decode().problems;
  }

  get templates(): readonly Path[] {
    return this.decode().templates;
  }

  get deprecated(): readonly DeprecatedPart[] {
    return this.decode().deprecated;
  }

  get status(): unknown {
    return this.raw['status'];
  }

  isSet(path: Path): boolean {
    return valueAt(this.raw, path) !== undefined;
  }

  /** Lets go of all that is only needed for decoding. */
  settle(outlines: Outlines): void {
    this.decode();
    const { metadata, status, spec } = this.raw as { readonly metadata?: unknown; readonly status?: unknown; readonly spec?: unknown };
    if (this.definition.root === 'spec') this.raw = { metadata, status, spec: spec === undefined ? undefined : outlines.of(spec) };
  }

  private decode(): Decoded {
    if (this.decoded) return this.decoded;
    const { root, spec, specRequired, closed } = this.definition;
    const namespace = text(valueAt(this.raw, ['metadata', 'namespace']));
    const context = { labels: this.labels, namespace: namespace === undefined || isTemplateText(namespace) ? undefined : namespace };
    const given = root === '' ? this.raw : this.raw['spec'];
    const result = decode(spec, given ?? {}, root === '' ? [] : ['spec'], context);
    const problems: Problem[] = [];
    if (given === undefined || given === null) {
      // Without a name either it is a part of an object, that something else completes.
      if (specRequired && (this.isSet(['metadata', 'name']) || this.isSet(['metadata', 'generateName'])))
        problems.push({ type: 'missing-field', path: [], field: 'spec', within: this.kind, refusedBy: specRequired });
    } else problems.push(...result.problems);
    if (closed) {
      problems.push(...metadataProblems(this.kind, valueAt(this.raw, ['metadata']), given));
      for (const field of Object.keys(this.raw)) {
        if (METADATA_KEYS.has(field) || isTemplateText(field)) continue;
        problems.push({ type: 'unknown-field', path: [field], field, within: this.kind, siblings: ['metadata', 'spec'], refusedBy: 'strict-client' });
      }
    }
    const templates = ['name', 'namespace'].flatMap((key) => (isTemplateText(this[key as 'name' | 'namespace']) ? [['metadata', key]] : []));
    // Whatever was written, rules get an object.
    const value = result.value ?? decode(spec, {}, [], context).value;
    // Nearly every object has neither: they share one empty list.
    this.decoded = {
      value,
      problems: orNothing(problems),
      templates: orNothing([...templates, ...result.templates]),
      deprecated: orNothing(result.deprecated),
    };
    return this.decoded;
  }
}

/** An object of a kind, wherever it comes from. */
export function resourceOf<K extends string, S>(
  definition: KindDefinition<K, S>,
  raw: Readonly<Record<string, unknown>>,
  source: ResourceSource,
  defaultNamespace: string,
): Resource<K, S> {
  return new LoadedResource(definition, raw, source, defaultNamespace);
}

const NOTHING: readonly never[] = [];

function orNothing<T>(list: readonly T[]): readonly T[] {
  return list.length === 0 ? NOTHING : list;
}

function nameIn(raw: unknown): string {
  return text(valueAt(raw, ['metadata', 'name'])) ?? text(valueAt(raw, ['metadata', 'generateName'])) ?? '';
}

const NO_TEXTS: Readonly<Record<string, string>> = {};

function text(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function texts(value: unknown): Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null) return NO_TEXTS;
  // Nearly always: memory holds it once.
  if (!Array.isArray(value) && Object.values(value).every((entry) => typeof entry === 'string')) return value as Readonly<Record<string, string>>;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, String(entry)]));
}

/** Keeps of the objects in a document what is asked for later, and lets go of the values that it was made of. */
export function settle(document: YamlDocument, resources: readonly Resource[], outlines: Outlines): void {
  for (const resource of resources) if (resource instanceof LoadedResource) resource.settle(outlines);
  document.release?.();
}

/** Finds the definition of what is read, or undefined for the rest. */
export interface Definitions {
  /** @param group the API group; '' is Kubernetes' core group */
  readonly ofKind: (group: string, kind: string) => KindDefinition | undefined;
  /** For a document that says neither its kind nor its API. */
  readonly ofFile: (root: Readonly<Record<string, unknown>>, file: string) => KindDefinition | undefined;
}

/**
 * The resources in one document: itself, or the items of a `kind: List` (also `ServiceEntryList` and the like).
 * @param defaultNamespace where objects without a namespace land
 */
export function resourcesIn(file: SourceText, document: YamlDocument, definitions: Definitions, defaultNamespace: string): Resource[] {
  const found: Resource[] = [];
  const add = (definition: KindDefinition | undefined, raw: object, prefix: Path): void => {
    if (definition) found.push(resourceOf(definition, raw as Record<string, unknown>, { file, document, prefix }, defaultNamespace));
  };
  const visit = (raw: unknown, prefix: Path): void => {
    if (typeof raw !== 'object' || raw === null) return;
    const { apiVersion, kind, items } = raw as Record<string, unknown>;
    if (kind === undefined && apiVersion === undefined && prefix.length === 0) add(definitions.ofFile(raw as Record<string, unknown>, file.file), raw, prefix);
    if (typeof kind !== 'string') return;
    if (kind.endsWith('List') && Array.isArray(items)) {
      for (const [index, item] of items.entries()) visit(item, [...prefix, 'items', index]);
      return;
    }
    if (typeof apiVersion !== 'string') return;
    add(definitions.ofKind(apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '', kind), raw, prefix);
  };
  visit(document.value, NOTHING);
  return found;
}
