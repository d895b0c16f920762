import type { DestinationRules } from './destination-rules.ts';
import type { GatewayHop } from './gateway-hops.ts';
import type { Mesh } from './mesh.ts';

/**
 * The TLS that sidecars of a namespace start on their way to a gateway (docs/traffic-model.md, D-2, G-10).
 * @param clientNamespace '' for the clients of any namespace that has no rule of its own
 */
export function tlsOfHop(
  mesh: Mesh,
  { gateway, destination, virtualService }: GatewayHop,
  clientNamespace: string,
): ReturnType<DestinationRules['tlsInEffect']> {
  const { host, port, subset } = destination;
  const [, serviceNamespace = ''] = host.split('.');
  return mesh.destinationRules.tlsInEffect(
    { host, serviceNamespace, clientNamespace, port, subset },
    (rule) => mesh.belongTogether(rule, gateway) && mesh.belongTogether(rule, virtualService),
  );
}
