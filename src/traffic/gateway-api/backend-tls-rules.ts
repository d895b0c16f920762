import { serviceHost } from '../../mesh/host-name.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { BackendTLSPolicy } from '../../resources/backend-tls-policy.ts';
import type { RuleConfig, TrafficPolicy } from '../clusters/rule-config.ts';
import type { Ages } from '../terms/age.ts';
import { byAge } from '../terms/age.ts';

type Target = BackendTLSPolicy['spec']['targetRefs'][number];
type Settings = NonNullable<TrafficPolicy['tls']>;

/** Made by istiod without a time, and so older than everything. */
const BEFORE_ALL = 0;

/**
 * the DestinationRules that istiod makes of BackendTLSPolicies, one for each host of what they are for.
 * Istio: pilot/pkg/config/kube/gateway/backend_policies.go.
 */
export function backendTlsRules(mesh: Mesh, ages: Ages): readonly RuleConfig[] {
  const policies = [...mesh.all('BackendTLSPolicy')].sort((a, b) => byAge(ages.of(a), ages.of(b)));
  const byTarget = new Map<string, RuleConfig>();
  for (const policy of policies) {
    for (const target of policy.spec.targetRefs) {
      for (const { host, ports } of hostsOf(mesh, target, policy.namespace)) {
        const port = target.sectionName === undefined ? undefined : ports.find(({ name }) => name === target.sectionName)?.number;
        // A port that is not there makes the policy invalid.
        if (target.sectionName !== undefined && port === undefined) continue;
        const key = `${policy.namespace} ${target.kind} ${target.name} ${host}`;
        byTarget.set(key, withSettings(byTarget.get(key) ?? emptyRule(policy, host), policy, port));
      }
    }
  }
  return [...byTarget.values()];
}

interface Backend {
  readonly host: string;
  readonly ports: readonly { readonly name: string | undefined; readonly number: number | undefined }[];
}

function hostsOf(mesh: Mesh, { group = '', kind, name = '' }: Target, namespace: string): readonly Backend[] {
  if (group === '' && kind === 'Service') {
    const host = serviceHost(name, namespace, mesh.config.clusterDomain);
    return mesh.named('Service', namespace, name).map(({ spec }) => ({ host, ports: spec.ports.map((port) => ({ name: port.name, number: port.port })) }));
  }
  if (group !== 'networking.istio.io' || kind !== 'ServiceEntry') return [];
  return mesh
    .named('ServiceEntry', namespace, name)
    .flatMap(({ spec }) => spec.hosts.map((host) => ({ host, ports: spec.ports.map((port) => ({ name: port.name, number: port.number })) })));
}

function emptyRule(policy: BackendTLSPolicy, host: string): RuleConfig {
  const at = { resource: policy, path: ['spec', 'targetRefs'] };
  return {
    name: policy.name,
    namespace: policy.namespace,
    host,
    exportTo: [],
    selector: undefined,
    policy: undefined,
    subsets: [],
    age: { created: BEFORE_ALL, name: policy.name, namespace: policy.namespace },
    isBackendPolicy: true,
    at,
  };
}

/** Of several policies for one host or port the oldest counts. */
function withSettings(rule: RuleConfig, policy: BackendTLSPolicy, port: number | undefined): RuleConfig {
  const tls = settingsOf(policy);
  const known: TrafficPolicy = rule.policy?.value ?? { portLevelSettings: [] };
  const at = rule.policy?.at ?? { resource: policy, path: ['spec', 'validation'] };
  if (port === undefined) return { ...rule, policy: { value: { tls, ...known }, at } };
  if (known.portLevelSettings.some((entry) => entry.port?.number === port)) return rule;
  return { ...rule, policy: { value: { ...known, portLevelSettings: [...known.portLevelSettings, { port: { number: port }, tls }] }, at } };
}

/** The certificate's name is checked against `subjectAltNames` only: with a hostname alone, any name will do. */
function settingsOf({ spec, namespace }: BackendTLSPolicy): Settings {
  const { validation } = spec;
  const [reference] = validation?.caCertificateRefs ?? [];
  const authority = reference?.kind === 'ConfigMap' ? `configmap://${namespace}/${reference.name}` : undefined;
  return {
    mode: 'SIMPLE',
    subjectAltNames: (validation?.subjectAltNames ?? []).flatMap(({ type, hostname, uri }) => (type === 'URI' ? (uri ?? []) : (hostname ?? []))),
    ...(validation?.hostname !== undefined && { sni: validation.hostname }),
    ...(authority !== undefined && { credentialName: authority }),
  };
}
