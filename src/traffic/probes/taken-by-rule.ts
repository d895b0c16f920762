import { MESH } from '../../mesh/gateway-reference.ts';
import { isSubsetOf } from '../../mesh/host-name.ts';
import { matchesOf, type RouteSection } from '../../mesh/routes.ts';
import type { VirtualService } from '../../resources/virtual-service.ts';
import type { Probe } from './probe.ts';

/** whether a rule of a VirtualService is for what sidecars are called with. The hosts of the VirtualService are not looked at. */
export function isTakenBy(virtualService: VirtualService, section: RouteSection, rule: number, { to, proto }: Pick<Probe, 'to' | 'proto'>): boolean {
  if (section === 'tcp' || (section === 'http') !== (proto === 'http')) return false;
  const all = matchesOf(virtualService, section, rule);
  if (all.length === 0) return true;
  const isForPort = (match: { readonly gateways: readonly string[]; readonly port?: number }): boolean =>
    (match.gateways.length === 0 || match.gateways.includes(MESH)) && (!match.port || match.port === to.port);
  if (section === 'http') return all.some(isForPort);
  const names = (virtualService.spec.tls[rule]?.match ?? []).filter(isForPort).flatMap(({ sniHosts }) => sniHosts);
  return names.some((name) => isSubsetOf(to.host, name));
}

/** Whether any rule of a VirtualService is for what sidecars are called with. */
export function takes(virtualService: VirtualService, called: Pick<Probe, 'to' | 'proto'>): boolean {
  return (['http', 'tls'] as const).some((section) => virtualService.spec[section].some((_, rule) => isTakenBy(virtualService, section, rule, called)));
}
