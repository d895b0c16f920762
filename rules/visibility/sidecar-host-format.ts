import { defineRule, listed, type Mesh, type ResourceByKind } from '../../src/rule-api.ts';

type Sidecar = ResourceByKind['Sidecar'];

export default defineRule({
  meta: {
    name: 'sidecar-host-format',
    code: 'EL501',
    family: 'visibility',
    peers: ['IST0106'],
    severity: 'error',
    summary: 'An egress host of a Sidecar does not have the form namespace/dnsName.',
    fixable: 'safe',
  },
  messages: {
    noNamespace: {
      text: "Sidecar {sidecar}: egress host '{host}' has no namespace part, so Istio refuses the whole Sidecar and it restricts nothing",
      label: "write 'namespace/dnsName'",
      symptom: `kubectl apply is denied by istiod's webhook: "host must be of form namespace/dnsName". Where the webhook is bypassed, istiod drops the Sidecar. Either way the workload keeps the scope it had before: without another Sidecar it sees every host of the mesh.`,
      help: '{remedy}',
    },
  },

  create: ({ mesh, report }) => ({
    Sidecar(sidecar) {
      for (const [i, listener] of sidecar.spec.egress.entries()) {
        for (const [j, host] of listener.hosts.entries()) {
          if (host === '' || host.includes('/')) continue;
          const at = { resource: sidecar, path: ['spec', 'egress', i, 'hosts', j] };
          const namespaces = namespacesOf(mesh, sidecar, host);
          const only = namespaces.length === 1 ? namespaces[0] : undefined;
          const fixed = only === undefined ? undefined : `${only === sidecar.namespace ? '.' : only}/${host}`;
          report('noNamespace', at, {
            data: { sidecar: `${sidecar.namespace}/${sidecar.name}`, host, remedy: remedy(host, fixed, namespaces, isNamespace(mesh, host)) },
            refusedBy: 'webhook',
            ...(fixed !== undefined && { fixes: [{ title: `write '${fixed}'`, safe: true, changes: [{ do: 'replace', at, value: fixed }] }] }),
          });
        }
      }
    },
  }),
});

const SHOWN = 5;

/** The namespaces whose registrations the host would import, as many as are worth telling. Where an object lands that says no namespace is known only beside its like. */
function namespacesOf(mesh: Mesh, sidecar: Sidecar, host: string): readonly string[] {
  const found = new Set<string>();
  for (const { namespace, resource } of mesh.registry.within(host)) {
    const isKnown = mesh.hasKnownNamespace(resource) || (!mesh.hasKnownNamespace(sidecar) && mesh.belongTogether(sidecar, resource));
    if (isKnown) found.add(namespace);
    if (found.size > SHOWN) break;
  }
  return [...found];
}

function remedy(host: string, fixed: string | undefined, namespaces: readonly string[], isNamespace: boolean): string {
  if (fixed !== undefined) return `write '${fixed}': that is the one namespace in view that registers ${host}`;
  if (namespaces.length > 1) return `write 'namespace/${host}' with the namespace whose registration is meant: ${listed(namespaces, SHOWN)}`;
  if (isNamespace) return `write '${host}/*' for all hosts of namespace ${host}`;
  return `write './${host}' if the host is registered in the Sidecar's own namespace, '*/${host}' for any namespace`;
}

/** Whether a text without a dot is the name of a namespace in view. */
function isNamespace(mesh: Mesh, text: string): boolean {
  return mesh.named('Namespace', '', text).length > 0 || mesh.inNamespace('ServiceEntry', text).length > 0 || mesh.inNamespace('Service', text).length > 0;
}
