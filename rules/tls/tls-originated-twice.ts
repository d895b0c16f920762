import { callOf, defineRule, type Mesh, nameOf, type Origination, type ResourceByKind, storyOf } from '../../src/rule-api.ts';

export default defineRule({
  meta: {
    name: 'tls-originated-twice',
    code: 'EL201',
    family: 'tls',
    severity: 'error',
    asksPaths: true,
    summary: 'A DestinationRule wraps TLS around connections that already are TLS.',
  },
  messages: {
    twice: {
      text: 'DestinationRule {rule}: {mode} starts TLS for {host}:{port}, but what arrives there already is TLS ({why})',
      label: 'a second TLS around the first',
      symptom:
        'https calls fail in the handshake: curl: (35) wrong version number; Go: first record does not look like a TLS handshake. The server takes the inner handshake for a malformed request',
      help: '{help}',
    },
    onTheWay: {
      text: '{rule} wraps calls to {call} from {client} in TLS though they are TLS already, so the server cannot read them',
      label: 'a second TLS around the first',
      help: "move 'tls' under portLevelSettings for the port that is called in plain HTTP, or let the application call http",
    },
  },

  create: ({ mesh, report }) => ({
    Path(path) {
      const { path: way } = path;
      const origin = way.hops.flatMap(({ cluster }) => (cluster && !('missing' in cluster) && cluster.tlsAt ? [cluster.tlsAt] : [])).at(-1);
      if (way.outcome !== 'double-tls' || !origin) return;
      report(
        'onTheWay',
        { resource: origin.resource, path: [...origin.path, 'mode'] },
        { data: { rule: nameOf(origin.resource), ...callOf(path) }, ...storyOf(path) },
      );
    },
    Mesh() {
      const reported = new Set<string>();
      const fedByHttpRoutes = new Set(
        mesh.all('HTTPRoute').flatMap((route) => route.spec.rules.flatMap(({ backendRefs }) => backendRefs.map(({ name = '' }) => name))),
      );
      if (['VirtualService', 'HTTPRoute'].some((kind) => mesh.hasTemplates(kind as 'VirtualService'))) return;
      for (const origination of mesh.originations) {
        const { rule, tls, path, host, port, isCertain } = origination;
        const key = `${rule.namespace}/${rule.name}/${path.join('/')}`;
        if ((tls.mode !== 'SIMPLE' && tls.mode !== 'MUTUAL') || reported.has(key) || !isTlsPort(origination, mesh)) continue;
        const routes = mesh.routes.to(host.host, port.number).filter((route) => route.subset === undefined && mesh.belongTogether(route.virtualService, rule));
        const passedOn = routes.find(({ section }) => section === 'tls');
        // An http route sends what it has read: the TLS that it is wrapped in is the first.
        const isFedByHttp = routes.some(({ section }) => section === 'http');
        // Where one rule passes TLS on and another sends what it has read, the first breaks.
        if ((isFedByHttp && !(passedOn && holdsForAll(origination, mesh))) || fedByHttpRoutes.has(host.host)) continue;
        // Where sidecars are steered elsewhere, only the gateway feeds the port, and the rule has to hold there too.
        if (isSteered(origination, mesh) && !(passedOn && holdsForAll(origination, mesh))) continue;
        // D-10: sidecars ignore a rule with a Secret, unless it selects them.
        if (tls.credentialName && !passedOn) continue;
        reported.add(key);
        const hasHttp = host.ports.some((each) => mesh.protocolGroup(each.protocol) !== 'tls');
        report(
          'twice',
          { resource: rule, path: [...path, 'mode'] },
          {
            data: {
              rule: `${rule.namespace}/${rule.name}`,
              mode: tls.mode,
              host: host.host,
              port: port.number,
              why: passedOn ? `${nameOf(passedOn.virtualService)} passes the client's TLS on to it` : `the port is declared ${port.protocol}`,
              help: isFedByHttp
                ? `give the http rule a subset with 'tls' of its own, and remove it here: the tls rule then passes ${host.host}:${port.number} on as it is`
                : hasHttp
                  ? `move 'tls' under portLevelSettings for the port that the application calls in plain HTTP; ${host.host}:${port.number} is passed on as it is without`
                  : "remove 'tls' if the application calls https: its TLS is passed on as it is. If it is to call plain HTTP, declare a port 80 with protocol HTTP and targetPort 443, and originate TLS for that port only",
            },
            // A route that lies outside of the files could feed the port with plain HTTP.
            ...((!isCertain || (hasHttp && !passedOn) || mesh.registry.named(host.host).length > 1) && { confidence: 'likely' }),
            related: [
              {
                at: { resource: host.resource, path: ['spec', 'ports', port.index, 'protocol'] },
                message: `port ${port.number} is declared ${port.protocol}: clients speak TLS to it`,
              },
              ...(passedOn ? [{ at: { resource: passedOn.virtualService, path: [...passedOn.path, 'host'] }, message: 'this rule passes TLS on' }] : []),
            ],
          },
        );
      }
    },
  }),
});

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

/** T-3: whether every registration in view declares the port as TLS, and the servers are outside. */
function isTlsPort({ host, port }: Origination, mesh: Mesh): boolean {
  if (host.resource.kind !== 'ServiceEntry' || isAmbient(host.resource as ResourceByKind['ServiceEntry'], mesh)) return false;
  return mesh.registry
    .named(host.host)
    .every((each) => each.ports.every(({ number, protocol }) => number !== port.number || mesh.protocolGroup(protocol) === 'tls'));
}

/** In ambient mode waypoints and ztunnel decide. */
function isAmbient(entry: ResourceByKind['ServiceEntry'], mesh: Mesh): boolean {
  const labels = [entry.labels, ...mesh.namedAnywhere('Namespace', entry.namespace).map((namespace) => namespace.labels)];
  return labels.some((each) => each['istio.io/use-waypoint'] !== undefined || each['istio.io/dataplane-mode'] === 'ambient');
}
