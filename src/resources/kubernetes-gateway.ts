import * as api from './checks/gateway-api.ts';
import * as checks from './checks/kubernetes-gateway.ts';
import { choice, type Infer, list, map, object, oneOf, required, string } from './field.ts';
import {
  groupName,
  hostname,
  kindName,
  labelSelector,
  localObjectReference,
  namespaceName,
  objectName,
  portNumber,
  secretObjectReference,
  sectionName,
} from './gateway-api-fields.ts';
import type { KindDefinition, Resource } from './resource.ts';

const listenerTls = object(
  'ListenerTLSConfig',
  { mode: oneOf(['Terminate', 'Passthrough']), certificateRefs: list(secretObjectReference, { maxItems: 64 }), options: map(string()) },
  { checks: [checks.someCertificate] },
);

/** Without `from` routes of the Gateway's own namespace are admitted. */
const allowedRoutes = object('AllowedRoutes', {
  namespaces: object('RouteNamespaces', { from: oneOf(['Same', 'All', 'Selector']), selector: labelSelector }),
  kinds: list(object('RouteGroupKind', { group: groupName(), kind: required(kindName()) }), { maxItems: 8 }),
});

const listener = object('Listener', {
  name: required(sectionName()),
  hostname: hostname(),
  port: required(portNumber()),
  protocol: required(string({ minLength: 1, maxLength: 255, checks: [api.listenerProtocol] })),
  tls: listenerTls,
  allowedRoutes,
});

const address = object(
  'GatewaySpecAddress',
  { type: string({ minLength: 1, maxLength: 253, checks: [api.addressType] }), value: string({ maxLength: 253 }) },
  { checks: [checks.addressValue] },
);

const caCertificateRef = object('ObjectReference', {
  group: required(groupName()),
  kind: required(kindName()),
  name: required(objectName()),
  namespace: namespaceName(),
});

const frontendTls = object('TLSConfig', {
  validation: object('FrontendTLSValidation', {
    caCertificateRefs: required(list(caCertificateRef, { minItems: 1, maxItems: 16 })),
    mode: oneOf(['AllowValidOnly', 'AllowInsecureFallback']),
  }),
});

const gatewayTls = object('GatewayTLSConfig', {
  backend: object('GatewayBackendTLS', { clientCertificateRef: secretObjectReference }),
  frontend: object('FrontendTLSConfig', {
    default: required(frontendTls),
    perPort: list(object('TLSPortConfig', { port: required(portNumber()), tls: required(frontendTls) }), { maxItems: 64, checks: [checks.distinctPorts] }),
  }),
});

const spec = object('GatewaySpec', {
  gatewayClassName: required(objectName()),
  listeners: required(
    list(listener, { minItems: 1, maxItems: 64, checks: [api.distinctNames, checks.distinctListeners, checks.listenerTls, checks.listenerHostname] }),
  ),
  addresses: list(address, { maxItems: 16, checks: [checks.distinctAddresses] }),
  infrastructure: object('GatewayInfrastructure', {
    labels: map(string({ maxLength: 63, checks: [checks.labelText] }), { maxProperties: 8, checks: [checks.metadataKeys] }),
    annotations: map(string({ maxLength: 4096 }), { maxProperties: 16, checks: [checks.metadataKeys] }),
    parametersRef: localObjectReference,
  }),
  allowedListeners: object('AllowedListeners', {
    namespaces: object('ListenerNamespaces', { from: oneOf(['None', 'All', 'Selector', 'Same']), selector: labelSelector }),
  }),
  defaultScope: choice(['All', 'None']),
  tls: gatewayTls,
});

/** gateway.networking.k8s.io Gateway: of class `istio` istiod makes its Deployment and Service, `NAME-istio`; of class `istio-waypoint` it is a waypoint. */
export const kubernetesGateway = {
  kind: 'Gateway',
  type: 'KubernetesGateway',
  group: 'gateway.networking.k8s.io',
  scope: 'Namespaced',
  root: 'spec',
  spec,
  specRequired: 'api-server',
} as const satisfies KindDefinition;

export type KubernetesGateway = Resource<'Gateway', Infer<typeof spec>>;
