import type { RefusedBy } from '../resources/field.ts';
import type { Gateway } from '../resources/gateway.ts';
import type { Path } from '../yaml/locate.ts';

type Server = Gateway['spec']['servers'][number];
type Tls = NonNullable<Server['tls']>;

const SOURCES = ['credentialName', 'credentialNames', 'serverCertificate', 'tlsCertificates'] as const;
type Source = (typeof SOURCES)[number];

/** Why Istio refuses a Gateway for the TLS of one of its servers (Istio: pkg/config/validation/validation.go, validateTLSOptions). */
export type ServerTlsDefect = {
  /** To what is wrong or missing, from the server on. */
  readonly path: Path;
  readonly refusedBy: RefusedBy;
  /** The gist of Istio's own message. */
  readonly said: string;
} & (
  | { /** The port speaks TLS and the server has no `tls`. */ readonly why: 'no-tls' }
  | { /** The port speaks plaintext, and the server has `tls` for more than a redirect. */ readonly why: 'plaintext-port'; readonly meant: 'HTTPS' | 'TLS' }
  | { /** ISTIO_MUTUAL beside a certificate of somebody's own. */ readonly why: 'mesh-certificate'; readonly field: Source | 'privateKey' | 'caCertificates' }
  | { /** More than one source of the certificate. */ readonly why: 'several-sources'; readonly first: Source; readonly more: readonly [Source, ...Source[]] }
  | { /** The mode needs a file that no path is given for. */ readonly why: 'no-certificate'; readonly field: MissingFile; readonly isMutual: boolean }
);

/** What Istio's message calls the files. */
const CALLED = { serverCertificate: 'a server certificate', privateKey: 'a private key', caCertificates: 'a client CA bundle' } as const;
type MissingFile = keyof typeof CALLED;

const OF_WEBHOOK = { path: ['tls'], refusedBy: 'webhook' } as const;

/**
 * The first defect that Istio finds in a server's TLS; of each server only that one counts, for each of them changes what the others mean.
 * @param group what the port speaks (`http`, `tls`, `tcp`, …), or undefined where that is not known
 */
export function serverTlsDefect({ tls }: Pick<Server, 'tls'>, group: string | undefined): ServerTlsDefect | undefined {
  if (!tls) return group === 'tls' ? { ...OF_WEBHOOK, why: 'no-tls', said: 'server must have TLS settings for HTTPS/TLS protocols' } : undefined;
  if (group !== undefined && group !== 'tls' && !(group === 'http' && onlyRedirects(tls))) {
    const said = `server cannot have TLS settings for ${group === 'http' ? 'plain text HTTP' : 'non HTTPS/TLS'} ports`;
    return { ...OF_WEBHOOK, why: 'plaintext-port', meant: group === 'http' ? 'HTTPS' : 'TLS', said };
  }
  if (tls.mode === 'ISTIO_MUTUAL') return besideMeshCertificate(tls);
  return severalSources(tls) ?? withoutCertificate(tls);
}

/** A plaintext HTTP server may carry `tls` for its `httpsRedirect` alone. */
function onlyRedirects(tls: Tls): boolean {
  return (tls.mode === 'PASSTHROUGH' || tls.mode === 'AUTO_PASSTHROUGH') && !tls.caCertificates && !tls.privateKey && !tls.serverCertificate;
}

function isGiven(tls: Tls, field: keyof Tls): boolean {
  const value = tls[field];
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}

function besideMeshCertificate(tls: Tls): ServerTlsDefect | undefined {
  const field = ([...SOURCES, 'privateKey', 'caCertificates'] as const).find((each) => isGiven(tls, each));
  return field && { ...OF_WEBHOOK, why: 'mesh-certificate', field, path: ['tls', field], said: `ISTIO_MUTUAL TLS cannot have associated ${field}` };
}

/** The CRD counts a credentialName that is written and empty, too, in two of the three pairs. */
function severalSources(tls: Tls): ServerTlsDefect | undefined {
  const inCrd = isGiven(tls, 'credentialNames') && (tls.credentialName !== undefined || isGiven(tls, 'tlsCertificates'));
  const isSource = (field: Source): boolean =>
    field === 'credentialName' && inCrd
      ? tls.credentialName !== undefined
      : isGiven(tls, field) && (field !== 'serverCertificate' || isGiven(tls, 'privateKey'));
  const [first, second, ...more] = SOURCES.filter(isSource);
  if (!first || !second) return undefined;
  const said = `only one of ${first} or ${second} can be set`;
  return { why: 'several-sources', first, more: [second, ...more], path: ['tls', first], refusedBy: inCrd ? 'api-server' : 'webhook', said };
}

function withoutCertificate(tls: Tls): ServerTlsDefect | undefined {
  const isMutual = tls.mode === 'MUTUAL' || tls.mode === 'OPTIONAL_MUTUAL';
  if ((tls.mode !== 'SIMPLE' && !isMutual) || isGiven(tls, 'credentialName') || isGiven(tls, 'credentialNames')) return undefined;
  const missing = missingFile(tls, isMutual);
  return (
    missing && { ...OF_WEBHOOK, why: 'no-certificate', isMutual, ...missing, said: `${isMutual ? 'MUTUAL' : 'SIMPLE'} TLS requires ${CALLED[missing.field]}` }
  );
}

/** The first file that the mode needs and that no path is given for, below `tls`. */
function missingFile(tls: Tls, isMutual: boolean): { readonly field: MissingFile; readonly path: Path } | undefined {
  if (tls.tlsCertificates.length === 0) {
    const field = unwritten(tls);
    if (field) return { field, path: ['tls', field] };
  }
  for (const [index, certificate] of tls.tlsCertificates.entries()) {
    const field = unwritten(certificate);
    if (field) return { field, path: ['tls', 'tlsCertificates', index, field] };
  }
  return isMutual && !tls.caCertificates ? { field: 'caCertificates', path: ['tls', 'caCertificates'] } : undefined;
}

function unwritten(pair: Pick<Tls, 'serverCertificate' | 'privateKey'>): 'serverCertificate' | 'privateKey' | undefined {
  if (!pair.serverCertificate) return 'serverCertificate';
  return pair.privateKey ? undefined : 'privateKey';
}
