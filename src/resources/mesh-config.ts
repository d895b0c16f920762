import { any, boolean, type Infer, list, map, object, oneOf, string } from './field.ts';

const tlsConfig = object('TLSConfig', {
  minProtocolVersion: oneOf(['TLS_AUTO', 'TLSV1_2', 'TLSV1_3']),
  ecdhCurves: list(string()),
  cipherSuites: list(string()),
});

const labelSelector = object('LabelSelector', {
  matchLabels: map(string()),
  matchExpressions: list(object('LabelSelectorRequirement', { key: string(), operator: string(), values: list(string()) })),
});

const visibility = oneOf(['VISIBILITY_UNSPECIFIED', 'NONE', 'NAMESPACE', 'PUBLIC']);
const serviceEntryVisibility = object('ServiceEntryVisibility', {
  defaultVisibility: visibility,
  applyToSidecars: boolean(),
  policies: list(object('Policy', { visibility, matchingRules: list(object('MatchRule', { namespaceSelector: labelSelector })) })),
});

const unread = any();
const hidden = any({ hidden: true });

/** The part of MeshConfig that each proxy starts with. */
const proxyConfig = object('ProxyConfig', {
  configPath: unread,
  binaryPath: unread,
  serviceCluster: unread,
  tracingServiceName: unread,
  drainDuration: unread,
  discoveryAddress: unread,
  discoveryRefreshDelay: hidden,
  zipkinAddress: unread,
  statsdUdpAddress: unread,
  envoyMetricsServiceAddress: hidden,
  proxyAdminPort: unread,
  availabilityZone: hidden,
  controlPlaneAuthPolicy: unread,
  customConfigFile: unread,
  statNameLength: unread,
  concurrency: unread,
  proxyBootstrapTemplatePath: unread,
  interceptionMode: unread,
  tracing: unread,
  sds: hidden,
  envoyAccessLogService: unread,
  envoyMetricsService: unread,
  proxyMetadata: map(string()),
  runtimeValues: unread,
  statusPort: unread,
  extraStatTags: unread,
  gatewayTopology: unread,
  terminationDrainDuration: unread,
  meshId: unread,
  readinessProbe: unread,
  proxyStatsMatcher: unread,
  holdApplicationUntilProxyStarts: unread,
  caCertificatesPem: unread,
  image: unread,
  privateKeyProvider: unread,
  proxyHeaders: unread,
  fileFlushInterval: unread,
  fileFlushMinSizeKb: unread,
  statsCompression: unread,
  connectionSettings: unread,
});

/**
 * MeshConfig (istio.io/api, mesh/v1alpha1/config.proto): all of its fields, those typed that something here reads.
 * istiod takes both spellings of a field, and ignores fields that it does not know; where a value does not decode, it refuses the whole.
 */
export const meshConfig = object('MeshConfig', {
  proxyListenPort: unread,
  proxyInboundListenPort: unread,
  proxyHttpPort: unread,
  connectTimeout: unread,
  hboneIdleTimeout: unread,
  protocolDetectionTimeout: hidden,
  tcpKeepalive: unread,
  ingressClass: unread,
  ingressService: unread,
  ingressControllerMode: unread,
  ingressSelector: unread,
  enableTracing: unread,
  accessLogFile: unread,
  accessLogFormat: unread,
  accessLogEncoding: unread,
  enableEnvoyAccessLogService: unread,
  disableEnvoyListenerLog: unread,
  defaultConfig: proxyConfig,
  outboundTrafficPolicy: object('OutboundTrafficPolicy', { mode: oneOf(['REGISTRY_ONLY', 'ALLOW_ANY', 'ALLOW_ANY_DYNAMIC_DNS']), tls: unread }),
  inboundTrafficPolicy: object('InboundTrafficPolicy', { mode: oneOf(['PASSTHROUGH', 'LOCALHOST']) }),
  configSources: unread,
  enableAutoMtls: boolean(),
  trustDomain: string(),
  trustDomainAliases: list(string()),
  caCertificates: unread,
  defaultServiceExportTo: list(string()),
  defaultVirtualServiceExportTo: list(string()),
  defaultDestinationRuleExportTo: list(string()),
  rootNamespace: string(),
  localityLbSetting: unread,
  zoneAwareLbSetting: unread,
  dnsRefreshRate: unread,
  h2UpgradePolicy: oneOf(['DO_NOT_UPGRADE', 'UPGRADE']),
  inboundClusterStatName: unread,
  outboundClusterStatName: unread,
  certificates: hidden,
  serviceSettings: list(object('ServiceSettings', { settings: object('Settings', { clusterLocal: boolean() }), hosts: list(string()) }), { hidden: true }),
  serviceScopeConfigs: unread,
  enablePrometheusMerge: unread,
  verifyCertificateAtClient: hidden,
  ca: hidden,
  extensionProviders: unread,
  defaultProviders: unread,
  discoverySelectors: list(labelSelector),
  pathNormalization: unread,
  defaultHttpRetryPolicy: unread,
  defaultInboundHttpRetryPolicy: unread,
  meshMTLS: tlsConfig,
  tlsDefaults: tlsConfig,
  defaultTrafficPolicy: unread,
  serviceEntryVisibility,
});

/** A mesh configuration as written, decoded; zero values stand for what is not written. */
export type MeshSettings = Infer<typeof meshConfig>;

/** Whether MeshConfig has a field of this name, in the spelling of JSON or of its .proto. */
export function isMeshConfigField(name: string): boolean {
  return meshConfig.type === 'object' && Object.hasOwn(meshConfig.fields, camelCase(name));
}

/** Whether Istio's documentation shows a field of this name at the root of MeshConfig. */
export function isDocumentedMeshField(name: string): boolean {
  return isMeshConfigField(name) && meshConfig.type === 'object' && meshConfig.fields[name]?.hidden !== true;
}

function camelCase(name: string): string {
  return name.replace(/_([a-zA-Z\d])/g, (_, letter: string) => letter.toUpperCase());
}
