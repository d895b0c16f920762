import type { Gateway } from '../../resources/gateway.ts';
import type { Age } from '../terms/age.ts';
import type { Placed, Reason } from '../terms/reason.ts';
import type { Labels } from '../terms/service.ts';

export type Server = Gateway['spec']['servers'][number];
export type ServerTlsMode = NonNullable<Server['tls']>['mode'];

/** A Gateway as gateway Pods load it: Istio's own kind, or one listener of a Gateway of the Gateway API. */
export interface GatewayConfig {
  readonly name: string;
  readonly namespace: string;
  /** G-1: the labels of the Pods; undefined where `services` says which Pods are meant. */
  readonly selector: Labels | undefined;
  /** hosts of the Services before its Pods, for Gateways of the Gateway API. */
  readonly services: readonly string[];
  readonly servers: readonly Placed<Server>[];
  readonly age: Age;
  readonly at: Reason;
}

/** A Gateway of Istio's own API, as it is written. */
export function gatewayConfig(gateway: Gateway, age: Age): GatewayConfig {
  return {
    name: gateway.name,
    namespace: gateway.namespace,
    selector: gateway.spec.selector,
    services: [],
    servers: gateway.spec.servers.map((value, index) => ({ value, at: { resource: gateway, path: ['spec', 'servers', index] } })),
    age,
    at: { resource: gateway, path: [] },
  };
}
