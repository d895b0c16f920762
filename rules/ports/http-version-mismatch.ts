import { defineRule, isSoundEntry, type Mesh, nameOf, type ResourceByKind } from '../../src/rule-api.ts';

type HttpSettings = NonNullable<NonNullable<NonNullable<ResourceByKind['DestinationRule']['spec']['trafficPolicy']>['connectionPool']>['http']>;

/** The ports of gRPC's own examples, and of OpenTelemetry. */
const GRPC_PORTS: ReadonlySet<number> = new Set([50_051, 4317]);
const GRPC = /(?:^|-)grpc(?:-(?!web)|$)/i;

export default defineRule({
  meta: {
    name: 'http-version-mismatch',
    code: 'EL407',
    family: 'ports',
    severity: 'warning',
    summary: 'Sidecars call an external server with another version of HTTP than it speaks.',
    fixable: 'suggestion',
  },
  messages: {
    grpc: {
      text: '{entry}: port {port} is for gRPC (so says {why}), but is declared {protocol}: the sidecar calls the server with HTTP/1.1, which gRPC does not work with',
      label: 'gRPC needs HTTP/2',
      symptom: 'calls fail with gRPC status UNAVAILABLE or INTERNAL: upstream connect error, protocol error',
      help: "write 'protocol: GRPC', or 'HTTP2'",
    },
    upgrade: {
      text: '{entry}: the mesh configuration upgrades all HTTP calls to HTTP/2 (h2UpgradePolicy: UPGRADE), those to {host} on port {port} as well: servers outside of the mesh mostly do not take HTTP/2 without TLS',
      label: 'called with HTTP/2',
      symptom: 'HTTP 503 (flag UC, or protocol_error in the access log)',
      help: 'add a DestinationRule for {host} with connectionPool.http.h2UpgradePolicy: DO_NOT_UPGRADE',
    },
  },

  create: ({ mesh, report }) => ({
    ServiceEntry(entry) {
      if (mesh.hasTemplates('DestinationRule') || !isSoundEntry(entry)) return;
      for (const [i, { number = 0, name = '', protocol = '' }] of entry.spec.ports.entries()) {
        if (protocol.toUpperCase() !== 'HTTP') continue;
        const at = { resource: entry, path: ['spec', 'ports', i, 'protocol'] };
        const data = { entry: nameOf(entry), port: number, protocol };
        const choices = entry.spec.hosts.map((host) => choiceFor(mesh, host));
        const why = grpcSign(entry, number, name);
        if (why !== undefined) {
          const fixes = [{ title: "write 'protocol: GRPC'", safe: false, changes: [{ do: 'replace' as const, at, value: 'GRPC' }] }];
          if (!mesh.config.upgradesToHttp2 && choices.every((choice) => choice === 'none'))
            report('grpc', at, { data: { ...data, why }, confidence: 'likely', fixes });
        } else if (mesh.config.upgradesToHttp2 && entry.spec.location === 'MESH_EXTERNAL') {
          const host = entry.spec.hosts.find((_, k) => choices[k] === 'none');
          const source = mesh.config.source;
          const related = source ? [{ at: { resource: source, path: ['data', 'mesh'] }, message: 'h2UpgradePolicy: UPGRADE' }] : [];
          if (host !== undefined) report('upgrade', at, { data: { ...data, host }, confidence: 'likely', related });
        }
      }
    },
  }),
});

/** What says that a port is for gRPC. A name of the host or of the entry counts only where no other port can be meant. */
function grpcSign({ name: entryName, spec }: ResourceByKind['ServiceEntry'], port: number, name: string): string | undefined {
  if (GRPC_PORTS.has(port)) return 'the number';
  if (GRPC.test(name)) return 'its name';
  const isOnly = spec.ports.every(({ number, protocol = '' }) => number === port || /^(?:https|tls)$/i.test(protocol));
  if (!isOnly) return undefined;
  if (GRPC.test(entryName)) return 'the name of the entry';
  return spec.hosts.every((host) => GRPC.test(host.split('.')[0] ?? '')) ? 'the name of the host' : undefined;
}

/** Whether any DestinationRule says with which version of HTTP a host is called. */
function choiceFor(mesh: Mesh, host: string): 'none' | 'some' {
  const isChoice = (http: HttpSettings | undefined) => http !== undefined && (http.useClientProtocol === true || http.h2UpgradePolicy !== 'DEFAULT');
  const isSet = mesh.destinationRules
    .covering(host)
    .some(({ spec: { trafficPolicy, subsets } }) =>
      [
        trafficPolicy,
        ...(trafficPolicy?.portLevelSettings ?? []),
        ...subsets.flatMap((subset) => [subset.trafficPolicy, ...(subset.trafficPolicy?.portLevelSettings ?? [])]),
      ].some((policy) => isChoice(policy?.connectionPool?.http)),
    );
  return isSet ? 'some' : 'none';
}
