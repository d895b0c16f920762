import type { ConfigMap } from '../resources/config-map.ts';
import type { MeshSettings } from '../resources/mesh-config.ts';
import { valueAt } from '../resources/plain-value.ts';
import type { Resource } from '../resources/resource.ts';
import { isTemplateText } from '../yaml/template-text.ts';
import { type MeshConfigHolder, type MeshConfigSource, meshConfigSources, written } from './mesh-config-source.ts';

export type OutboundPolicy = 'ALLOW_ANY' | 'REGISTRY_ONLY' | 'ALLOW_ANY_DYNAMIC_DNS';

/** What is known of the mesh's settings. Everything but the outbound policy falls back to Istio's defaults (M-2; pkg/config/mesh/mesh.go, DefaultMeshConfig). */
export interface MeshConfig {
  /** Undefined where no mesh configuration is in view, or none that can be read: then findings must not depend on it. */
  readonly outboundPolicy: OutboundPolicy | undefined;
  /** N-11. */
  readonly rootNamespace: string;
  readonly clusterDomain: string;
  readonly trustDomain: string;
  readonly autoMtls: boolean;
  readonly defaultServiceExportTo: readonly string[];
  readonly defaultVirtualServiceExportTo: readonly string[];
  readonly defaultDestinationRuleExportTo: readonly string[];
  /** Whether sidecars answer DNS queries themselves, which gives hosts without addresses automatic ones (ISTIO_META_DNS_CAPTURE). Undefined where configurations in view disagree. */
  readonly dnsCapture: boolean | undefined;
  /** Which namespaces istiod looks at: those that fit one of the selectors; all, where there is none. */
  readonly discoverySelectors: MeshSettings['discoverySelectors'];
  readonly serviceEntryVisibility: MeshSettings['serviceEntryVisibility'] | undefined;
  /** Whether sidecars speak HTTP/2 to servers of HTTP/1.1 ports. */
  readonly upgradesToHttp2: boolean;
  /** Every mesh configuration in view, those that cannot be read included. */
  readonly sources: readonly MeshConfigSource[];
  /** The first ConfigMap among them. */
  readonly source: ConfigMap | undefined;
}

const PUBLIC: readonly string[] = ['*'];
const ROOT = 'istio-system';

/**
 * M-1: the mesh configuration, from the ConfigMaps that istiod reads (`istio`, `istio-<revision>`, AKS' `istio-shared-configmap-<revision>`, key `mesh`)
 * and from what an installation is made of. Several may be in view, of revisions or environments: a setting on which they disagree is as unknown as without any.
 * What an assumed one says holds over all others.
 * @param capturesDns what is assumed of DNS capture
 */
export function readMeshConfig(holders: readonly MeshConfigHolder[], isAssumed: (holder: Resource) => boolean, capturesDns?: boolean): MeshConfig {
  const sources = meshConfigSources(holders, isAssumed);
  const agreed = agreementOf(sources);
  const exportTo = (key: 'defaultServiceExportTo' | 'defaultVirtualServiceExportTo' | 'defaultDestinationRuleExportTo'): readonly string[] =>
    agreed(key, ({ settings }) => (settings[key].length > 0 ? settings[key] : PUBLIC), PUBLIC);
  return {
    outboundPolicy: agreed('outboundTrafficPolicy', outboundPolicy, undefined),
    rootNamespace: agreed(
      'rootNamespace',
      ({ settings, installedIn }) => settings.rootNamespace || (installedIn ?? ROOT),
      ROOT,
      ({ installedIn }) => installedIn,
    ),
    clusterDomain: 'cluster.local',
    trustDomain: agreed('trustDomain', ({ settings }) => settings.trustDomain || 'cluster.local', 'cluster.local'),
    autoMtls: agreed('enableAutoMtls', ({ settings }) => settings.enableAutoMtls !== false, true),
    defaultServiceExportTo: exportTo('defaultServiceExportTo'),
    defaultVirtualServiceExportTo: exportTo('defaultVirtualServiceExportTo'),
    defaultDestinationRuleExportTo: exportTo('defaultDestinationRuleExportTo'),
    dnsCapture: capturesDns ?? dnsCapture(sources),
    discoverySelectors: agreed('discoverySelectors', ({ settings }) => settings.discoverySelectors, []),
    serviceEntryVisibility: agreed<MeshSettings['serviceEntryVisibility'] | undefined>(
      'serviceEntryVisibility',
      ({ settings }) => settings.serviceEntryVisibility,
      undefined,
    ),
    upgradesToHttp2: agreed('h2UpgradePolicy', ({ settings }) => settings.h2UpgradePolicy === 'UPGRADE', false),
    sources,
    source: sources.map(({ resource }) => resource).find((resource): resource is ConfigMap => resource.kind === 'ConfigMap'),
  };
}

type Read<T> = (source: MeshConfigSource & { readonly raw: Readonly<Record<string, unknown>> }) => T;
type Tells = (source: MeshConfigSource) => unknown;

/**
 * What each source says of a setting; undefined for what cannot be read, being template text or in a configuration that is not read at all. A whole
 * configuration says something in any case, if only by leaving it out; a partial one where the field is written, or where its object tells it otherwise.
 */
function said<T>(sources: readonly MeshConfigSource[], key: keyof MeshSettings, read: Read<T>, tells: Tells): readonly (T | undefined)[] {
  return decisive(sources, (raw) => written(raw, key)).flatMap((source): (T | undefined)[] => {
    const { raw, isWhole } = source;
    const field = written(raw, key);
    if (!raw || holdsTemplate(field, 0)) return [undefined];
    return isWhole || (field ?? tells(source)) !== undefined ? [read({ ...source, raw })] : [];
  });
}

/** What is assumed of a setting leaves others nothing to say. */
function decisive(sources: readonly MeshConfigSource[], settingIn: (raw: unknown) => unknown): readonly MeshConfigSource[] {
  const assumed = sources.filter(({ isAssumed, raw }) => isAssumed && settingIn(raw) !== undefined);
  return assumed.length > 0 ? assumed : sources;
}

function agreementOf(sources: readonly MeshConfigSource[]) {
  return <T>(key: keyof MeshSettings, read: Read<T>, otherwise: T, tells: Tells = () => undefined): T => {
    const values = said(sources, key, read, tells).map((value) => value ?? otherwise);
    const [first = otherwise] = values;
    return values.every((value) => JSON.stringify(value) === JSON.stringify(first)) ? first : otherwise;
  };
}

const DEEP = 20;

function holdsTemplate(value: unknown, depth: number): boolean {
  if (typeof value === 'string') return isTemplateText(value);
  if (typeof value !== 'object' || value === null || depth > DEEP) return false;
  return Object.values(value).some((child) => holdsTemplate(child, depth + 1));
}

const MODES: Readonly<Record<string, OutboundPolicy>> = {
  REGISTRY_ONLY: 'REGISTRY_ONLY',
  ALLOW_ANY: 'ALLOW_ANY',
  ALLOW_ANY_DYNAMIC_DNS: 'ALLOW_ANY_DYNAMIC_DNS',
  0: 'REGISTRY_ONLY',
  1: 'ALLOW_ANY',
  3: 'ALLOW_ANY_DYNAMIC_DNS',
};

/** S-12: a policy that is written without a mode means REGISTRY_ONLY, its zero value; one that is not written, ALLOW_ANY. A mode that Istio doesn't know: undefined. */
const outboundPolicy: Read<OutboundPolicy | undefined> = ({ raw }) => {
  const policy = written(raw, 'outboundTrafficPolicy');
  if (policy === undefined || policy === null) return 'ALLOW_ANY';
  const mode = valueAt(policy, ['mode']) ?? 0;
  return typeof mode === 'string' || typeof mode === 'number' ? MODES[mode] : undefined;
};

/** What Go's ParseBool takes for true. */
const TRUE: ReadonlySet<string> = new Set(['1', 't', 'T', 'TRUE', 'true', 'True']);

const DNS_CAPTURE = 'ISTIO_META_DNS_CAPTURE';

/** Off where nothing says that it is on. A workload may have other metadata, by its annotation `proxy.istio.io/config` or a ProxyConfig. */
function dnsCapture(sources: readonly MeshConfigSource[]): boolean | undefined {
  const setting = ['defaultConfig', 'proxyMetadata', DNS_CAPTURE];
  const values = decisive(sources, (raw) => valueAt(raw, setting)).flatMap(({ raw, settings, isWhole }): (boolean | undefined)[] => {
    if (!raw || holdsTemplate(written(raw, 'defaultConfig'), 0)) return [undefined];
    const value = settings.defaultConfig?.proxyMetadata[DNS_CAPTURE];
    return value === undefined && !isWhole ? [] : [TRUE.has(value ?? '')];
  });
  if (values.length === 0) return false;
  return values.every((value) => value === values[0]) ? values[0] : undefined;
}
