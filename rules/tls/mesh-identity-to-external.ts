import { callOf, defineRule, nameOf, type Origination, type ResourceByKind, storyOf } from '../../src/rule-api.ts';

export default defineRule({
  meta: {
    name: 'mesh-identity-to-external',
    code: 'EL214',
    family: 'tls',
    severity: 'error',
    summary: 'A DestinationRule makes proxies speak mesh mTLS (ISTIO_MUTUAL) to a host outside of the mesh.',
    fixable: 'suggestion',
  },
  messages: {
    exact: {
      text: 'DestinationRule {rule}: ISTIO_MUTUAL opens mesh mTLS to {host}, which lies outside of the mesh and cannot answer it',
      label: 'mesh mTLS to a server outside',
      help: 'write SIMPLE if the server expects TLS and the application sends plain HTTP, MUTUAL if the server wants a client certificate that it gave you, or DISABLE to leave the bytes as they are',
    },
    wildcard: {
      text: "DestinationRule {rule}: host '{pattern}' covers {host}{more} outside of the mesh as well, so proxies open mesh mTLS (ISTIO_MUTUAL) to it",
      label: 'hosts of ServiceEntries too',
      help: "write '{local}', which covers the Services of the cluster only; or give {host} a DestinationRule of its own with the TLS that it takes",
    },
    onTheWay: {
      text: "{rule} wraps calls to {call} from {client} in mesh mTLS, so they fail: the server is outside of the mesh and does not know the mesh's certificates",
      label: 'mesh mTLS to a server outside',
      help: 'write mode SIMPLE for a server outside, or remove tls where the application speaks TLS itself',
    },
  },

  create: ({ mesh, report }) => ({
    Path(path) {
      const { path: way, last } = path;
      const { cluster } = last;
      if (way.outcome !== 'handshake-failed' || way.at !== 'server' || !cluster || 'missing' in cluster || !cluster.tlsAt) return;
      const { resource: rule } = cluster.tlsAt;
      const known = mesh.originations.find((each) => each.rule === rule && each.host.host === cluster.key.host);
      if (known && !isOutside(known, mesh.config.clusterDomain)) return;
      report(
        'onTheWay',
        { resource: cluster.tlsAt.resource, path: [...cluster.tlsAt.path, 'mode'] },
        { data: { rule: nameOf(cluster.tlsAt.resource), ...callOf(path) }, ...storyOf(path) },
      );
    },
    Mesh() {
      const byRule = new Map<Origination['rule'], Origination[]>();
      for (const origination of mesh.originations) {
        const { tls, rule } = origination;
        if (tls.mode !== 'ISTIO_MUTUAL' || !isOutside(origination, mesh.config.clusterDomain)) continue;
        const list = byRule.get(rule);
        if (list) list.push(origination);
        else byRule.set(rule, [origination]);
      }
      for (const [rule, found] of byRule) {
        const [first] = found;
        if (!first) continue;
        const { host, port, path, isCertain } = first;
        const pattern = rule.spec.host ?? '';
        const others = new Set(found.map((each) => each.host.host)).size - 1;
        const local = `*.${mesh.config.clusterDomain.replace(/^.*\./, '')}`;
        const at = { resource: rule, path: ['spec', 'host'] };
        const mode = { resource: rule, path: [...path, 'mode'] };
        const names = { rule: `${rule.namespace}/${rule.name}`, host: host.host };
        const isSure = isCertain && host.resource.isSet(['spec', 'location']);
        const details = {
          ...(!isSure && { confidence: 'likely' as const }),
          symptom:
            mesh.protocolGroup(port.protocol) === 'http'
              ? `HTTP 503 for http://${host.host}:${port.number} (flag UF, TLS_error in the access log): the server is sent a handshake with a certificate and a server name of the mesh`
              : `connections to ${host.host}:${port.number} are reset in the TLS handshake, curl: (35): the server is sent a handshake with a certificate and a server name of the mesh`,
        };
        const registered = {
          at: { resource: host.resource, path: ['spec', 'hosts', host.index] },
          message: `${host.host} is registered as a host outside of the mesh`,
        };
        if (pattern.startsWith('*')) {
          report('wildcard', at, {
            ...details,
            data: { ...names, pattern, local, more: others > 0 ? ` (and ${others} more)` : '' },
            related: [{ at: mode, message: 'mesh mTLS' }, registered],
            fixes: pattern === '*' ? [{ title: `write '${local}'`, safe: false, changes: [{ do: 'replace', at, value: local }] }] : [],
          });
        } else report('exact', mode, { ...details, data: names, related: [registered] });
      }
    },
  }),
});

/** A ServiceEntry for servers that Istio knows nothing of. Endpoints may be gateways or other clusters of the mesh, which do speak mesh mTLS. */
function isOutside({ host }: Origination, clusterDomain: string): boolean {
  if (host.resource.kind !== 'ServiceEntry' || !host.external || host.host.endsWith(`.${clusterDomain}`)) return false;
  const { endpoints, workloadSelector } = (host.resource as ResourceByKind['ServiceEntry']).spec;
  return endpoints.length === 0 && !workloadSelector;
}
