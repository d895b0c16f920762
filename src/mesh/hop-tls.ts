import type { Gateway } from '../resources/gateway.ts';
import type { TlsDecision } from './client-tls.ts';
import type { DestinationRules } from './destination-rules.ts';
import type { GatewayHop } from './gateway-hops.ts';
import { isWildcard } from './host-name.ts';

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

/** A step to a gateway on which a DestinationRule in view makes sidecars start TLS, or says that they start none. */
export interface HopWithTls {
  readonly hop: GatewayHop;
  readonly server: Gateway['spec']['servers'][number];
  /** What holds for the clients of the VirtualService's own namespace: clients live there, as a rule. */
  readonly decision: TlsDecision;
  /** Whether the files leave no doubt about the gateway and the settings. */
  readonly isCertain: boolean;
}

/** All such steps. */
export function hopsWithTls(mesh: Mesh): readonly HopWithTls[] {
  return mesh.gatewayHops.flatMap((hop) => {
    const server = hop.gateway.spec.servers[hop.server];
    const { decision, isCertain } = tlsOfHop(mesh, hop, hop.virtualService.namespace);
    return server && decision ? [{ hop, server, decision, isCertain: hop.certain && isCertain }] : [];
  });
}

/** Whether the settings of a step hold for clients of any namespace that has no rule of its own. */
export function holdsForAllClients(mesh: Mesh, { hop, decision }: HopWithTls): boolean {
  return tlsOfHop(mesh, hop, '').decision?.rule === decision.rule;
}

/** Whether the settings of a step certainly hold for somebody: clients of other namespaces may not see the rule, but Pods are known to be in its own. */
export function holdsForSomeClients(mesh: Mesh, step: HopWithTls): boolean {
  return holdsForAllClients(mesh, step) || mesh.podsSelected(step.hop.virtualService.namespace, {}).length > 0;
}

/**
 * G-10: why a server does not take the TLS that sidecars speak to it: `files` where it checks their mesh certificate against files of its own, `passthrough` where
 * it passes mesh mTLS on, unopened, to hosts outside of the mesh, `plain-server` where it speaks none.
 */
export function mismatchOf(mesh: Mesh, { hop, server, decision: { tls } }: HopWithTls): 'files' | 'passthrough' | 'plain-server' | undefined {
  const { gateway, virtualService, destination } = hop;
  // D-10: sidecars have no Secrets, and leave TLS out that needs one.
  if (tls.credentialName) return undefined;
  if (server.tls?.mode === 'MUTUAL' && server.tls.caCertificates && tls.mode === 'ISTIO_MUTUAL') return 'files';
  if (gateway.templates.length > 0) return undefined;
  const { hosts } = virtualService.spec;
  const isForeign = hosts.length > 0 && hosts.every((host) => isExternal(mesh, host));
  if (server.tls?.mode === 'PASSTHROUGH' && tls.mode === 'ISTIO_MUTUAL' && isForeign) return 'passthrough';
  const isPlain = server.tls === undefined && mesh.protocolGroup(server.port?.protocol) === 'http';
  // Beside a TLS server on the same Pods and port: which of the two holds is a question of its own.
  return isPlain && tls.mode !== 'DISABLE' && !mesh.serversBeside(gateway, destination.port).withTls ? 'plain-server' : undefined;
}

/** Whether all that is in view of a host lies outside of the mesh, where nobody has a mesh certificate. */
function isExternal(mesh: Mesh, host: string): boolean {
  const registrations = mesh.registry.covering(host);
  return registrations.length > 0 && registrations.every(({ external }) => external);
}

/** The server name that sidecars send on a step, and the hosts to which the server answers instead. */
export interface UnansweredName {
  readonly sent: string;
  readonly hosts: readonly string[];
  /** Whether the DestinationRule writes it as `sni`; else it is the name that mesh mTLS has by itself. */
  readonly isWritten: boolean;
}

/** G-8: the server name to which no TLS server in view behind the destination answers; undefined where one does, or template text decides. */
export function unansweredName(mesh: Mesh, { hop, server, decision: { tls, rule } }: HopWithTls): UnansweredName | undefined {
  const { gateway, destination } = hop;
  const { host, port, subset = '' } = destination;
  if (!server.tls || server.tls.mode === 'PASSTHROUGH' || server.tls.mode === 'AUTO_PASSTHROUGH' || tls.mode === 'DISABLE') return undefined;
  const sent = tls.sni || (tls.mode === 'ISTIO_MUTUAL' ? `outbound_.${port}_.${subset}_.${host}` : undefined);
  if (sent === undefined || rule.templates.length > 0 || gateway.templates.length > 0) return undefined;
  const hosts = server.hosts.map((entry) => entry.slice(entry.indexOf('/') + 1));
  if (hosts.some((each) => answersTo(each, sent)) || mesh.gatewayServices.answersTo(host, port, sent)) return undefined;
  return { sent, hosts, isWritten: Boolean(tls.sni) };
}

/** A wildcard takes every name below; TLS does not tell letters of different case apart. */
function answersTo(host: string, name: string): boolean {
  const [pattern, sent] = [host.toLowerCase(), name.toLowerCase()];
  return isWildcard(pattern) ? sent.endsWith(pattern.slice(1)) : sent === pattern;
}
