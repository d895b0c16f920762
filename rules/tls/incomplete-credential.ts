import { type CredentialPart, type CredentialUse, defineRule, holdersOf, holdsPart, type Mesh, nameOf } from '../../src/rule-api.ts';

const KEYS: Readonly<Record<CredentialPart, { readonly what: string; readonly keys: string }>> = {
  certificate: { what: 'certificate with its key', keys: "'tls.crt' and 'tls.key' (or 'cert' and 'key')" },
  ca: { what: 'CA certificate', keys: "'ca.crt' or 'cacert'" },
};

export default defineRule({
  meta: {
    name: 'incomplete-credential',
    code: 'EL217',
    family: 'tls',
    peers: ['IST0161'],
    severity: 'warning',
    summary: 'The Secret of a DestinationRule or Gateway lacks the keys that its TLS mode needs.',
    securitySeverity: 4,
  },
  messages: {
    lacking: {
      text: '{user}: mode {mode} needs the {what} from {secret}, which has no {keys}, only {present}',
      label: 'no {what} in it',
      symptom:
        'no certificate reaches the proxy: HTTP 503 (flag UF or UH), or a closed connection, for calls to {host}; the log of istiod says that the secret could not be fetched',
      help: 'give the Secret the keys {keys}{further}',
    },
  },

  create: ({ mesh, report }) => ({
    Mesh() {
      if (mesh.hasUnknownNames('Secret')) return;
      for (const use of mesh.credentialUses) {
        const { resource, path, secret, host, mode } = use;
        for (const part of use.needs) {
          const lacking = withoutPart(use, part, mesh);
          if (!lacking) continue;
          const { what, keys } = KEYS[part];
          report(
            'lacking',
            { resource, path },
            {
              data: {
                user: nameOf(resource),
                mode,
                host,
                what,
                keys,
                secret: nameOf(lacking.resource),
                present: [...(lacking.keys ?? [])].map((key) => `'${key}'`).join(', '),
                further: part === 'ca' ? `, or add a Secret ${secret}-cacert with them` : '',
              },
              // What is not in view may add to a Secret, or hold the CA.
              confidence: 'likely',
              related: [{ at: { resource: lacking.resource, path: [] }, message: nameOf(lacking.resource) }],
            },
          );
          break;
        }
      }
    },
  }),
});

/** The Secret that is read, where nothing in view that could be meant has the part. */
function withoutPart({ resource, secret, reader }: CredentialUse, part: CredentialPart, mesh: Mesh) {
  const holders = holdersOf(mesh.credentialHolders, secret, part);
  const read = holders.filter(({ namespace }) => namespace === undefined || namespace === reader.namespace);
  if (read.some((holder) => holder.namespace === undefined || holdsPart(holder, part))) return undefined;
  return read.find((holder) => mesh.belongTogether(holder.resource, resource));
}
