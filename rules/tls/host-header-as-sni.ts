import { defineRule, isLocalName, keptHosts, type Mesh, nameOf } from '../../src/rule-api.ts';

export default defineRule({
  meta: {
    name: 'host-header-as-sni',
    code: 'EL218',
    family: 'tls',
    severity: 'error',
    summary:
      'Requests keep the name by which they were called, so the server that they are sent to is asked in its TLS handshake for a name that is not its own.',
    fixable: 'suggestion',
  },
  messages: {
    kept: {
      text: "{rule}: TLS to {host} is started without 'sni', so the server name is that of the request; {vs} sends requests for {called} there, so that {host} is asked for the certificate of another name",
      label: 'the server name is that of the request',
      symptom:
        'HTTP 503 (flag UF,URX, TLS_error in the access log: the server resets the handshake, or its certificate is for another name), or the answer 404 or 421 of a server that does not know the host',
      help: "add 'sni: {host}' here, and 'authority: {host}' under 'rewrite' to the rule of the VirtualService, so that the server is asked for its own name in the handshake and in the request",
    },
  },

  create: ({ mesh, report }) => ({
    Mesh() {
      const reported = new Set<string>();
      const { clusterDomain } = mesh.config;
      for (const { rule, tls, path, host, port, isCertain } of mesh.originations) {
        const key = `${nameOf(rule)} ${path.join('/')}`;
        if ((tls.mode !== 'SIMPLE' && tls.mode !== 'MUTUAL') || tls.sni || rule.isSet([...path, 'sni'])) continue;
        if (reported.has(key) || !host.external || host.host.startsWith('*') || rule.templates.length > 0) continue;
        for (const route of mesh.routes.to(host.host, port.number)) {
          const { virtualService: vs } = route;
          if (route.role !== 'route' || route.subset !== undefined || vs.templates.length > 0 || !mesh.belongTogether(rule, vs)) continue;
          const called = keptHosts(route, clusterDomain).find((each) => !mayShareServer(mesh, each.host, host.host));
          if (!called || tls.subjectAltNames.includes(called.host)) continue;
          reported.add(key);
          const at = { resource: rule, path };
          report('kept', at, {
            data: { rule: nameOf(rule), vs: nameOf(vs), host: host.host, called: called.host },
            ...(!(isCertain && isLocalName(called.host, clusterDomain)) && { confidence: 'likely' }),
            related: [
              { at: { resource: vs, path: ['spec', 'hosts', called.index] }, message: 'the name that requests keep' },
              { at: { resource: vs, path: [...route.path, 'host'] }, message: 'sent on as they are' },
            ],
            fixes: [{ title: `add 'sni: ${host.host}'`, safe: false, changes: [{ do: 'add', at, key: 'sni', yaml: host.host }] }],
          });
          break;
        }
      }
    },
  }),
});

/** Whether a server may well know another name beside its own: a public one that is registered, of the same domain. */
function mayShareServer(mesh: Mesh, called: string, host: string): boolean {
  if (isLocalName(called, mesh.config.clusterDomain) || mesh.registry.covering(called).length === 0) return false;
  return domainOf(called) === domainOf(host);
}

function domainOf(host: string): string {
  return host.split('.').slice(-2).join('.');
}
