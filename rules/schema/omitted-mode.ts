import { defineRule, type FixPlan, farEndExpects, type Mesh, nameOf, type Path, pathText, type ResourceByKind, serverPorts } from '../../src/rule-api.ts';

/** What a server's `tls` holds only where it is meant to end TLS. */
const CERTIFICATES = ['credentialName', 'credentialNames', 'serverCertificate', 'privateKey', 'caCertificates', 'caCertCredentialName', 'tlsCertificates'];
/** What a client's `tls` holds only where TLS is meant to be started. */
const CLIENT_FIELDS = ['sni', 'credentialName', 'clientCertificate', 'privateKey', 'caCertificates', 'caCrl', 'subjectAltNames', 'insecureSkipVerify'];

export default defineRule({
  meta: {
    name: 'omitted-mode',
    code: 'EL114',
    family: 'schema',
    peers: ['KIA1007'],
    severity: 'warning',
    summary: 'A tls or outboundTrafficPolicy block without a mode means its zero value: DISABLE for a client, PASSTHROUGH for a server, REGISTRY_ONLY.',
    fixable: 'suggestion',
  },
  messages: {
    client: {
      text: '{resource}: {field} has no mode, which means DISABLE: proxies send plaintext to {host}, and auto mTLS is off for it',
      label: 'no mode: DISABLE',
      symptom:
        'A server that expects TLS answers HTTP 400 ("plain HTTP request was sent to HTTPS port") or resets the connection; one that demands mTLS closes it: HTTP 503.',
      help: "add 'mode: SIMPLE' if proxies are to originate TLS, 'mode: DISABLE' if plaintext is meant",
    },
    server: {
      text: '{resource}: {field} has no mode, which means PASSTHROUGH: its certificates are ignored and TLS is not ended at the gateway',
      label: 'no mode: PASSTHROUGH',
      symptom: "The gateway hands TLS on by SNI, as 'tls' routes say. Bound to it, 'http' and 'tcp' routes get no listener: connections are refused.",
      help: "add 'mode: SIMPLE' (or MUTUAL) to end TLS with these certificates, or remove them",
    },
    bareServer: {
      text: '{resource}: {field} has no mode, which means PASSTHROUGH: TLS is not ended at the gateway but handed on by SNI',
      label: 'no mode: PASSTHROUGH',
      help: "write 'mode: PASSTHROUGH', so that readers need not know",
    },
    policy: {
      text: '{resource}: {field} has no mode, which means REGISTRY_ONLY: calls to hosts that are not registered are blocked',
      label: 'no mode: REGISTRY_ONLY',
      symptom: 'Plain HTTP to an unregistered host gets 502, TLS is cut in the handshake: curl: (35), BlackHoleCluster in the access log.',
      help: 'say which is meant: mode: REGISTRY_ONLY, or mode: ALLOW_ANY',
    },
  },

  create: ({ mesh, report }) => ({
    DestinationRule(rule) {
      for (const path of clientTlsPaths(rule)) {
        if (!isBlockWithoutMode(rule, path)) continue;
        const data = { resource: nameOf(rule), field: pathText(path), host: rule.spec.host ?? 'its host' };
        // Nothing in it speaks of TLS, and nothing would start it otherwise.
        const isMeant = !CLIENT_FIELDS.some((name) => rule.isSet([...path, name])) && isPlainOutside(mesh, rule.spec.host ?? '');
        const fixes = modes(rule, path, isMeant ? ['DISABLE'] : ['SIMPLE', 'DISABLE']);
        report('client', { resource: rule, path, part: 'key' }, { data, fixes, ...(isMeant && { severity: 'info' }) });
      }
    },

    Gateway(gateway) {
      for (const [i, server] of gateway.spec.servers.entries()) {
        const path = ['spec', 'servers', i, 'tls'];
        if (!isBlockWithoutMode(gateway, path) || mesh.protocolGroup(server.port?.protocol) !== 'tls') continue;
        const at = { resource: gateway, path, part: 'key' } as const;
        const data = { resource: nameOf(gateway), field: pathText(path) };
        const hasCertificates = CERTIFICATES.some((name) => gateway.isSet([...path, name]));
        if (hasCertificates) report('server', at, { data, fixes: modes(gateway, path, ['SIMPLE']) });
        // Used on purpose in published configurations.
        else report('bareServer', at, { data, severity: 'info', fixes: modes(gateway, path, ['PASSTHROUGH']) });
      }
    },

    Sidecar(sidecar) {
      const path = ['spec', 'outboundTrafficPolicy'];
      // With an egressProxy Istio refuses the block instead.
      if (!isBlockWithoutMode(sidecar, path) || sidecar.isSet([...path, 'egressProxy'])) return;
      const data = { resource: nameOf(sidecar), field: pathText(path) };
      report('policy', { resource: sidecar, path, part: 'key' }, { data, fixes: modes(sidecar, path, ['REGISTRY_ONLY', 'ALLOW_ANY']) });
    },

    ConfigMap(configMap) {
      if (mesh.config.source !== configMap || !isOmittedInMesh(mesh, configMap)) return;
      const data = { resource: nameOf(configMap), field: 'outboundTrafficPolicy' };
      report('policy', { resource: configMap, path: ['data', 'mesh'], part: 'key' }, { data });
    },
  }),
});

type TypedResource = ResourceByKind['DestinationRule'] | ResourceByKind['Gateway'] | ResourceByKind['Sidecar'];

function isBlockWithoutMode(resource: TypedResource, path: Path): boolean {
  return resource.isSet(path) && !resource.isSet([...path, 'mode']);
}

/** Everywhere that a DestinationRule can have client TLS settings. */
function clientTlsPaths({ spec }: ResourceByKind['DestinationRule']): readonly Path[] {
  const policies = [
    { path: ['spec', 'trafficPolicy'], policy: spec.trafficPolicy },
    ...spec.subsets.map((subset, i) => ({ path: ['spec', 'subsets', i, 'trafficPolicy'], policy: subset.trafficPolicy })),
  ];
  return policies.flatMap(({ path, policy }) => [
    [...path, 'tls'],
    ...(policy?.portLevelSettings ?? []).map((_, i) => [...path, 'portLevelSettings', i, 'tls']),
  ]);
}

/** Whether a host is in view, outside of the mesh, and no port of it takes plain HTTP to servers that expect TLS (docs/traffic-model.md, T-4). */
function isPlainOutside(mesh: Mesh, host: string): boolean {
  const registered = mesh.registry.named(host);
  const isLedToTls = (each: (typeof registered)[number]): boolean =>
    each.ports.some((port) => mesh.protocolGroup(port.protocol) === 'http' && serverPorts(each, port).some((number) => farEndExpects(number) === 'tls'));
  return registered.length > 0 && registered.every((each) => each.external && !isLedToTls(each));
}

function modes(resource: TypedResource, path: Path, values: readonly string[]): readonly FixPlan[] {
  return values.map((mode) => ({ title: `add 'mode: ${mode}'`, safe: false, changes: [{ do: 'add', at: { resource, path }, key: 'mode', yaml: mode }] }));
}

/** The policy is REGISTRY_ONLY, and the text does not say so anywhere. */
function isOmittedInMesh(mesh: Mesh, configMap: ResourceByKind['ConfigMap']): boolean {
  return mesh.config.outboundPolicy === 'REGISTRY_ONLY' && !(configMap.spec.data['mesh'] ?? '').includes('REGISTRY_ONLY');
}
