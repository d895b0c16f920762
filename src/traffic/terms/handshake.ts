import type { TlsLayer } from './connection.ts';

/** What the server end of a handshake shows and demands: a gateway's server, or the inbound side of a sidecar. */
export interface TlsServer {
  /** Whose certificate it presents: the workload certificate of the mesh, or one of the user's. */
  readonly presents: 'mesh' | 'other';
  /** Against what it checks the client's certificate; undefined where it asks for none. */
  readonly demands: 'mesh' | 'other' | undefined;
  /** Its identity in the mesh ({@link spiffeId}). */
  readonly identity: string;
}

/** The identity that the workload certificate of a Pod carries. */
export function spiffeId(trustDomain: string, namespace: string, serviceAccount: string): string {
  return `spiffe://${trustDomain}/ns/${namespace}/sa/${serviceAccount}`;
}

/**
 * D-8, G-5: why a client and a server cannot come to terms over TLS.
 * @returns undefined where they can
 */
export function handshakeProblem(layer: TlsLayer, server: TlsServer): string | undefined {
  return clientRefused(layer, server) ?? serverRefused(layer, server);
}

function clientRefused({ certificate }: TlsLayer, { demands }: TlsServer): string | undefined {
  if (demands === undefined) return undefined;
  if (certificate === undefined) return 'the server demands a certificate of the client, which sends none';
  if (demands === certificate) return undefined;
  return demands === 'mesh'
    ? "the server takes certificates of the mesh's CA only, and the client sends another"
    : "the server checks clients against a CA of the user's, and the client sends its workload certificate of the mesh";
}

function serverRefused({ verifies = 'other', subjectAltNames = [] }: TlsLayer, { presents, identity }: TlsServer): string | undefined {
  if (verifies === 'nothing') return undefined;
  if (verifies !== presents) {
    return verifies === 'mesh'
      ? "the client expects a certificate of the mesh's CA, and the server presents another"
      : "the server presents its workload certificate of the mesh, which the client's CA did not sign";
  }
  if (presents !== 'mesh' || subjectAltNames.length === 0 || subjectAltNames.some((name) => isIdentity(name, identity))) return undefined;
  return `the server is ${identity}, and the client expects ${subjectAltNames.join(' or ')}`;
}

/** A name may end in `*`. */
function isIdentity(name: string, identity: string): boolean {
  return name.endsWith('*') ? identity.startsWith(name.slice(0, -1)) : name === identity;
}
