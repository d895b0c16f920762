/** A layer of TLS around what a client says. */
export interface TlsLayer {
  /** Who speaks it. */
  readonly by: 'client' | 'sidecar' | 'gateway' | 'ztunnel' | 'waypoint';
  /** '' where none is sent. */
  readonly sni: string;
  readonly alpn: readonly string[];
  /** Whose certificate the client end presents: the mesh's workload certificate, one of the user's, or none. */
  readonly certificate: 'mesh' | 'other' | undefined;
  /** Against what the client end checks the server's certificate: the mesh's CA, any other, or nothing at all. Any other unless said. */
  readonly verifies?: 'mesh' | 'other' | 'nothing';
  /** Identities of which the server has to have one; any will do where the list is empty. */
  readonly subjectAltNames?: readonly string[];
}

/** A request, as far as a proxy that can read it would look at it. */
export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  /** The Host header or :authority, with its port if the client sends one. */
  readonly authority: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly version: 'HTTP/1.1' | 'HTTP/2';
}

/** What goes over the wire to an address. */
export interface Connection {
  /** The address dialled, as address.ts writes those that no file tells; undefined where it is a public one that belongs to no listener. */
  readonly ip: string | undefined;
  /** The name that was dialled, or the address where it is one. */
  readonly host: string;
  readonly port: number;
  /** From the outside in; empty for what is readable. */
  readonly tls: readonly TlsLayer[];
  /** What is inside of all TLS: HTTP, or bytes that are neither HTTP nor TLS. */
  readonly http: HttpRequest | undefined;
}
