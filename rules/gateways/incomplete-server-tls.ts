import {
  defineRule,
  isTemplated,
  nameOf,
  type Path,
  type ResourceByKind,
  refusal,
  type ServerTlsDefect,
  serverTlsDefect,
  whileRefused,
} from '../../src/rule-api.ts';

type Gateway = ResourceByKind['Gateway'];

export default defineRule({
  meta: {
    name: 'incomplete-server-tls',
    code: 'EL606',
    family: 'gateways',
    peers: ['IST0106'],
    severity: 'error',
    summary: "A Gateway server's TLS settings are missing, incomplete, or at odds with its protocol, so the Gateway is refused.",
    fixable: 'suggestion',
  },
  messages: {
    noTls: {
      text: "{gateway}: the server on port {port} has protocol {protocol} and no 'tls', so the Gateway is refused",
      label: "'tls' is missing",
      help: "add 'tls' with its mode: PASSTHROUGH hands the client's TLS on to the far server, ISTIO_MUTUAL takes the mTLS of the sidecars, SIMPLE ends TLS with a certificate of yours",
    },
    plaintextPort: {
      text: "{gateway}: the server on port {port} has 'tls' with mode {mode} on protocol {protocol}, which is plaintext, so the Gateway is refused",
      label: '{protocol} has no TLS',
      help: "write 'protocol: {meant}' if clients speak TLS to the gateway, or remove 'tls' if they don't",
    },
    meshCertificate: {
      text: "{gateway}: the server on port {port} has mode ISTIO_MUTUAL, whose certificates come from the mesh, and '{field}', so the Gateway is refused",
      label: 'the certificates come from the mesh',
      help: "remove '{field}', or use mode MUTUAL to bring certificates of your own",
    },
    severalSources: {
      text: '{gateway}: the server on port {port} takes its certificate from {sources} at once, so the Gateway is refused',
      label: 'more than one source of the certificate',
      help: 'leave the one that is meant',
    },
    noCertificate: {
      text: "{gateway}: the server on port {port} has mode {mode} and no '{field}', so the Gateway is refused",
      label: "'{field}' is missing",
      help: "add 'credentialName' with {secret}, in the namespace of the gateway's Pods, or '{field}' with the path of the file in these Pods; sidecars with mesh mTLS need mode ISTIO_MUTUAL",
    },
  },

  create: ({ mesh, report }) => {
    const symptomOf = (gateway: Gateway, { refusedBy, said }: ServerTlsDefect): string =>
      refusedBy === 'api-server'
        ? refusal(gateway, { refusedBy }, said, mesh)
        : `kubectl apply is denied by Istio's webhook: "${said}". ${whileRefused(gateway, mesh)}`;
    return {
      Gateway(gateway) {
        for (const [index, server] of gateway.spec.servers.entries()) {
          const path: Path = ['spec', 'servers', index];
          if (isTemplated(gateway, [...path, 'tls'])) continue;
          // A port that is wrong in itself is told by the rules of the schema, and Istio looks no further.
          const group = server.port && !hasProblem(gateway, [...path, 'port']) ? mesh.protocolGroup(server.port.protocol) : undefined;
          const defect = hasProblem(gateway, [...path, 'tls']) ? undefined : serverTlsDefect(server, group);
          if (!defect) continue;
          const pointTo = (field: Path, message: string) => ({ at: { resource: gateway, path: [...path, ...field] }, message });
          const ofProtocol = [pointTo(['port', 'protocol'], `the protocol is ${server.port?.protocol}`)];
          const resourceAt = { resource: gateway, path: [...path, ...defect.path] };
          const at = { ...resourceAt, ...(defect.path.length > 1 && { part: 'key' as const }) };
          const removal = [{ title: `remove '${defect.path.at(-1)}'`, safe: false, changes: [{ do: 'remove' as const, at: resourceAt }] }];
          const told = { refusedBy: defect.refusedBy, symptom: symptomOf(gateway, defect) };
          const { number = '(none)', protocol = '' } = server.port ?? {};
          const data = { gateway: nameOf(gateway), port: number, protocol, mode: server.tls?.mode ?? '' };
          switch (defect.why) {
            case 'no-tls':
              report('noTls', at, { ...told, data, related: ofProtocol });
              break;
            case 'plaintext-port':
              report('plaintextPort', at, { ...told, data: { ...data, meant: defect.meant }, related: ofProtocol, fixes: removal });
              break;
            case 'mesh-certificate':
              report('meshCertificate', at, { ...told, data: { ...data, field: defect.field }, fixes: removal });
              break;
            case 'several-sources': {
              const sources = [defect.first, ...defect.more].map((each) => `'${each}'`).join(' and ');
              const related = defect.more.map((each) => pointTo(['tls', each], `'${each}' is set as well`));
              report('severalSources', at, { ...told, data: { ...data, sources }, related });
              break;
            }
            case 'no-certificate': {
              const secret = defect.isMutual ? "a Secret with certificate, key and the clients' CA" : 'a Secret with certificate and key';
              report('noCertificate', at, { ...told, data: { ...data, field: defect.field, secret } });
              break;
            }
            default:
              defect satisfies never;
          }
        }
      },
    };
  },
});

function hasProblem(gateway: Gateway, path: Path): boolean {
  return gateway.problems.some((problem) => path.every((step, index) => problem.path[index] === step));
}
