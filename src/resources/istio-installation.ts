import { any, type Infer, object, string } from './field.ts';
import { isMeshConfigField } from './mesh-config.ts';
import type { KindDefinition, Resource } from './resource.ts';

/** Values of Istio's charts. The mesh configuration is not judged here: istiod, not the API server, reads it (mesh-config.ts). */
const values = object(
  'Values',
  { meshConfig: any(), global: object('GlobalConfig', { istioNamespace: string() }, { open: true }), revision: string() },
  { open: true },
);

const operatorSpec = object('IstioOperatorSpec', { profile: string(), meshConfig: any(), values, components: any() }, { open: true });

/** install.istio.io IstioOperator: what `istioctl install` works from. */
export const istioOperator = {
  kind: 'IstioOperator',
  group: 'install.istio.io',
  scope: 'Namespaced',
  root: 'spec',
  spec: operatorSpec,
} as const satisfies KindDefinition;

export type IstioOperator = Resource<'IstioOperator', Infer<typeof operatorSpec>>;

const istioSpec = object('IstioSpec', { namespace: string(), profile: string(), values }, { open: true });

/** sailoperator.io Istio: the same for the Sail operator, which Red Hat's OpenShift Service Mesh 3 uses. */
export const istio = { kind: 'Istio', group: 'sailoperator.io', scope: 'Cluster', root: 'spec', spec: istioSpec } as const satisfies KindDefinition;

export type Istio = Resource<'Istio', Infer<typeof istioSpec>>;

/** Charts of other products have a `meshConfig` of their own; one of these names beside it tells Istio's. */
const CHART_KEYS = ['global', 'pilot', 'istiodRemote', 'sidecarInjectorWebhook', 'istio_cni', 'cni', 'revisionTags', 'defaultRevision', 'base', 'gateways'];

/** Profiles that Istio's charts bring along, one of which may be chosen by its name: they are not in effect by lying there. */
const PROFILE = /(?:^|\/)files\/profile-[^/]*$/;

/** The configuration file of egress-lint, whose `meshConfig` is no chart's. */
const OWN_FILE = /(?:^|\/)egress-lint\.yaml$/;

/** Whether a document without kind is a values file of Istio's charts that holds a mesh configuration. */
export function isIstioValues(root: Readonly<Record<string, unknown>>, file: string): boolean {
  if (PROFILE.test(file) || OWN_FILE.test(file)) return false;
  const config = root['meshConfig'];
  if (typeof config !== 'object' || config === null || Array.isArray(config)) return false;
  const keys = Object.keys(config);
  return keys.some(isMeshConfigField) || (keys.length > 0 && CHART_KEYS.some((key) => Object.hasOwn(root, key)));
}

/** A values file of Istio's charts: no Kubernetes object, so that it is named by its file. */
export const helmValues = {
  kind: 'HelmValues',
  group: '',
  scope: 'Cluster',
  root: '',
  spec: values,
  isFile: true,
} as const satisfies KindDefinition;

export type HelmValues = Resource<'HelmValues', Infer<typeof values>>;
