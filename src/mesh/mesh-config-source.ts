import type { ConfigMap } from '../resources/config-map.ts';
import { decode } from '../resources/decode.ts';
import type { Problem } from '../resources/field.ts';
import type { HelmValues, Istio, IstioOperator } from '../resources/istio-installation.ts';
import { type MeshSettings, meshConfig } from '../resources/mesh-config.ts';
import { valueAt } from '../resources/plain-value.ts';
import type { Resource } from '../resources/resource.ts';
import type { Path } from '../yaml/locate.ts';
import { readYaml } from '../yaml/read-yaml.ts';
import { isTemplateText } from '../yaml/template-text.ts';
import { isTemplated } from './template-paths.ts';

/** What can hold a mesh configuration. */
export type MeshConfigHolder = ConfigMap | IstioOperator | Istio | HelmValues;

/** One mesh configuration in view. */
export interface MeshConfigSource {
  readonly resource: Resource;
  /** From the object's root to the configuration; a path goes on from there, also into the text of a ConfigMap ({@link import('../yaml/locate.ts').locate}). */
  readonly path: Path;
  /**
   * Whether it is all that istiod reads. Other files, profiles and flags may add to the values of a chart, and AKS' own
   * configuration to its shared ConfigMap: what these leave out is unknown.
   */
  readonly isWhole: boolean;
  /** Whether the configuration of egress-lint says so: the fields that it writes hold over those of all others. */
  readonly isAssumed: boolean;
  /** The configuration as written; undefined where it cannot be told what istiod reads: template text, or text that istiod cannot read either. */
  readonly raw: Readonly<Record<string, unknown>> | undefined;
  /** The same, typed. */
  readonly settings: MeshSettings;
  /** What is wrong with it; paths are relative to the configuration. istiod reads both spellings of a field, and ignores unknown ones. */
  readonly problems: readonly Problem[];
  /** The namespace that istiod runs in, where the object tells. */
  readonly installedIn: string | undefined;
}

/** M-1: the mesh configurations of a run, in the order of the objects that hold them. */
export function meshConfigSources(holders: readonly MeshConfigHolder[], isAssumed: (holder: Resource) => boolean): readonly MeshConfigSource[] {
  return holders.flatMap((holder) => sourcesIn(holder).map((source) => ({ ...source, isAssumed: isAssumed(holder) })));
}

type Source = Omit<MeshConfigSource, 'isAssumed'>;

function sourcesIn(holder: MeshConfigHolder): readonly Source[] {
  switch (holder.kind) {
    case 'ConfigMap':
      return isMeshConfigMap(holder) ? [fromConfigMap(holder)] : [];
    case 'IstioOperator': {
      const { meshConfig: own, values } = holder.spec;
      const namespace = values?.global?.istioNamespace;
      return [
        ...fromValue(holder, ['spec', 'meshConfig'], own, namespace),
        ...fromValue(holder, ['spec', 'values', 'meshConfig'], values?.meshConfig, namespace),
      ];
    }
    case 'Istio': {
      const { namespace, values } = holder.spec;
      return fromValue(holder, ['spec', 'values', 'meshConfig'], values?.meshConfig, values?.global?.istioNamespace ?? namespace);
    }
    case 'HelmValues':
      return fromValue(holder, ['meshConfig'], holder.spec.meshConfig, holder.spec.global?.istioNamespace);
    default:
      return holder satisfies never;
  }
}

const SHARED = /^istio-shared-configmap(?:-|$)/;

/** Revisions are in the name: `istio-asm-managed`, `istio-1-28-0`. Other ConfigMaps of Istio (`istio-ca-root-cert`) lack the key. */
function isMeshConfigMap(configMap: ConfigMap): boolean {
  const { name } = configMap;
  return (/^istio(?:-[\w.-]+)?$/.test(name) || SHARED.test(name)) && configMap.isSet(['data', 'mesh']);
}

function fromConfigMap(configMap: ConfigMap): Source {
  const path: Path = ['data', 'mesh'];
  const isShared = SHARED.test(configMap.name);
  // AKS' istiod runs where its shared ConfigMap is. Any other ConfigMap says the root namespace itself, or Istio's default holds.
  const installedIn = isShared && configMap.isSet(['metadata', 'namespace']) ? configMap.namespace : undefined;
  return source(configMap, path, !isShared, isTemplated(configMap, path) ? undefined : parsed(configMap.spec.data['mesh']), installedIn);
}

function parsed(mesh: string | undefined): unknown {
  if (mesh === undefined || isTemplateText(mesh)) return undefined;
  const { documents, problems, templates } = readYaml(mesh, { wants: () => true, strict: true });
  return problems.length > 0 || templates.length > 0 ? undefined : (documents[0]?.value ?? {});
}

/** @param value the configuration as the installation's own description has it */
function fromValue(holder: Resource, path: Path, value: unknown, installedIn: string | undefined): readonly Source[] {
  if (value === undefined && !isTemplated(holder, path)) return [];
  return [source(holder, path, false, value, installedIn || undefined)];
}

function source(resource: Resource, path: Path, isWhole: boolean, value: unknown, installedIn: string | undefined): Source {
  const isMapping = typeof value === 'object' && value !== null && !Array.isArray(value);
  const { value: decoded, problems } = decode(meshConfig, isMapping ? value : {}, [], { labels: {}, namespace: undefined });
  const raw = isMapping && !problems.some(isRefusedByIstiod) ? (value as Readonly<Record<string, unknown>>) : undefined;
  // The schema's root is an object, so the decoded value is one.
  return { resource, path, isWhole, raw, settings: decoded as MeshSettings, problems, installedIn };
}

/** Whether istiod's decoder fails on it: then nothing of the configuration takes effect. It takes numbers for names of enums, and text for numbers. */
export function isRefusedByIstiod(problem: Problem): boolean {
  if (problem.type === 'unknown-value') return !/^\d+$/.test(problem.value);
  if (problem.type === 'wrong-type') return !/\bnumber\b/.test(`${problem.expected} ${problem.actual}`);
  return problem.type === 'yaml-boolean';
}

/** The value of a field under its name in JSON, or under the one of its .proto, which istiod reads as well. */
export function written(raw: unknown, key: string): unknown {
  return valueAt(raw, [key]) ?? valueAt(raw, [key.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`)]);
}
