import { type CredentialUse, defineRule, holdersOf, isCredential, type Mesh, nameOf, slipOf } from '../../src/rule-api.ts';

const FAILS =
  'no certificate reaches the proxy: HTTP 503 (flag UF or UH), or a closed connection, for calls to {host}; the log of istiod or of the proxy says that the secret could not be fetched';

export default defineRule({
  meta: {
    name: 'missing-credential',
    code: 'EL216',
    family: 'tls',
    peers: ['IST0101'],
    severity: 'error',
    summary: 'No Secret of the name that a DestinationRule or Gateway gives is in the namespace of the proxy that has to read it.',
    securitySeverity: 4,
    fixable: 'suggestion',
  },
  messages: {
    nearMiss: {
      text: "{user}: {who} reads Secret '{secret}' from namespace {namespace}, where these files have none of this name; did you mean '{found}'?",
      label: 'no such Secret in {namespace}',
      symptom: FAILS,
      help: "write '{found}', or add a Secret '{secret}' to namespace {namespace}",
    },
    missing: {
      text: "{user}: {who} reads Secret '{secret}' from namespace {namespace}; these files have other credentials there, and none of this name",
      label: 'no such Secret in {namespace}',
      symptom: FAILS,
      help: "add a Secret '{secret}' to namespace {namespace} (or what makes one: SealedSecret, ExternalSecret, Certificate), or name one that is there",
    },
    absent: {
      text: "{user}: {who} reads Secret '{secret}' from namespace {namespace}; there is none in these files, which are said to hold everything",
      label: 'no such Secret in {namespace}',
      symptom: FAILS,
      help: "add a Secret '{secret}' to namespace {namespace} (or what makes one: SealedSecret, ExternalSecret, Certificate), or name it under assume.secrets in egress-lint.yaml",
    },
    notInView: {
      text: "{user}: {who} reads Secret '{secret}' from namespace {namespace}; it is not in these files",
      label: 'not in view',
      symptom: FAILS,
      help: 'make sure that the Secret is there: kubectl -n {namespace} get secret {secret}',
    },
  },

  create: ({ mesh, report }) => ({
    Mesh() {
      if (mesh.hasUnknownNames('Secret')) return;
      for (const use of mesh.credentialUses) {
        const { resource, path, secret, host, reader, needs } = use;
        if (resource.kind === 'Gateway' && !reader.isInView && !mesh.closedWorld) continue;
        // Where there is one in another namespace, that is what is wrong.
        if (needs.length === 0 || needs.some((part) => holdersOf(mesh.credentialHolders, secret, part).length > 0)) continue;
        const names = neighbors(use, mesh);
        const found = slipOf(secret, names);
        const at = { resource, path };
        const data = { user: nameOf(resource), secret, host, who: reader.who, namespace: reader.namespace };
        const fixes = [{ title: `write '${found}'`, safe: false, changes: [{ do: 'replace' as const, at, value: found ?? '' }] }];
        if (found !== undefined) report('nearMiss', at, { data: { ...data, found }, ...(!mesh.closedWorld && { confidence: 'likely' }), fixes });
        else if (mesh.closedWorld) report('absent', at, { data });
        else if (names.length > 0) report('missing', at, { data, confidence: 'likely' });
        else report('notInView', at, { data, severity: 'info' });
      }
    },
  }),
});

/** The credentials in view of the namespace that a Secret is read from. Without any, Secrets are kept elsewhere, as is good practice. */
function neighbors({ resource, reader }: CredentialUse, mesh: Mesh): readonly string[] {
  const holders = mesh.credentialHolders.inNamespace(reader.namespace);
  return holders.filter((holder) => isCredential(holder) && mesh.belongTogether(holder.resource, resource)).map(({ name }) => name);
}
