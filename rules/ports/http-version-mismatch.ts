import { defineRule, isSoundEntry, type Mesh, nameOf, type ResourceByKind } from '../../src/rule-api.ts';

type HttpSettings = NonNullable<NonNullable<NonNullable<ResourceByKind['DestinationRule']['spec']['trafficPolicy']>['connectionPool']>['http']>;

/** The port of gRPC's own examples. */
const GRPC_PORT = 50_051;

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
      text: '{entry}: port {port} is for gRPC, but is declared {protocol}: the sidecar calls the server with HTTP/1.1, which gRPC does not work with',
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
        if (isGrpc(number, name)) {
          const fixes = [{ title: "write 'protocol: GRPC'", safe: false, changes: [{ do: 'replace' as const, at, value: 'GRPC' }] }];
          if (!mesh.config.upgradesToHttp2 && choices.every((choice) => choice === 'none')) report('grpc', at, { data, confidence: 'likely', fixes });
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

function isGrpc(port: number, name: string): boolean {
  return port === GRPC_PORT || /^grpc(?:-(?!web)|$)/i.test(name);
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
