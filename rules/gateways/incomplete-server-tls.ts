import {
  defineRule,
  isTemplated,
  nameOf,
  type Path,
  type RefusedBy,
  type ResourceByKind,
  refusal,
  type ServerTlsDefect,
  serverTlsDefect,
  whileRefused,
} from '../../src/rule-api.ts';

type Gateway = ResourceByKind['Gateway'];
type Server = Gateway['spec']['servers'][number];

/** What Istio's message calls the files. */
const CALLED = { serverCertificate: 'a server certificate', privateKey: 'a private key', caCertificates: 'a client CA bundle' };

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
    refused: { text: '{gateway}: the server on port {port} {defect}, so the Gateway is refused', label: '{label}', help: '{help}' },
  },

  create: ({ mesh, report }) => ({
    Gateway(gateway) {
      for (const [index, server] of gateway.spec.servers.entries()) {
        if (isTemplated(gateway, ['spec', 'servers', index, 'tls'])) continue;
        const path: Path = ['spec', 'servers', index];
        // A port that is wrong in itself is told by the rules of the schema, and Istio looks no further.
        const group = server.port && !hasProblem(gateway, [...path, 'port']) ? mesh.protocolGroup(server.port.protocol) : undefined;
        const defect = hasProblem(gateway, [...path, 'tls']) ? undefined : serverTlsDefect(server, group);
        if (!defect) continue;
        const { what, label, help, said, at, refusedBy = 'webhook', others = [], remove } = wordsFor(defect, server);
        report(
          'refused',
          { resource: gateway, path: [...path, ...at], ...(at.length > 1 && { part: 'key' }) },
          {
            data: { gateway: nameOf(gateway), port: server.port?.number ?? '(none)', defect: what, label, help },
            related: others.map((other) => ({ at: { resource: gateway, path: [...path, ...other.at] }, message: other.message })),
            refusedBy,
            symptom:
              refusedBy === 'api-server'
                ? refusal(gateway, { refusedBy }, said, mesh)
                : `kubectl apply is denied by Istio's webhook: "${said}". ${whileRefused(gateway, mesh)}`,
            fixes: remove
              ? [{ title: `remove '${at.at(-1)}'`, safe: false, changes: [{ do: 'remove', at: { resource: gateway, path: [...path, ...at] } }] }]
              : [],
          },
        );
      }
    },
  }),
});

interface Words {
  /** Completes "the server on port 443 …". */
  readonly what: string;
  readonly label: string;
  readonly help: string;
  /** The gist of Istio's own message. */
  readonly said: string;
  /** Relative to the server. */
  readonly at: Path;
  readonly others?: readonly { readonly at: Path; readonly message: string }[];
  readonly refusedBy?: RefusedBy;
  /** Whether removing what stands there is one way out. */
  readonly remove?: boolean;
}

function hasProblem(gateway: Gateway, path: Path): boolean {
  return gateway.problems.some((problem) => path.every((step, index) => problem.path[index] === step));
}

/** What the server lacks or has too much, in words. */
function wordsFor(defect: ServerTlsDefect, server: Server): Words {
  const protocol = server.port?.protocol;
  const ofProtocol = [{ at: ['port', 'protocol'], message: `the protocol is ${protocol}` }];
  switch (defect.why) {
    case 'no-tls':
      return {
        what: `has protocol ${protocol} and no 'tls'`,
        label: "'tls' is missing",
        help: "add 'tls' with its mode: PASSTHROUGH hands the client's TLS on to the far server, ISTIO_MUTUAL takes the mTLS of the sidecars, SIMPLE ends TLS with a certificate of yours",
        said: 'server must have TLS settings for HTTPS/TLS protocols',
        at: ['tls'],
        others: ofProtocol,
      };
    case 'plaintext-port':
      return {
        what: `has 'tls' with mode ${server.tls?.mode} on protocol ${protocol}, which is plaintext`,
        label: `${protocol} has no TLS`,
        help: `write 'protocol: ${defect.group === 'http' ? 'HTTPS' : 'TLS'}' if clients speak TLS to the gateway, or remove 'tls' if they don't`,
        said: `server cannot have TLS settings for ${defect.group === 'http' ? 'plain text HTTP' : 'non HTTPS/TLS'} ports`,
        at: ['tls'],
        others: ofProtocol,
        remove: true,
      };
    case 'mesh-certificate':
      return {
        what: `has mode ISTIO_MUTUAL, whose certificates come from the mesh, and '${defect.field}'`,
        label: 'the certificates come from the mesh',
        help: `remove '${defect.field}', or use mode MUTUAL to bring certificates of your own`,
        said: `ISTIO_MUTUAL TLS cannot have associated ${defect.field}`,
        at: ['tls', defect.field],
        remove: true,
      };
    case 'several-sources':
      return {
        what: `takes its certificate from ${[defect.first, ...defect.more].map((each) => `'${each}'`).join(' and ')} at once`,
        label: 'more than one source of the certificate',
        help: 'leave the one that is meant',
        said: `only one of ${defect.first} or ${defect.more[0]} can be set`,
        at: ['tls', defect.first],
        others: defect.more.map((each) => ({ at: ['tls', each], message: `'${each}' is set as well` })),
        refusedBy: defect.refusedBy,
      };
    case 'no-certificate':
      return {
        what: `has mode ${server.tls?.mode} and no '${defect.field}'`,
        label: `'${defect.field}' is missing`,
        help: `add 'credentialName' with ${defect.isMutual ? "a Secret with certificate, key and the clients' CA" : 'a Secret with certificate and key'}, in the namespace of the gateway's Pods, or '${defect.field}' with the path of the file in these Pods; sidecars with mesh mTLS need mode ISTIO_MUTUAL`,
        said: `${defect.isMutual ? 'MUTUAL' : 'SIMPLE'} TLS requires ${CALLED[defect.field]}`,
        at: defect.path,
      };
  }
}
