import type { ConfigMap } from '../resources/config-map.ts';
import { valueAt } from '../resources/decode.ts';
import { readYaml } from '../yaml/read-yaml.ts';
import { isTemplateText } from '../yaml/template-text.ts';
import { isTemplated } from './template-paths.ts';

export type OutboundPolicy = 'ALLOW_ANY' | 'REGISTRY_ONLY' | 'ALLOW_ANY_DYNAMIC_DNS';

/** What is known of the mesh's settings. Everything but the outbound policy falls back to Istio's defaults (M-2; pkg/config/mesh/mesh.go, DefaultMeshConfig). */
export interface MeshConfig {
  /** Undefined where no mesh configuration is in view, or none that can be read: then findings must not depend on it. */
  readonly outboundPolicy: OutboundPolicy | undefined;
  /** N-11. */
  readonly rootNamespace: string;
  readonly clusterDomain: string;
  readonly autoMtls: boolean;
  readonly defaultServiceExportTo: readonly string[];
  readonly defaultVirtualServiceExportTo: readonly string[];
  readonly defaultDestinationRuleExportTo: readonly string[];
  /** The ConfigMap that says so. */
  readonly source: ConfigMap | undefined;
}

const PUBLIC: readonly string[] = ['*'];

/**
 * M-1: reads the mesh configuration from the ConfigMaps that istiod reads: `istio`, `istio-<revision>`, `istio-shared-configmap-<revision>`, key `mesh`.
 * Several may be in view, of revisions or environments: a setting on which they disagree is as unknown as without any.
 */
export function readMeshConfig(configMaps: readonly ConfigMap[]): MeshConfig {
  const found = configMaps.filter(isMeshConfigMap);
  const settings = found.map(parse);
  const agreed = <T>(read: (raw: Settings) => T, otherwise: T): T => {
    const values = settings.map((raw) => (raw ? read(raw) : otherwise));
    const [first = otherwise] = values;
    return values.every((value) => JSON.stringify(value) === JSON.stringify(first)) ? first : otherwise;
  };
  return {
    outboundPolicy: agreed<OutboundPolicy | undefined>(outboundPolicy, undefined),
    rootNamespace: agreed((raw) => text(raw, 'rootNamespace') ?? ROOT, ROOT),
    clusterDomain: 'cluster.local',
    autoMtls: agreed((raw) => fieldOf(raw, 'enableAutoMtls') !== false, true),
    defaultServiceExportTo: agreed((raw) => texts(raw, 'defaultServiceExportTo'), PUBLIC),
    defaultVirtualServiceExportTo: agreed((raw) => texts(raw, 'defaultVirtualServiceExportTo'), PUBLIC),
    defaultDestinationRuleExportTo: agreed((raw) => texts(raw, 'defaultDestinationRuleExportTo'), PUBLIC),
    source: found[0],
  };
}

const ROOT = 'istio-system';

/** Revisions are in the name: `istio-asm-managed`, `istio-1-28-0`. Other ConfigMaps of Istio (`istio-ca-root-cert`) lack the key. */
function isMeshConfigMap(configMap: ConfigMap): boolean {
  return /^istio(?:-shared-configmap)?(?:-[\w.-]+)?$/.test(configMap.name) && configMap.isSet(['data', 'mesh']);
}

type Settings = Readonly<Record<string, unknown>>;

/** @returns undefined where it cannot be told what istiod reads: template text, or text that istiod cannot read either */
function parse(configMap: ConfigMap): Settings | undefined {
  const mesh = configMap.spec.data['mesh'];
  if (mesh === undefined || isTemplated(configMap, ['data', 'mesh']) || isTemplateText(mesh)) return undefined;
  const { documents, problems, templates } = readYaml(mesh, { wants: () => true, strict: true });
  if (problems.length > 0 || templates.length > 0) return undefined;
  const value = documents[0]?.value ?? {};
  return typeof value === 'object' && !Array.isArray(value) ? (value as Settings) : undefined;
}

/** S-12: a policy that is written without a mode means REGISTRY_ONLY, its zero value; one that is not written, ALLOW_ANY. A mode that Istio doesn't know: undefined. */
function outboundPolicy(raw: Settings): OutboundPolicy | undefined {
  const policy = fieldOf(raw, 'outboundTrafficPolicy');
  if (policy === undefined || policy === null) return 'ALLOW_ANY';
  const mode = valueAt(policy, ['mode']) ?? 'REGISTRY_ONLY';
  return mode === 'ALLOW_ANY' || mode === 'REGISTRY_ONLY' || mode === 'ALLOW_ANY_DYNAMIC_DNS' ? mode : undefined;
}

/** A field under its name in JSON, or under the one of its .proto, which istiod reads as well. */
function fieldOf(raw: Settings, key: string): unknown {
  return valueAt(raw, [key]) ?? valueAt(raw, [key.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`)]);
}

function text(raw: Settings, key: string): string | undefined {
  const value = fieldOf(raw, key);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function texts(raw: Settings, key: string): readonly string[] {
  const value = fieldOf(raw, key);
  return Array.isArray(value) && value.length > 0 ? value.map(String) : PUBLIC;
}
