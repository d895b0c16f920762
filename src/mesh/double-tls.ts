import type { ServiceEntry } from '../resources/service-entry.ts';
import { isAmbientEntry } from './ambient-labels.ts';
import type { Mesh } from './mesh.ts';
import type { Origination } from './originations.ts';
import type { RouteDestination } from './routes.ts';

/** A DestinationRule that starts TLS for a port to which clients speak TLS themselves (docs/traffic-model.md, T-3). */
export interface DoubleTls {
  readonly origination: Origination;
  /** The tls route that passes what clients send on to the port, where there is one. */
  readonly passedOn: RouteDestination | undefined;
  /** Whether an http route leads to the port as well: the TLS that it is wrapped in is the first. */
  readonly isFedByHttp: boolean;
  /** Whether the host has ports for which the settings are right. */
  readonly hasPlainPorts: boolean;
  readonly isCertain: boolean;
}

/** T-3: one for each place that sets TLS; none where a template may make the routes that decide. */
export function doubleTls(mesh: Mesh): readonly DoubleTls[] {
  if (mesh.hasTemplates('VirtualService') || mesh.hasTemplates('HTTPRoute')) return [];
  const fedByRoutes = new Set(mesh.all('HTTPRoute').flatMap(({ spec }) => spec.rules.flatMap(({ backendRefs }) => backendRefs.map(({ name = '' }) => name))));
  const found = new Map<string, DoubleTls>();
  for (const origination of mesh.originations) {
    const { rule, path, host } = origination;
    const key = `${rule.namespace}/${rule.name}/${path.join('/')}`;
    const double = found.has(key) || fedByRoutes.has(host.host) ? undefined : doubled(origination, mesh);
    if (double) found.set(key, double);
  }
  return [...found.values()];
}

/**
 * The rules that start TLS for a port of TLS because http rules send plain HTTP there, and hold for everybody: who calls https on that port is wrapped as well.
 * Nobody may do so: that is for people to know who look for a cause.
 */
export function tlsForHttpRules(mesh: Mesh): readonly Origination[] {
  return mesh.originations.filter((origination) => {
    const { rule, tls, host, port } = origination;
    if ((tls.mode !== 'SIMPLE' && tls.mode !== 'MUTUAL') || tls.credentialName || !isTlsPort(origination, mesh)) return false;
    const routes = mesh.routes.to(host.host, port.number).filter((route) => route.subset === undefined && mesh.belongTogether(route.virtualService, rule));
    const isFedByHttpAlone = routes.length > 0 && routes.every(({ section }) => section === 'http');
    return isFedByHttpAlone && !isSteered(origination, mesh) && holdsForAll(origination, mesh);
  });
}

function doubled(origination: Origination, mesh: Mesh): DoubleTls | undefined {
  const { rule, tls, host, port } = origination;
  if ((tls.mode !== 'SIMPLE' && tls.mode !== 'MUTUAL') || !isTlsPort(origination, mesh)) return undefined;
  const routes = mesh.routes.to(host.host, port.number).filter((route) => route.subset === undefined && mesh.belongTogether(route.virtualService, rule));
  const passedOn = routes.find(({ section }) => section === 'tls');
  const isFedByHttp = routes.some(({ section }) => section === 'http');
  // Where one rule passes TLS on and another sends what it has read, the first breaks.
  // Where sidecars are steered elsewhere, only the gateway feeds the port, and the rule has to hold there too.
  if ((isFedByHttp || isSteered(origination, mesh)) && !(passedOn && holdsForAll(origination, mesh))) return undefined;
  // D-10: sidecars ignore a rule with a Secret, unless it selects them.
  if (tls.credentialName && !passedOn) return undefined;
  const hasPlainPorts = host.ports.some((each) => mesh.protocolGroup(each.protocol) !== 'tls');
  // A route that lies outside of the files could feed the port with plain HTTP.
  const isCertain = origination.isCertain && !(hasPlainPorts && !passedOn) && mesh.registry.named(host.host).length === 1;
  return { origination, passedOn, isFedByHttp, hasPlainPorts, isCertain };
}

/** Whether routes for sidecars lead the TLS of their clients elsewhere. */
function isSteered({ host, port }: Origination, mesh: Mesh): boolean {
  const isElsewhere = (destination: { readonly host?: string } | undefined) => destination?.host !== undefined && destination.host !== host.host;
  return mesh.gatewayBindings
    .forSidecars(host.host)
    .some(({ spec }) =>
      spec.tls.some(
        ({ match, route }) => match.some((each) => !each.port || each.port === port.number) && route.some(({ destination }) => isElsewhere(destination)),
      ),
    );
}

/** D-2: whether the rule holds for proxies of namespaces that have no rule of their own. */
function holdsForAll({ host, port, rule }: Origination, mesh: Mesh): boolean {
  const query = { host: host.host, serviceNamespace: host.namespace, clientNamespace: '', port: port.number, subset: undefined };
  return mesh.destinationRules.tlsInEffect(query, (each) => mesh.belongTogether(each, host.resource)).decision?.rule === rule;
}

/** Whether every registration in view declares the port as TLS, and the servers are outside; in ambient mode waypoints and ztunnel decide. */
function isTlsPort({ host, port }: Origination, mesh: Mesh): boolean {
  if (host.resource.kind !== 'ServiceEntry' || isAmbientEntry(mesh, host.resource as ServiceEntry)) return false;
  return mesh.registry
    .named(host.host)
    .every((each) => each.ports.every(({ number, protocol }) => number !== port.number || mesh.protocolGroup(protocol) === 'tls'));
}
