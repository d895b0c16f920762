import type { Severity } from '../engine/finding.ts';
import type { SeverityOverride } from '../engine/severity.ts';
import type { AssumedGateway, AssumedMeshConfig, AssumedPort, AssumptionSource, Assumptions } from '../mesh/assumptions.ts';
import type { MeshGroup } from '../mesh/meshes.ts';
import { spanIn } from './config-problem.ts';
import { mergeMeshConfig } from './mesh-settings.ts';
import { type FileMatcher, fileMatcher } from './patterns.ts';
import type { Held, HeldRules, Origin, Override, Settings } from './settings.ts';

/** A mesh of the key `meshes`. */
export interface ConfiguredMesh extends MeshGroup {
  /** The patterns as written. */
  readonly paths: readonly string[];
}

/** What `lint` takes of settings. */
export function lintSettings({ rules, overrides }: Settings): {
  readonly severities: ReadonlyMap<string, Severity | 'off'>;
  readonly overrides: readonly SeverityOverride[];
  readonly options: ReadonlyMap<string, unknown>;
} {
  return {
    severities: severitiesOf(rules),
    overrides: overrides.map(({ value }) => ({ fits: fitting(value), severities: severitiesOf(value.rules) })),
    options: new Map([...rules].flatMap(([name, { value }]) => (value.options === undefined ? [] : [[name, value.options] as const]))),
  };
}

function severitiesOf(rules: HeldRules): ReadonlyMap<string, Severity | 'off'> {
  return new Map([...rules].map(([name, { value }]) => [name, value.severity]));
}

/** Every selector that is given has to fit, by any of its entries. */
function fitting({ files, namespaces, kinds }: Override): SeverityOverride['fits'] {
  const isIn = fileMatcher(files);
  return ({ file, namespace, kind }) =>
    (files.length === 0 || isIn(file)) &&
    (namespaces.length === 0 || (namespace !== undefined && namespaces.includes(namespace))) &&
    (kinds.length === 0 || (kind !== undefined && kinds.includes(kind)));
}

/** Whether a file is left out, by its name as printed. */
export function ignoredFiles({ ignore }: Settings): FileMatcher {
  return fileMatcher(ignore.map(({ value }) => value));
}

/** The meshes of the configuration, each with what tells whether it has a file. */
export function configuredMeshes({ meshes }: Settings): readonly ConfiguredMesh[] {
  return [...meshes].map(([name, { value }]) => ({ name, paths: value.map(({ pattern }) => pattern), has: fileMatcher(value) }));
}

/** What the mesh is told beside its files. */
export function assumptionsOf(settings: Settings): Assumptions {
  const { closedWorld, dnsCapture, services, gateways, namespaces, secrets } = settings;
  const meshConfig = meshConfigOf(settings);
  return {
    ...(closedWorld && { closedWorld: closedWorld.value }),
    ...(dnsCapture && { dnsCapture: dnsCapture.value }),
    ...(meshConfig && { meshConfig }),
    services: each(services, ({ name = '', namespace = '', ports, labels }) => ({ name, namespace, labels, ports: portsOf(ports) })),
    gateways: each(gateways, gatewayOf),
    namespaces: each(namespaces, ({ name = '', injected = false, labels }) => ({ name, injected, labels })),
    secrets: each(secrets, ({ name = '', namespace = '', keys }) => ({ name, namespace, ...(keys.length > 0 && { keys }) })),
  };
}

function each<T, A extends object>(named: ReadonlyMap<string, Held<T>>, read: (value: T) => A): readonly (A & { readonly source?: AssumptionSource })[] {
  return [...named.values()].map(({ value, from }) => ({ ...read(value), ...sourceOf(from) }));
}

type WrittenGateway = Settings['gateways'] extends ReadonlyMap<string, Held<infer G>> ? G : never;

function gatewayOf({ name = '', namespace = 'istio-system', labels, tlsMode, ports }: WrittenGateway): AssumedGateway {
  return {
    name,
    namespace,
    // As Istio's chart for gateways labels them.
    labels: Object.keys(labels).length > 0 ? labels : { app: name, istio: name.replace(/^istio-/, '') },
    ...(tlsMode && { tlsMode }),
    ...(ports.length > 0 && { ports: portsOf(ports) }),
  };
}

function portsOf(ports: WrittenGateway['ports']): readonly AssumedPort[] {
  return ports.map(({ port = 0, ...rest }) => ({ port, ...rest }));
}

function meshConfigOf({ meshConfigs }: Settings): AssumedMeshConfig | undefined {
  const last = meshConfigs.at(-1);
  if (!last) return undefined;
  return { settings: meshConfigs.map(({ value }) => value).reduce(mergeMeshConfig), ...sourceOf(last.from) };
}

function sourceOf({ place }: Origin): { readonly source?: AssumptionSource } {
  if (!place) return {};
  const { config, path } = place;
  return { source: { file: config.source, span: () => spanIn(config, [...path, 'name']) } };
}
