import type { Mesh } from '../../mesh/mesh.ts';
import { type ProtocolGroup, parseProtocol, protocolGroup } from '../../mesh/protocol.ts';
import type { DestinationRule } from '../../resources/destination-rule.ts';
import type { Problem } from '../../resources/field.ts';
import type { Gateway } from '../../resources/gateway.ts';
import type { KindName, ResourceByKind } from '../../resources/kinds.ts';
import type { Resource } from '../../resources/resource.ts';
import type { ServiceEntry } from '../../resources/service-entry.ts';
import type { Sidecar } from '../../resources/sidecar.ts';
import type { VirtualService } from '../../resources/virtual-service.ts';
import { describe, SYMPTOMS } from './symptoms.ts';

type Stories = { readonly [K in KindName]?: (resource: ResourceByKind[K], mesh: Mesh) => string };

/** What traffic does without the object, by kind; kinds that are left out decide nothing that a caller would notice at once. */
const WITHOUT: Stories = {
  ServiceEntry: withoutServiceEntry,
  Sidecar: withoutSidecar,
  VirtualService: withoutVirtualService,
  DestinationRule: withoutDestinationRule,
  Gateway: withoutGateway,
};

/**
 * What the traffic does while this object is refused, in whole sentences: a refused object is not in the cluster.
 * The outbound policy in view decides which story is told; where none is in view, both are.
 */
export function whileRefused(resource: Resource, mesh: Mesh): string {
  // Looked up by the resource's own `type`, so the function is the one for it.
  const story = WITHOUT[resource.type as KindName] as ((resource: Resource, mesh: Mesh) => string) | undefined;
  return story ? story(resource, mesh) : 'The cluster then goes on without this object, or with the version that it had before.';
}

/**
 * The symptom of a problem that gets an object refused: who says no, in what words, and what the traffic does meanwhile.
 * @param said what the API server prints after the object's name, for kinds that a CRD describes
 */
export function refusal(resource: Resource, problem: Pick<Problem, 'refusedBy'>, said: string, mesh: Mesh): string {
  return `${refusedBy(resource, problem, said)} ${whileRefused(resource, mesh)}`;
}

function refusedBy({ kind, apiVersion }: Resource, problem: Pick<Problem, 'refusedBy'>, said: string): string {
  switch (problem.refusedBy) {
    case 'strict-client':
      return `kubectl apply (1.25 and later) refuses the ${kind}: strict decoding error: ${said}.`;
    case 'webhook':
      return `kubectl apply is denied by Istio's admission webhook ("validation.istio.io" denied the request).`;
    case 'api-server':
      // Only kinds of a CRD have one wording for all clients.
      return /\.istio\.io\/|^gateway\.networking\.k8s\.io\//.test(apiVersion)
        ? `The API server refuses the ${kind} (CRD schema): ${said}.`
        : `The API server refuses the ${kind}.`;
    default:
      return problem.refusedBy satisfies never;
  }
}

/** What a ServiceEntry does once its unknown fields are dropped or repaired; undefined for what cannot be told from the object alone. */
export function onceRepaired(resource: Resource): string | undefined {
  if (resource.type !== 'ServiceEntry' || resource.problems.some((problem) => problem.type !== 'unknown-field')) return undefined;
  // Narrowed by its type: `Resource` is no union, so the compiler cannot.
  const { spec } = resource as ServiceEntry;
  const isPlain = (spec.resolution === 'NONE' || spec.resolution === 'DNS') && spec.endpoints.length === 0;
  const isKnown = groupsOf(spec).every((group) => group === 'http' || group === 'tls');
  if (!isPlain || !isKnown) return undefined;
  return `the entry registers ${listed(spec.hosts)} for the namespaces that it is exported to, and their calls are delivered, whatever the outbound policy`;
}

function withoutServiceEntry(entry: ServiceEntry, mesh: Mesh): string {
  const hosts = entry.spec.hosts.filter((host) => host !== '' && !isRegisteredElsewhere(host, entry, mesh));
  if (hosts.length === 0) return 'Its hosts then stay as other objects in view register them.';
  const subject = `${listed(hosts)} then ${hosts.length === 1 ? 'stays' : 'stay'} unregistered.`;
  const groups = groupsOf(entry.spec);
  const policies = policiesOf(mesh);
  const blocked = `${groups.map(blockedCall).join('; ')}`;
  const allowed = 'calls pass unmanaged, as PassthroughCluster in the access log';
  const stories: string[] = [];
  if (policies.has('REGISTRY_ONLY')) stories.push(`With REGISTRY_ONLY ${blocked}.`);
  if (policies.has('ALLOW_ANY')) stories.push(`With ALLOW_ANY (Istio's default) ${allowed}.`);
  if (policies.has('ALLOW_ANY_DYNAMIC_DNS')) stories.push('With ALLOW_ANY_DYNAMIC_DNS calls pass unmanaged.');
  return [subject, ...stories].join(' ');
}

function isRegisteredElsewhere(host: string, entry: ServiceEntry, mesh: Mesh): boolean {
  return mesh.registry.covering(host).some((registered) => registered.resource !== entry);
}

function blockedCall(group: ProtocolGroup): string {
  const { http, tls } = SYMPTOMS.blocked;
  switch (group) {
    case 'tls':
      return `every https call is cut in the TLS handshake: ${describe(tls)}`;
    case 'http':
      return `every plain http call gets ${describe(http)}, or a reset where no HTTP service has the port`;
    case 'tcp':
    case 'udp':
    case 'auto':
      return `every connection is reset (${tls.log} in the access log)`;
    default:
      return group satisfies never;
  }
}

function groupsOf(spec: ServiceEntry['spec']): readonly ProtocolGroup[] {
  const groups = new Set(spec.ports.map((port) => protocolGroup(parseProtocol(port.protocol))));
  return groups.size === 0 ? ['auto'] : [...groups];
}

function withoutSidecar(sidecar: Sidecar): string {
  const labels = Object.entries(sidecar.spec.workloadSelector?.labels ?? {}).map(([key, value]) => `${key}=${value}`);
  const who = labels.length > 0 ? `the workloads ${labels.join(',')}` : `the workloads of ${sidecar.namespace}`;
  const policy = sidecar.isSet(['spec', 'outboundTrafficPolicy']) ? ", with the mesh's outboundTrafficPolicy instead of this one" : '';
  return `It then restricts nothing: ${who} keep the scope that they had, which without another Sidecar is every host that is exported to them${policy}.`;
}

function withoutVirtualService({ spec }: VirtualService): string {
  const hosts = listed(spec.hosts);
  const gateways = spec.gateways.filter((gateway) => gateway !== 'mesh');
  const isForMesh = gateways.length < spec.gateways.length || spec.gateways.length === 0;
  const elsewhere = destinationsOf(spec).filter((host) => !spec.hosts.includes(host));
  const sentences: string[] = [];
  if (isForMesh && gateways.length > 0) {
    sentences.push(`Its routes are then not there: sidecars send calls to ${hosts} straight to that host, past the gateway.`);
  } else if (isForMesh) {
    const missed = elsewhere.length > 0 ? `, not to ${listed(elsewhere)}` : '';
    sentences.push(`Its routes are then not there: sidecars send calls to ${hosts} straight to that host${missed}.`);
  }
  if (!isForMesh) {
    const seen = spec.http.length > 0 ? `${describe(SYMPTOMS['no-route'].http)}` : 'the connection is refused or closed';
    sentences.push(`The gateway (${listed(gateways)}) then has no route for ${hosts}: ${seen}.`);
  }
  return sentences.join(' ');
}

function destinationsOf(spec: VirtualService['spec']): readonly string[] {
  const routes = [...spec.http, ...spec.tls, ...spec.tcp].flatMap((rule) => rule.route.map((route) => route.destination?.host ?? ''));
  return [...new Set(routes.filter((host) => host !== ''))];
}

function withoutDestinationRule({ spec }: DestinationRule): string {
  const host = spec.host ?? 'its host';
  const policies = [spec.trafficPolicy, ...spec.subsets.map((subset) => subset.trafficPolicy)];
  const modes = new Set(policies.flatMap((policy) => [policy?.tls, ...(policy?.portLevelSettings ?? []).map((port) => port.tls)]).map((tls) => tls?.mode));
  const sentences: string[] = [];
  if (modes.has('SIMPLE') || modes.has('MUTUAL')) {
    const seen = describe(SYMPTOMS['plaintext-to-tls'].http);
    sentences.push(`Proxies then do not originate TLS for ${host}: what they pass on in plaintext to a TLS port fails: ${seen}, or a reset.`);
  }
  if (modes.has('ISTIO_MUTUAL')) {
    sentences.push(
      `Proxies then do not insist on mTLS for ${host}: a server that demands it closes the connection: ${describe(SYMPTOMS['plaintext-to-mtls'].http)}.`,
    );
  }
  if (spec.subsets.length > 0) {
    const names = listed(spec.subsets.map((subset) => subset.name ?? '').filter((name) => name !== ''));
    sentences.push(`Routes to its subsets (${names}) fail: ${describe(SYMPTOMS['no-cluster'].http)}; TLS and TCP connections are reset.`);
  }
  return sentences.length > 0 ? sentences.join(' ') : `Its settings for ${host} then do not apply: proxies connect as they do without a DestinationRule.`;
}

function withoutGateway({ spec }: Gateway): string {
  const ports = listed([...new Set(spec.servers.flatMap((server) => server.port?.number ?? []))].map(String));
  if (ports === '') return 'Its servers are then not there, and the VirtualServices bound to it route nothing.';
  const seen = describe(SYMPTOMS.refused.http);
  return `The gateway then does not open its servers (port ${ports}), unless another Gateway does: calls that are routed there fail: ${seen}, a reset for TLS.`;
}

const policies = new WeakMap<Mesh, ReadonlySet<string>>();

/** The outbound policies that proxies may have: the mesh's and those of Sidecars; both of Istio's where the mesh's is not in view. */
function policiesOf(mesh: Mesh): ReadonlySet<string> {
  const known = policies.get(mesh);
  if (known) return known;
  const own = mesh.all('Sidecar').flatMap((sidecar) => sidecar.spec.outboundTrafficPolicy?.mode ?? []);
  const whole = mesh.config.outboundPolicy === undefined ? ['REGISTRY_ONLY', 'ALLOW_ANY'] : [mesh.config.outboundPolicy];
  const all = new Set<string>([...whole, ...own]);
  policies.set(mesh, all);
  return all;
}

const SHOWN = 3;

function listed(names: readonly string[]): string {
  const shown = names.slice(0, SHOWN);
  const rest = names.length - shown.length;
  if (rest > 0) return `${shown.join(', ')} and ${rest} more`;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}
