/** What was found in a tree, as far as a first configuration can be fitted to it. */
export interface Findings {
  /** Of objects that name no namespace. */
  readonly withoutNamespace: number;
  /** Names of files that hold a mesh configuration. */
  readonly meshConfigs: readonly string[];
  /** Gateways whose Pods are not in view: `namespace/name`, and the labels that they select. */
  readonly gateways: readonly { readonly gateway: string; readonly labels: Readonly<Record<string, string>> }[];
  /** Namespaces whose workloads are plainly clients, though no Namespace object says that they get sidecars. */
  readonly namespaces: readonly string[];
  /** Directories that are judged apart, for they hold the same objects. */
  readonly alternatives: readonly string[];
  /** The schema's path from the configuration file, where editors can find it. */
  readonly schema: string | undefined;
}

const LISTED = 8;

/** A configuration file that changes nothing yet, with comments that say what to uncomment and why, fitted to a tree. */
export function starterConfig(findings: Findings): string {
  const parts = [head(findings), namespacePart(findings), meshConfigPart(findings), assumePart(findings), meshesPart(findings), TAIL];
  return parts.filter((part) => part !== '').join('\n');
}

function head({ schema }: Findings): string {
  return `${schema === undefined ? '' : `# yaml-language-server: $schema=${schema}\n`}# What egress-lint cannot see in the files of this repository. Every key may be left out; docs/configuration.md explains all of them.

# recommended, strict (all egress is to be registered, encrypted and sent through gateways) or all; also ./FILE or a package.
extends: recommended
`;
}

function namespacePart({ withoutNamespace }: Findings): string {
  if (withoutNamespace === 0) return '';
  const [who, it] = withoutNamespace === 1 ? ['One object names', 'it lands'] : [`${withoutNamespace} objects name`, 'they land'];
  return `# ${who} no namespace: kubectl, Helm or kustomize decides where ${it}. Say it here if that is one place.
# namespace: default
`;
}

function meshConfigPart({ meshConfigs }: Findings): string {
  if (meshConfigs.length > 0) return `# The mesh configuration is read from ${listed(meshConfigs)}. What is written here holds over it.\n${MESH_CONFIG}`;
  return `# No mesh configuration was found here, so it is unknown whether unregistered hosts are let through. The cluster tells:
#   kubectl get configmap istio -n istio-system -o jsonpath={.data.mesh}
${MESH_CONFIG}`;
}

const MESH_CONFIG = `# meshConfig:
#   outboundTrafficPolicy:
#     mode: REGISTRY_ONLY
`;

function assumePart({ gateways, namespaces }: Findings): string {
  const lines = ['# What exists in the cluster though no file here shows it.', '# assume:'];
  if (gateways.length > 0) lines.push('#   gateways:');
  for (const { gateway, labels } of gateways.slice(0, LISTED)) {
    lines.push(
      `#     # Gateway ${gateway} selects Pods that are not in these files. tlsMode: istio makes sidecars speak mutual TLS to them.`,
      `#     - name: ${labels['istio'] ?? labels['app'] ?? 'istio-egressgateway'}`,
      '#       namespace: istio-system',
      `#       labels: ${JSON.stringify(labels)}`,
      '#       ports:',
      '#         - port: 443',
      '#           targetPort: 8443',
    );
  }
  if (namespaces.length > 0) lines.push('#   namespaces:', '#     # Whether Pods of these get sidecars is not said in the files.');
  for (const name of namespaces.slice(0, LISTED)) lines.push(`#     - name: ${name}`, '#       injected: true');
  if (gateways.length + namespaces.length === 0) lines.push('#   dnsCapture: true');
  return `${lines.join('\n')}\n`;
}

function meshesPart({ alternatives }: Findings): string {
  if (alternatives.length < 2) return '';
  const lines = alternatives.slice(0, LISTED).map((path) => `#   ${nameOf(path)}: [${path}/]`);
  return `# These directories hold the same objects and are judged apart. Name them, with what they share, to decide it yourself.\n# meshes:\n${lines.join('\n')}\n`;
}

const TAIL = `# Whether these files and the assumptions above are everything: then a reference that leads nowhere is an error.
# closedWorld: true

# Rules by name or code: off, info, warning or error.
# rules:
#   deprecated-api-version: off

# Files that are not linted unless they are named; patterns as in .gitignore.
# ignore:
#   - samples/

# The least that fails a run: error, warning or info.
# failOn: warning
`;

/** A key for a directory: its last part. */
function nameOf(path: string): string {
  return JSON.stringify(path.slice(path.lastIndexOf('/') + 1)).replace(/^"([A-Za-z][\w-]*)"$/, '$1');
}

function listed(names: readonly string[]): string {
  return names.length > 3 ? `${names.slice(0, 2).join(', ')} and ${names.length - 2} more files` : names.join(', ');
}
