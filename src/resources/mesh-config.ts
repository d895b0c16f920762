import { any, boolean, type Infer, list, map, object, oneOf, string } from './field.ts';

const tlsConfig = object('TLSConfig', {
  minProtocolVersion: oneOf(['TLS_AUTO', 'TLSV1_2', 'TLSV1_3']),
  ecdhCurves: list(string()),
  cipherSuites: list(string()),
});

const labelSelector = object('LabelSelector', {
  matchLabels: map(string(), { description: 'Labels that a namespace must have.' }),
  matchExpressions: list(
    object('LabelSelectorRequirement', {
      key: string({ description: 'The label.' }),
      operator: string({ description: 'In, NotIn, Exists or DoesNotExist.' }),
      values: list(string(), { description: 'For In and NotIn.' }),
    }),
    { description: 'What its labels must be like.' },
  ),
});

const visibility = (description: string) => oneOf(['VISIBILITY_UNSPECIFIED', 'NONE', 'NAMESPACE', 'PUBLIC'], { description });
const serviceEntryVisibility = object(
  'ServiceEntryVisibility',
  {
    defaultVisibility: visibility('Who sees those that no policy is for.'),
    applyToSidecars: boolean({ description: 'Whether it holds for sidecars, too.' }),
    policies: list(
      object('Policy', {
        visibility: visibility('Who sees those that it is for.'),
        matchingRules: list(object('MatchRule', { namespaceSelector: { ...labelSelector, description: 'The namespaces.' } }), {
          description: 'Which ServiceEntries it is for, by their namespaces.',
        }),
      }),
      { description: 'Visibility by namespace; the first that fits holds.' },
    ),
  },
  { description: 'Who sees ServiceEntries.' },
);

const unread = any();
const hidden = any({ hidden: true });

/** The part of MeshConfig that each proxy starts with. */
const proxyConfig = object(
  'ProxyConfig',
  {
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
    proxyMetadata: map(string(), { description: 'Environment variables of every proxy. ISTIO_META_DNS_CAPTURE: "true" makes sidecars answer DNS queries.' }),
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
  },
  { description: 'What each proxy starts with.' },
);

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
  outboundTrafficPolicy: object(
    'OutboundTrafficPolicy',
    {
      mode: oneOf(['REGISTRY_ONLY', 'ALLOW_ANY', 'ALLOW_ANY_DYNAMIC_DNS'], {
        description: 'ALLOW_ANY lets them pass, REGISTRY_ONLY does not.',
        otherwise: '`REGISTRY_ONLY`, once the mapping is written',
      }),
      tls: any({ description: 'Taken as it is in Istio; nothing follows from it.' }),
    },
    {
      description: 'What sidecars do with calls to hosts that nobody registered.',
      otherwise: 'unknown; where a mesh configuration is in view, `ALLOW_ANY`',
    },
  ),
  inboundTrafficPolicy: object('InboundTrafficPolicy', { mode: oneOf(['PASSTHROUGH', 'LOCALHOST']) }),
  configSources: unread,
  enableAutoMtls: boolean({ description: 'Whether sidecars speak mutual TLS by themselves to what understands it.', default: true }),
  trustDomain: string({ description: 'What the identities of workloads begin with.', default: 'cluster.local' }),
  trustDomainAliases: list(string()),
  caCertificates: unread,
  defaultServiceExportTo: list(string(), { description: 'Who sees ServiceEntries and Services without exportTo.', otherwise: 'everybody: `*`' }),
  defaultVirtualServiceExportTo: list(string(), { description: 'Who sees VirtualServices without exportTo.', otherwise: 'everybody: `*`' }),
  defaultDestinationRuleExportTo: list(string(), { description: 'Who sees DestinationRules without exportTo.', otherwise: 'everybody: `*`' }),
  rootNamespace: string({ description: 'The namespace whose Sidecars, policies and DestinationRules are for the whole mesh.', default: 'istio-system' }),
  localityLbSetting: unread,
  zoneAwareLbSetting: unread,
  dnsRefreshRate: unread,
  h2UpgradePolicy: oneOf(['DO_NOT_UPGRADE', 'UPGRADE'], { description: 'Whether sidecars speak HTTP/2 to HTTP/1.1 ports.', default: 'DO_NOT_UPGRADE' }),
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
  discoverySelectors: list(labelSelector, { description: 'Selectors of the namespaces that istiod looks at.', otherwise: 'all namespaces' }),
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
