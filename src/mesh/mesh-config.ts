import type { ConfigMap } from '../resources/config-map.ts';
import { valueAt } from '../resources/decode.ts';
import { readYaml } from '../yaml/read-yaml.ts';

export type OutboundPolicy = 'ALLOW_ANY' | 'REGISTRY_ONLY' | 'ALLOW_ANY_DYNAMIC_DNS';

/** What is known of the mesh's settings. Everything but the outbound policy falls back to Istio's defaults (pkg/config/mesh/mesh.go, DefaultMeshConfig). */
export interface MeshConfig {
  /** Undefined where no mesh configuration is in view: then findings must not depend on it. */
  readonly outboundPolicy: OutboundPolicy | undefined;
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
 * Reads the mesh configuration from the ConfigMaps that istiod reads: `istio`, `istio-<revision>`, `istio-shared-configmap-<revision>`, key `mesh`.
 * Where several are in view and disagree on the outbound policy, it is unknown.
 */
export function readMeshConfig(configMaps: readonly ConfigMap[]): MeshConfig {
  const found = configMaps.filter(isMeshConfigMap).map((source) => ({ source, raw: parse(source.spec.data['mesh'] ?? '') }));
  const first = found[0];
  const policies = new Set(found.map(({ raw }) => outboundPolicy(raw)));
  const raw = first?.raw;
  return {
    outboundPolicy: policies.size === 1 ? [...policies][0] : undefined,
    rootNamespace: text(raw, 'rootNamespace') ?? 'istio-system',
    clusterDomain: 'cluster.local',
    autoMtls: valueAt(raw, ['enableAutoMtls']) !== false,
    defaultServiceExportTo: texts(raw, 'defaultServiceExportTo'),
    defaultVirtualServiceExportTo: texts(raw, 'defaultVirtualServiceExportTo'),
    defaultDestinationRuleExportTo: texts(raw, 'defaultDestinationRuleExportTo'),
    source: first?.source,
  };
}

function isMeshConfigMap(configMap: ConfigMap): boolean {
  return /^istio(?:-shared-configmap)?(?:-[\w.-]+)?$/.test(configMap.name) && configMap.spec.data['mesh'] !== undefined;
}

function parse(mesh: string): unknown {
  return readYaml(mesh, { wants: () => true }).documents[0]?.value ?? {};
}

/** S-12: a policy that is written without a mode means REGISTRY_ONLY, its zero value; one that is not written, ALLOW_ANY. */
function outboundPolicy(raw: unknown): OutboundPolicy | undefined {
  const policy = valueAt(raw, ['outboundTrafficPolicy']);
  if (policy === undefined || policy === null) return 'ALLOW_ANY';
  const mode = valueAt(policy, ['mode']) ?? 'REGISTRY_ONLY';
  return mode === 'ALLOW_ANY' || mode === 'REGISTRY_ONLY' || mode === 'ALLOW_ANY_DYNAMIC_DNS' ? mode : undefined;
}

function text(raw: unknown, key: string): string | undefined {
  const value = valueAt(raw, [key]);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function texts(raw: unknown, key: string): readonly string[] {
  const value = valueAt(raw, [key]);
  return Array.isArray(value) && value.length > 0 ? value.map(String) : PUBLIC;
}
