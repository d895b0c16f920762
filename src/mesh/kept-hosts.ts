import type { VirtualService } from '../resources/virtual-service.ts';
import { expandShortName, isWildcard } from './host-name.ts';
import type { RouteDestination } from './routes.ts';

/** A name that callers use for a destination, and that requests keep on their way to it. */
export interface KeptHost {
  /** In full. */
  readonly host: string;
  /** Index into `spec.hosts`. */
  readonly index: number;
}

/**
 * the names of a VirtualService that an HTTP route sends on to another host as they are: neither the rule nor the destination puts another one in the
 * Host header. Names that are the destination itself, and wildcards, are left out.
 */
export function keptHosts({ virtualService, section, rule, path, host }: RouteDestination, clusterDomain: string): readonly KeptHost[] {
  const route = section === 'http' ? virtualService.spec.http[rule] : undefined;
  if (!route || route.rewrite?.authority || setsHost(route.headers)) return [];
  const destination = route.route[Number(path[4])];
  if (setsHost(destination?.headers)) return [];
  return virtualService.spec.hosts.flatMap((written, index) => {
    const name = expandShortName(written, virtualService.namespace, clusterDomain);
    return written === '' || isWildcard(name) || name === host ? [] : [{ host: name, index }];
  });
}

/** Whether a name cannot be one of a server on the internet: that of a Service, or in a domain that no public authority signs certificates for. */
export function isLocalName(host: string, clusterDomain: string): boolean {
  return !host.includes('.') || host.endsWith(`.${clusterDomain}`) || /\.(?:local|internal|svc|lan|corp)$/.test(host);
}

function setsHost(headers: VirtualService['spec']['http'][number]['headers']): boolean {
  const request = headers?.request;
  return [request?.set, request?.add].some((each) => Object.keys(each ?? {}).some((name) => /^(?:host|:authority)$/i.test(name)));
}
