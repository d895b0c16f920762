import {
  defineRule,
  expandShortName,
  farEndExpects,
  type Mesh,
  type Path,
  type PlacedTls,
  policiesOf,
  type RegisteredHost,
  serverPorts,
  tlsAround,
} from '../../src/rule-api.ts';

export default defineRule({
  meta: {
    name: 'port-level-settings-drop-tls',
    code: 'EL205',
    family: 'tls',
    severity: 'error',
    summary: "Port-level settings without 'tls' switch off the TLS that the rule originates for the host.",
    fixable: 'suggestion',
  },
  messages: {
    dropped: {
      text: "DestinationRule {rule}: the settings for port {port} have no 'tls', so the {mode} TLS of the policy around them does not hold for this port and it goes out in plaintext",
      label: "no 'tls' here",
      symptom: 'plain HTTP reaches a TLS port: HTTP 400 (a plain HTTP request was sent to an HTTPS port), an empty reply, or a reset connection',
      help: "repeat 'tls' in the settings for port {port}: they replace the settings around them as a whole; write 'tls' with mode DISABLE if plaintext is meant",
    },
  },

  create: ({ mesh, report }) => ({
    DestinationRule(rule) {
      const name = expandShortName(rule.spec.host ?? '', rule.namespace, mesh.config.clusterDomain);
      const registered = mesh.registry.named(name).filter((host) => mesh.belongTogether(rule, host.resource));
      for (const placed of policiesOf(rule)) {
        for (const [index, entry] of placed.policy.portLevelSettings.entries()) {
          const at: Path = [...placed.path, 'portLevelSettings', index];
          const port = entry.port?.number;
          const tls = port ? tlsAround(rule, placed, port) : undefined;
          if (!port || !tls || entry.tls || rule.isSet([...at, 'tls']) || (tls.tls.mode !== 'SIMPLE' && tls.tls.mode !== 'MUTUAL')) continue;
          const verdict = judge(mesh, registered, port);
          if (!verdict) continue;
          const yaml = copyOf(tls.tls);
          report(
            'dropped',
            { resource: rule, path: at },
            {
              data: { rule: `${rule.namespace}/${rule.name}`, port, mode: tls.tls.mode },
              ...(verdict === 'likely' && { confidence: 'likely' }),
              related: [
                { at: { resource: rule, path: [...tls.path, 'mode'] }, message: 'holds for the other ports only' },
                ...registered
                  .slice(0, 1)
                  .map((host) => ({ at: { resource: host.resource, path: ['spec', 'ports'], part: 'key' as const }, message: `the ports of ${name}` })),
              ],
              fixes:
                yaml === undefined
                  ? []
                  : [{ title: "repeat 'tls' for this port", safe: false, changes: [{ do: 'add', at: { resource: rule, path: at }, key: 'tls', yaml }] }],
            },
          );
        }
      }
    },
  }),
});

/** Whether plaintext then reaches a port that expects TLS. A port that clients dial in TLS, and that no http route feeds, is right without. */
function judge(mesh: Mesh, registered: readonly RegisteredHost[], number: number): 'certain' | 'likely' | undefined {
  const verdicts = registered.flatMap((host) =>
    host.ports.flatMap((port): readonly ('certain' | 'likely' | 'right')[] => {
      if (port.number !== number) return [];
      const group = mesh.protocolGroup(port.protocol);
      const isFed = mesh.routes.to(host.host, number).some(({ section }) => section === 'http');
      if (group === 'tls' && !isFed) return ['right'];
      const expected = serverPorts(host, port).map(farEndExpects);
      if (expected.every((each) => each === 'tls')) return [group === 'tls' || group === 'http' ? 'certain' : 'likely'];
      return expected.every((each) => each === 'plaintext') ? ['right'] : ['likely'];
    }),
  );
  if (verdicts.length === 0 || verdicts.includes('right')) return undefined;
  return verdicts.every((verdict) => verdict === 'certain') ? 'certain' : 'likely';
}

/** The settings as YAML, where they are plain enough to be repeated. */
function copyOf(tls: PlacedTls['tls']): string | undefined {
  const lines = (['mode', 'sni', 'credentialName', 'clientCertificate', 'privateKey', 'caCertificates'] as const).flatMap((key) =>
    tls[key] ? [`${key}: ${tls[key]}`] : [],
  );
  const isPlain = tls.subjectAltNames.length === 0 && !tls.insecureSkipVerify && !tls.caCrl && lines.every((line) => /^\w+: [\w./-]+$/.test(line));
  return isPlain ? lines.join('\n') : undefined;
}
