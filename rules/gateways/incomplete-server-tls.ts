import { defineRule, isTemplated, nameOf, type Path, type RefusedBy, type ResourceByKind, refusal, whileRefused } from '../../src/rule-api.ts';

type Gateway = ResourceByKind['Gateway'];
type Server = Gateway['spec']['servers'][number];
type Tls = NonNullable<Server['tls']>;

// One rule for all of these checks, long as it is: of each server only the first defect is told, for each of them changes what the others mean.
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
        const defect = hasProblem(gateway, [...path, 'tls']) ? undefined : defectOf(server, group);
        if (!defect) continue;
        const { what, label, help, said, at, refusedBy = 'webhook', others = [] } = defect;
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
            fixes: defect.remove
              ? [{ title: `remove '${at.at(-1)}'`, safe: false, changes: [{ do: 'remove', at: { resource: gateway, path: [...path, ...at] } }] }]
              : [],
          },
        );
      }
    },
  }),
});

interface Defect {
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

/** The first of the defects that Istio finds. @param group what the port speaks, or undefined where that is not known */
function defectOf(server: Server, group: string | undefined): Defect | undefined {
  const { tls } = server;
  if (!tls) return group === 'tls' ? withoutTls(server) : undefined;
  if (group !== undefined && group !== 'tls' && !(group === 'http' && onlyRedirects(tls))) return onPlaintextPort(server, tls, group);
  if (tls.mode === 'ISTIO_MUTUAL') return withMeshCertificate(tls);
  return withSeveralSources(tls) ?? withoutCertificate(tls);
}

const protocolOf = (server: Server) => [{ at: ['port', 'protocol'], message: `the protocol is ${server.port?.protocol}` }];

function withoutTls(server: Server): Defect {
  return {
    what: `has protocol ${server.port?.protocol} and no 'tls'`,
    label: "'tls' is missing",
    help: "add 'tls' with its mode: PASSTHROUGH hands the client's TLS on to the far server, ISTIO_MUTUAL takes the mTLS of the sidecars, SIMPLE ends TLS with a certificate of yours",
    said: 'server must have TLS settings for HTTPS/TLS protocols',
    at: ['tls'],
    others: protocolOf(server),
  };
}

/** A plaintext HTTP server may carry `tls` for its `httpsRedirect` alone. */
function onlyRedirects(tls: Tls): boolean {
  return (tls.mode === 'PASSTHROUGH' || tls.mode === 'AUTO_PASSTHROUGH') && !tls.caCertificates && !tls.privateKey && !tls.serverCertificate;
}

function onPlaintextPort(server: Server, tls: Tls, group: string): Defect {
  const protocol = server.port?.protocol;
  const tlsProtocol = group === 'http' ? 'HTTPS' : 'TLS';
  return {
    what: `has 'tls' with mode ${tls.mode} on protocol ${protocol}, which is plaintext`,
    label: `${protocol} has no TLS`,
    help: `write 'protocol: ${tlsProtocol}' if clients speak TLS to the gateway, or remove 'tls' if they don't`,
    said: `server cannot have TLS settings for ${group === 'http' ? 'plain text HTTP' : 'non HTTPS/TLS'} ports`,
    at: ['tls'],
    others: protocolOf(server),
    remove: true,
  };
}

const SOURCES = ['credentialName', 'credentialNames', 'serverCertificate', 'tlsCertificates'] as const;

function isGiven(tls: Tls, field: keyof Tls): boolean {
  const value = tls[field];
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}

function withMeshCertificate(tls: Tls): Defect | undefined {
  const field = ([...SOURCES, 'privateKey', 'caCertificates'] as const).find((each) => isGiven(tls, each));
  if (!field) return undefined;
  return {
    what: `has mode ISTIO_MUTUAL, whose certificates come from the mesh, and '${field}'`,
    label: 'the certificates come from the mesh',
    help: `remove '${field}', or use mode MUTUAL to bring certificates of your own`,
    said: `ISTIO_MUTUAL TLS cannot have associated ${field}`,
    at: ['tls', field],
    remove: true,
  };
}

/** The CRD counts a credentialName that is written and empty, too (two of the three pairs, GW13). */
function withSeveralSources(tls: Tls): Defect | undefined {
  const inCrd = isGiven(tls, 'credentialNames') && (tls.credentialName !== undefined || isGiven(tls, 'tlsCertificates'));
  const isSource = (field: (typeof SOURCES)[number]): boolean =>
    field === 'credentialName' && inCrd
      ? tls.credentialName !== undefined
      : isGiven(tls, field) && (field !== 'serverCertificate' || isGiven(tls, 'privateKey'));
  const [first, ...more] = SOURCES.filter(isSource);
  if (!first || more.length === 0) return undefined;
  return {
    what: `takes its certificate from ${[first, ...more].map((each) => `'${each}'`).join(' and ')} at once`,
    label: 'more than one source of the certificate',
    help: 'leave the one that is meant',
    said: `only one of ${first} or ${more[0]} can be set`,
    at: ['tls', first],
    others: more.map((each) => ({ at: ['tls', each], message: `'${each}' is set as well` })),
    refusedBy: inCrd ? 'api-server' : 'webhook',
  };
}

function withoutCertificate(tls: Tls): Defect | undefined {
  const isMutual = tls.mode === 'MUTUAL' || tls.mode === 'OPTIONAL_MUTUAL';
  if ((tls.mode !== 'SIMPLE' && !isMutual) || isGiven(tls, 'credentialName') || isGiven(tls, 'credentialNames')) return undefined;
  const at = missingFile(tls, isMutual);
  if (!at) return undefined;
  const needed = isMutual ? "a Secret with certificate, key and the clients' CA" : 'a Secret with certificate and key';
  const what: Readonly<Record<string, string>> = {
    serverCertificate: 'a server certificate',
    privateKey: 'a private key',
    caCertificates: 'a client CA bundle',
  };
  const field = String(at.at(-1));
  return {
    what: `has mode ${tls.mode} and no '${field}'`,
    label: `'${field}' is missing`,
    help: `add 'credentialName' with ${needed}, in the namespace of the gateway's Pods, or '${field}' with the path of the file in these Pods; sidecars with mesh mTLS need mode ISTIO_MUTUAL`,
    said: `${isMutual ? 'MUTUAL' : 'SIMPLE'} TLS requires ${what[field]}`,
    at,
  };
}

/** The first file that the mode needs and that no path is given for. */
function missingFile(tls: Tls, isMutual: boolean): Path | undefined {
  if (tls.tlsCertificates.length === 0) {
    if (!tls.serverCertificate) return ['tls', 'serverCertificate'];
    if (!tls.privateKey) return ['tls', 'privateKey'];
  }
  for (const [index, certificate] of tls.tlsCertificates.entries()) {
    if (!certificate.serverCertificate) return ['tls', 'tlsCertificates', index, 'serverCertificate'];
    if (!certificate.privateKey) return ['tls', 'tlsCertificates', index, 'privateKey'];
  }
  return isMutual && !tls.caCertificates ? ['tls', 'caCertificates'] : undefined;
}
