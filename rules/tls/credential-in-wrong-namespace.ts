import { type CredentialHolder, type CredentialUse, defineRule, holdersOf, type Mesh, nameOf } from '../../src/rule-api.ts';

export default defineRule({
  meta: {
    name: 'credential-in-wrong-namespace',
    code: 'EL210',
    family: 'tls',
    severity: 'error',
    summary: 'The Secret of a DestinationRule or Gateway lies in another namespace than the proxy that has to read it.',
    securitySeverity: 4,
  },
  messages: {
    elsewhere: {
      text: '{user}: {who} reads Secret {secret} from namespace {namespace}, where these files have none; there is one in {found}',
      label: 'looked up in {namespace}',
      symptom:
        'no certificate reaches the proxy: HTTP 503 (flag UF or UH), or a closed connection, for calls to {host}; the log of istiod or of the proxy says that the secret could not be fetched',
      help: "put the Secret into namespace {namespace}: it is read from the namespace of the proxy's Pods, not from that of the object that names it",
    },
  },

  create: ({ mesh, report }) => ({
    Mesh() {
      if (mesh.hasUnknownNames('Secret')) return;
      for (const use of mesh.credentialUses) {
        const { resource, path, secret, host, reader } = use;
        const elsewhere = misplaced(use, mesh);
        if (!elsewhere) continue;
        report(
          'elsewhere',
          { resource, path },
          {
            data: { user: nameOf(resource), secret, host, found: elsewhere.namespace ?? '', who: reader.who, namespace: reader.namespace },
            ...((!reader.isInView || mayBeCopied(elsewhere)) && { confidence: 'likely' }),
            related: [{ at: { resource: elsewhere.resource, path: ['metadata', 'namespace'] }, message: nameOf(elsewhere.resource) }],
          },
        );
      }
    },
  }),
});

/** A Secret of the name in another namespace, where none in view is in the right one and none may lie anywhere. */
function misplaced(use: CredentialUse, mesh: Mesh): CredentialHolder | undefined {
  if (use.resource.kind === 'Gateway' && !use.reader.isInView) return undefined;
  const holders = use.needs.flatMap((part) => holdersOf(mesh.credentialHolders, use.secret, part));
  if (holders.some(({ namespace }) => namespace === undefined || namespace === use.reader.namespace)) return undefined;
  return holders.find(({ resource }) => mesh.belongTogether(resource, use.resource));
}

/** Whether something takes the Secret to other namespaces: controllers that do so are told by annotations, and those that make Secrets may make more. */
function mayBeCopied({ resource }: CredentialHolder): boolean {
  return resource.kind !== 'Secret' || Object.keys(resource.annotations).length > 0;
}
