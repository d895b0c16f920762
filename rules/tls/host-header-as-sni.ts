import { defineRule, isLocalName, keptHosts, nameOf } from '../../src/rule-api.ts';

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
      text: "{rule}: TLS to {host} is started without 'sni', so the server name is that of the request; {vs} sends requests for {called} there, and {host} has no certificate for that name",
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
          // The server may well know a public name that is registered beside its own.
          const called = keptHosts(route, clusterDomain).find(
            (each) => isLocalName(each.host, clusterDomain) || mesh.registry.covering(each.host).length === 0,
          );
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
