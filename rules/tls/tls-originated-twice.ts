import { callOf, type DoubleTls, defineRule, doubleTls, nameOf, storyOf, tlsForHttpRules } from '../../src/rule-api.ts';

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
    ofOthers: {
      text: 'DestinationRule {rule}: {mode} starts TLS for {host}:{port}, to which http rules send plain HTTP; applications that speak TLS to this port themselves get a second TLS around their own',
      label: 'for all who use the port',
      symptom: 'who calls https directly: curl: (35) wrong version number; Go: server gave HTTP response to HTTPS client',
      help: 'if any application does: declare a port 80 with protocol HTTP and targetPort 443, and start TLS for that port only; or start it in a subset to which the http rules lead',
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
      for (const { rule, tls, path, host, port } of tlsForHttpRules(mesh)) {
        const data = { rule: `${rule.namespace}/${rule.name}`, mode: tls.mode, host: host.host, port: port.number };
        report('ofOthers', { resource: rule, path: [...path, 'mode'] }, { data, severity: 'info' });
      }
      for (const double of doubleTls(mesh)) {
        const { passedOn, origination, isCertain } = double;
        const { rule, tls, path, host, port } = origination;
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
              help: wayOut(double),
            },
            ...(!isCertain && { confidence: 'likely' }),
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

function wayOut({ isFedByHttp, hasPlainPorts, origination: { host, port } }: DoubleTls): string {
  if (isFedByHttp)
    return `give the http rule a subset with 'tls' of its own, and remove it here: the tls rule then passes ${host.host}:${port.number} on as it is`;
  if (hasPlainPorts)
    return `move 'tls' under portLevelSettings for the port that the application calls in plain HTTP; ${host.host}:${port.number} is passed on as it is without`;
  return "remove 'tls' if the application calls https: its TLS is passed on as it is. If it is to call plain HTTP, declare a port 80 with protocol HTTP and targetPort 443, and originate TLS for that port only";
}
