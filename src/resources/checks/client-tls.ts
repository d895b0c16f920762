/** How a client's proxy opens TLS (pkg/config/validation/agent/validation.go, ValidateTLS). */
import type { Path } from '../../yaml/locate.ts';
import type { Check } from '../field.ts';
import { conflict, malformed, missing } from './problem.ts';

interface ClientTls {
  readonly mode: 'DISABLE' | 'SIMPLE' | 'MUTUAL' | 'ISTIO_MUTUAL';
  readonly clientCertificate?: string;
  readonly privateKey?: string;
  readonly caCertificates?: string;
  readonly caCrl?: string;
  readonly credentialName?: string;
  readonly subjectAltNames: readonly string[];
  readonly insecureSkipVerify?: boolean;
}

type TextField = 'clientCertificate' | 'privateKey' | 'caCertificates' | 'caCrl' | 'credentialName';

const pathsOf = (tls: ClientTls, fields: readonly TextField[]): readonly Path[] => fields.flatMap((field) => (tls[field] ? [[field]] : []));

/** DR5 (webhook): MUTUAL presents a certificate, so it needs one. */
export const mutualCertificate: Check<ClientTls> = (tls, report) => {
  if (tls.mode !== 'MUTUAL' || tls.credentialName) return;
  const field = tls.clientCertificate ? 'privateKey' : 'clientCertificate';
  if (tls[field]) return;
  const why = "mode MUTUAL presents a certificate of the client: name a Secret with 'credentialName', or the files 'clientCertificate' and 'privateKey'";
  report([], missing(field, 'ClientTLSSettings', why), 'webhook');
};

/** DR6 (webhook): a Secret and files at once. Other modes than SIMPLE and MUTUAL ignore both. */
export const secretOrFiles: Check<ClientTls> = (tls, report) => {
  if ((tls.mode !== 'SIMPLE' && tls.mode !== 'MUTUAL') || !tls.credentialName) return;
  const files = pathsOf(tls, ['clientCertificate', 'privateKey', 'caCertificates', 'caCrl']);
  if (files.length === 0) return;
  const why = 'the Secret that credentialName names holds certificates and keys, so files may not be set beside it';
  report(['credentialName'], conflict(why, ...files), 'webhook');
};

/** DR7 (webhook): what to verify with, together with the wish not to verify. */
export const nothingToVerify: Check<ClientTls> = (tls, report) => {
  if (!tls.insecureSkipVerify || (tls.mode !== 'SIMPLE' && tls.mode !== 'MUTUAL')) return;
  const names: readonly Path[] = tls.subjectAltNames.length > 0 ? [['subjectAltNames']] : [];
  const others = [...pathsOf(tls, tls.mode === 'SIMPLE' ? ['caCertificates', 'credentialName'] : ['caCertificates']), ...names];
  if (others.length === 0) return;
  const why = `insecureSkipVerify accepts any certificate of the server, so with mode ${tls.mode} nothing to verify it by may be set`;
  report(['insecureSkipVerify'], conflict(why, ...others), 'webhook');
};

const CONFIG_MAP = 'configmap://';

/** DR8 (webhook): a ConfigMap is named with its namespace, which is the rule's own. */
export const ownConfigMap: Check<string> = (value, report, { namespace }) => {
  if (!value.startsWith(CONFIG_MAP)) return;
  const [owner = '', name = ''] = value.slice(CONFIG_MAP.length).split('/');
  const isOwn = namespace === undefined || owner === namespace;
  if (owner === '' || name === '' || !isOwn) {
    report([], malformed(value, `'configmap://namespace/name' with the namespace of the DestinationRule${namespace ? ` (${namespace})` : ''}`), 'webhook');
  }
};
