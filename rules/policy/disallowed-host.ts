import { ClientAccess, defineRule, field, isSubsetOf, isTemplated, listed, type Mesh, nameOf, type ResourceByKind } from '../../src/rule-api.ts';

type ServiceEntry = ResourceByKind['ServiceEntry'];

const options = field.object('the options of disallowed-host', {
  allow: field.list(
    field.object('an entry of allow', {
      hosts: field.required(field.list(field.string({ minLength: 1 }), { minItems: 1, description: 'Hosts, or wildcards: *.bank.example, *.' })),
      namespaces: field.list(field.string({ minLength: 1 }), { description: 'The namespaces that may call them.', otherwise: 'every namespace' }),
      workloads: field.map(field.string(), { description: 'The labels of the workloads that may call them.', otherwise: 'all of these namespaces' }),
    }),
    { description: 'Who may call what.', otherwise: 'none, and the rule finds nothing' },
  ),
});

export default defineRule({
  meta: {
    name: 'disallowed-host',
    code: 'EL715',
    family: 'policy',
    severity: 'error',
    isOptIn: true,
    summary: 'A ServiceEntry opens an external host to workloads that the configuration does not allow to call it.',
    securitySeverity: 6,
    options,
  },
  messages: {
    nowhere: {
      text: '{entry} registers {host}, which no entry of `allow` in egress-lint.yaml covers',
      label: 'not allowed',
      symptom: 'nothing fails: workloads call the host, under REGISTRY_ONLY as well',
      help: "remove the host here, or have it allowed: add it to 'allow' of disallowed-host in egress-lint.yaml",
    },
    namespace: {
      text: '{entry} registers {host} for {namespaces}, and egress-lint.yaml allows it for {allowed} only',
      label: 'not allowed for {namespaces}',
      symptom: 'nothing fails: workloads of {namespaces} call the host, under REGISTRY_ONLY as well',
      help: "limit 'exportTo' to the namespaces that may call it, or add them to 'allow' of disallowed-host in egress-lint.yaml",
    },
    workload: {
      text: '{entry} registers {host} for all workloads of {namespace}, and egress-lint.yaml allows it for {labels} only',
      label: 'not only for {labels}',
      symptom: 'nothing fails: every sidecar of {namespace} lets its workload call the host, under REGISTRY_ONLY as well',
      help: 'add a Sidecar to {namespace} that leaves {host} out, and one with workloadSelector {labels} that imports it',
    },
  },

  create: ({ mesh, report, options: { allow } }) => {
    const access = new ClientAccess(mesh);
    return {
      ServiceEntry(entry) {
        const { hosts, location } = entry.spec;
        if (allow.length === 0 || location === 'MESH_INTERNAL') return;
        for (const [index, host] of hosts.entries()) {
          const at = { resource: entry, path: ['spec', 'hosts', index] };
          if (host.endsWith(`.${mesh.config.clusterDomain}`) || isTemplated(entry, at.path)) continue;
          const covering = allow.filter((each) => each.hosts.some((pattern) => pattern === '*' || isSubsetOf(host, pattern)));
          const data = { entry: nameOf(entry), host };
          if (covering.length === 0) report('nowhere', at, { data });
          const served = covering.length === 0 ? [] : servedBy(entry, mesh);
          const allowedIn = (name: string) => covering.filter(({ namespaces }) => namespaces.length === 0 || namespaces.includes(name));
          const others = served.filter((name) => allowedIn(name).length === 0);
          const allowed = listed(covering.flatMap(({ namespaces }) => namespaces));
          if (others.length > 0) report('namespace', at, { data: { ...data, namespaces: listed(others), allowed } });
          for (const namespace of served) {
            const selectors = allowedIn(namespace).map(({ workloads }) => workloads);
            if (selectors.length === 0 || selectors.some((labels) => Object.keys(labels).length === 0)) continue;
            const labels = selectors.map(labelText).join(' or ');
            if (access.canCall({ namespace, labels: {} }, entry, host)) report('workload', at, { data: { ...data, namespace, labels } });
          }
        }
      },
    };
  },
});

/** The namespaces whose sidecars surely see an entry: those that it names; with `*` its own, and those in view that see the whole mesh (V-1). */
function servedBy(entry: ServiceEntry, mesh: Mesh): readonly string[] {
  if (!mesh.hasKnownNamespace(entry) || isTemplated(entry, ['spec', 'exportTo'])) return [];
  const { exportTo } = entry.spec;
  const list = exportTo.length > 0 ? exportTo : mesh.config.defaultServiceExportTo;
  const isForAll = list.includes('*');
  const named = list.flatMap((each) => (each === '*' || each === '.' ? [entry.namespace] : each === '~' ? [] : [each]));
  const own = named.filter((name) => !isForAll || !mesh.clients.looksEmpty(name));
  return [...new Set([...own, ...(isForAll ? mesh.clients.unrestricted.map(({ name }) => name) : [])])];
}

function labelText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}: ${value}`)
    .join(', ');
}
