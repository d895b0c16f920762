import {
  defineRule,
  expandShortName,
  isForMesh,
  isSubsetOf,
  isWildcard,
  type Mesh,
  nameOf,
  protocolGroup,
  type RegisteredHost,
  type ResourceByKind,
  scopedMatches,
} from '../../src/rule-api.ts';

type VirtualService = ResourceByKind['VirtualService'];

export default defineRule({
  meta: {
    name: 'uncovered-sni',
    code: 'EL331',
    family: 'hosts',
    severity: 'warning',
    summary: 'A VirtualService routes TLS for a host whose server name none of its matches lists.',
  },
  messages: {
    uncovered: {
      text: "{vs}: no TLS match lists the server name of host '{host}', and the ones that are there take away its default route on port {port}",
      label: 'in no sniHosts',
      symptom:
        'TLS calls to the host are not known to sidecars any more: with ALLOW_ANY they pass unmanaged (PassthroughCluster) and bypass an egress gateway, with REGISTRY_ONLY they are reset: curl: (35)',
      help: "add '{host}' to the sniHosts of the match that is meant for it, or remove it from spec.hosts",
    },
  },

  create: ({ mesh, report }) => ({
    VirtualService(vs) {
      if (vs.templates.some((path) => path[1] === 'tls')) return;
      // a match on the client decides for some clients only.
      const matches = scopedMatches(vs, 'tls').filter(({ scope }) => isForMesh(scope));
      if (matches.length === 0 || matches.some(({ isSound }) => !isSound)) return;
      // A server name that is none of the hosts stands where one of them is meant: told by sni-outside-hosts.
      if (matches.some(({ match }) => match?.sniHosts.some((sni) => !vs.spec.hosts.some((host) => isSubsetOf(sni, host))))) return;
      for (const [i, written] of vs.spec.hosts.entries()) {
        if (written === '' || isWildcard(written)) continue;
        const host = expandShortName(written, vs.namespace, mesh.config.clusterDomain);
        const listed = matches.some(({ match }) => match?.sniHosts.some((sni) => isSubsetOf(host, sni) || isSubsetOf(written, sni)));
        const port = listed
          ? undefined
          : tlsPort(
              mesh,
              vs,
              host,
              matches.map(({ scope }) => scope).filter(({ source }) => source === ''),
            );
        if (!port || isListedElsewhere(mesh, vs, host)) continue;
        const { resource, index } = port.registration;
        report(
          'uncovered',
          { resource: vs, path: ['spec', 'hosts', i] },
          {
            data: { vs: nameOf(vs), host, port: port.number },
            related: [
              {
                at: { resource, path: resource.kind === 'ServiceEntry' ? ['spec', 'hosts', index] : ['metadata', 'name'] },
                message: `${nameOf(resource)} registers it with a TLS port`,
              },
            ],
          },
        );
      }
    },
  }),
});

/** A TLS port of the host on which one of the matches holds: there the host's own chain goes. */
function tlsPort(
  mesh: Mesh,
  vs: VirtualService,
  host: string,
  scopes: readonly { readonly port: number | undefined }[],
): { readonly number: number; readonly registration: RegisteredHost } | undefined {
  for (const registration of mesh.registry.named(host)) {
    if (!mesh.belongTogether(vs, registration.resource)) continue;
    const port = registration.ports.find(
      ({ number, protocol }) => protocolGroup(protocol) === 'tls' && scopes.some((scope) => scope.port === undefined || scope.port === number),
    );
    if (port) return { number: port.number, registration };
  }
  return undefined;
}

/** VirtualServices whose hosts overlap are all looked at. */
function isListedElsewhere(mesh: Mesh, vs: VirtualService, host: string): boolean {
  return mesh.virtualServices
    .overlapping(host)
    .some((other) => other !== vs && other.spec.tls.some(({ match }) => match.some(({ sniHosts }) => sniHosts.some((sni) => isSubsetOf(host, sni)))));
}
