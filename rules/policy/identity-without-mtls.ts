import { defineRule, GuardedGateways, type Path, type ResourceByKind, seesIdentity } from '../../src/rule-api.ts';

type Policy = ResourceByKind['AuthorizationPolicy'];
type Rule = Policy['spec']['rules'][number];

export default defineRule({
  meta: {
    name: 'identity-without-mtls',
    code: 'EL703',
    family: 'policy',
    peers: ['KIA0105'],
    severity: 'error',
    securitySeverity: 6.5,
    summary: "A policy for a gateway asks who the client is, but the gateway's servers never see a client certificate of the mesh.",
  },
  messages: {
    allow: {
      text: 'AuthorizationPolicy {policy} lets in by {attribute}, but {servers} no mesh certificate: this rule never matches',
      label: 'nobody has one at this gateway',
      symptom: 'calls that only this rule would let in are denied: HTTP 403 "RBAC: access denied", or a reset connection for TLS and TCP',
      help: 'have clients speak mesh mTLS to the gateway (server with tls mode ISTIO_MUTUAL, and a DestinationRule with ISTIO_MUTUAL for its Service), or tell clients apart by ipBlocks, connection.sni or hosts',
    },
    deny: {
      text: 'AuthorizationPolicy {policy} denies by {attribute}, but {servers} no mesh certificate: this rule never matches, and nothing is denied',
      label: 'nobody has one at this gateway',
      symptom: 'calls that should be denied get through',
      help: 'have clients speak mesh mTLS to the gateway (server with tls mode ISTIO_MUTUAL, and a DestinationRule with ISTIO_MUTUAL for its Service), or tell clients apart by ipBlocks, connection.sni or hosts',
    },
  },

  create: ({ mesh, report }) => {
    let guarded: GuardedGateways | undefined;
    return {
      AuthorizationPolicy(policy) {
        const { action, rules } = policy.spec;
        const found = rules.map((rule, index) => identityIn(rule, ['spec', 'rules', index])).filter((path) => path !== undefined);
        const [first, ...others] = found;
        if (!first || (action !== 'ALLOW' && action !== 'DENY')) return;
        guarded ??= new GuardedGateways(mesh);
        const gateway = guarded.of(policy);
        if (!gateway || gateway.servers.some(({ server }) => seesIdentity(server))) return;
        report(
          action === 'ALLOW' ? 'allow' : 'deny',
          { resource: policy, path: first },
          {
            data: {
              policy: `${policy.namespace}/${policy.name}`,
              attribute: attributeAt(policy, first),
              servers: gateway.servers.length > 1 ? 'the servers of this gateway see' : 'the server of this gateway sees',
            },
            ...(gateway.pods.length === 0 && { confidence: 'likely' }),
            related: [
              ...gateway.servers.slice(0, SHOWN).map(({ gateway: each, index, server }) => ({
                at: { resource: each, path: ['spec', 'servers', index, ...(server.tls ? ['tls', 'mode'] : ['port', 'protocol'])] },
                message: `Gateway ${each.namespace}/${each.name}, port ${server.port?.number}: ${server.tls ? `tls mode ${server.tls.mode}` : 'no TLS'}`,
              })),
              ...others.map((path) => ({ at: { resource: policy, path }, message: 'never matches either' })),
            ],
          },
        );
      },
    };
  },
});

const SHOWN = 3;
const OF_CLIENTS = ['principals', 'namespaces', 'serviceAccounts'] as const;
const KEYS = ['source.principal', 'source.namespace', 'source.serviceAccount'];

/** P-3: where a rule asks for an identity, if it cannot match without: each of its sources does, or a condition. */
function identityIn({ from, when }: Rule, path: Path): Path | undefined {
  const condition = when.findIndex(({ key, values }) => key !== undefined && KEYS.includes(key) && values.length > 0);
  if (condition !== -1) return [...path, 'when', condition, 'values'];
  const attributes = from.map(({ source }) => OF_CLIENTS.find((key) => (source?.[key].length ?? 0) > 0));
  const [first] = attributes;
  return first === undefined || attributes.includes(undefined) ? undefined : [...path, 'from', 0, 'source', first];
}

function attributeAt(policy: Policy, path: Path): string {
  const [, , rule, part, index] = path;
  return part === 'when' && typeof rule === 'number' && typeof index === 'number'
    ? (policy.spec.rules[rule]?.when[index]?.key ?? 'identity')
    : String(path.at(-1));
}
