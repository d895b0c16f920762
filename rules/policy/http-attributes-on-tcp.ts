import { defineRule, GuardedGateways, type Path, type ResourceByKind, sectionFor } from '../../src/rule-api.ts';

type Rule = ResourceByKind['AuthorizationPolicy']['spec']['rules'][number];

export default defineRule({
  meta: {
    name: 'http-attributes-on-tcp',
    code: 'EL704',
    family: 'policy',
    peers: ['IST0133'],
    severity: 'error',
    summary: 'A policy asks for attributes of HTTP requests at a gateway that passes TLS or TCP on without reading it.',
    securitySeverity: 5,
  },
  messages: {
    allow: {
      text: 'AuthorizationPolicy {policy} lets in by {attribute}, which {servers} cannot see: Istio drops the whole rule there, so it lets nobody in',
      label: 'no attribute of TLS or TCP connections',
      symptom: 'every connection that only this rule would let in is reset: curl: (35) or (56); the gateway logs "rbac_access_denied_matched_policy[none]"',
      help: "use connection.sni in 'when' in place of {attribute}, or terminate TLS at the gateway",
    },
    deny: {
      text: 'AuthorizationPolicy {policy} denies by {attribute}, which {servers} cannot see: Istio drops the condition there, so the rule denies more than is written{all}',
      label: 'no attribute of TLS or TCP connections',
      symptom: 'connections to other hosts are reset as well: curl: (35) or (56)',
      help: "use connection.sni in 'when' in place of {attribute}; or limit the rule to the HTTP ports of the gateway by 'ports'",
    },
  },

  create: ({ mesh, report }) => {
    let guarded: GuardedGateways | undefined;
    return {
      AuthorizationPolicy(policy) {
        const { action, rules } = policy.spec;
        const found = rules.flatMap((rule, index) => attributeIn(rule, ['spec', 'rules', index]) ?? []);
        const [first] = found;
        if (!first || (action !== 'ALLOW' && action !== 'DENY')) return;
        guarded ??= new GuardedGateways(mesh);
        const gateway = guarded.of(policy);
        const opaque = gateway?.servers.filter(({ server }) => isOpaque(sectionFor(server))) ?? [];
        // An ALLOW rule may be there for the HTTP servers beside; a DENY rule is for all of them, but for ports that it names.
        const isAll = opaque.length === gateway?.servers.length;
        if (
          !gateway ||
          opaque.length === 0 ||
          (!isAll && (action === 'ALLOW' || rules.some(({ to }) => to.some(({ operation }) => (operation?.ports.length ?? 0) > 0))))
        )
          return;
        report(
          action === 'ALLOW' ? 'allow' : 'deny',
          { resource: policy, path: first.path },
          {
            data: {
              policy: `${policy.namespace}/${policy.name}`,
              attribute: first.attribute,
              servers: opaque.length > 1 ? 'servers of this gateway that pass TLS or TCP on' : 'the server of this gateway that passes TLS or TCP on',
              all: first.isAlone ? ': here, every connection' : '',
            },
            ...((!isAll || gateway.pods.length === 0) && { confidence: 'likely' }),
            related: opaque.slice(0, SHOWN).map(({ gateway: each, index, server }) => ({
              at: { resource: each, path: ['spec', 'servers', index, ...(server.tls ? ['tls', 'mode'] : ['port', 'protocol'])] },
              message: `Gateway ${each.namespace}/${each.name}, port ${server.port?.number}: ${server.port?.protocol} ${server.tls?.mode ?? 'without TLS'}`,
            })),
          },
        );
      },
    };
  },
});

const SHOWN = 3;
const OF_REQUESTS = ['hosts', 'notHosts', 'methods', 'notMethods', 'paths', 'notPaths'] as const;
const OF_USERS = ['requestPrincipals', 'notRequestPrincipals'] as const;

function isOpaque(section: ReturnType<typeof sectionFor>): boolean {
  return section === 'tls' || section === 'tcp';
}

/** P-4: the first attribute of a rule that only HTTP has, and whether the rule asks for nothing else. */
function attributeIn({ from, to, when }: Rule, path: Path): { readonly path: Path; readonly attribute: string; readonly isAlone: boolean } | undefined {
  for (const [index, { operation }] of to.entries()) {
    const attribute = OF_REQUESTS.find((key) => (operation?.[key].length ?? 0) > 0);
    if (!attribute) continue;
    const hasPorts = (operation?.ports.length ?? 0) + (operation?.notPorts.length ?? 0) > 0;
    return { path: [...path, 'to', index, 'operation', attribute], attribute, isAlone: to.length === 1 && !hasPorts && from.length === 0 && when.length === 0 };
  }
  for (const [index, { source }] of from.entries()) {
    const attribute = OF_USERS.find((key) => (source?.[key].length ?? 0) > 0);
    if (attribute) return { path: [...path, 'from', index, 'source', attribute], attribute, isAlone: false };
  }
  const condition = when.findIndex(({ key = '' }) => key.startsWith('request.'));
  const key = when[condition]?.key;
  return key === undefined ? undefined : { path: [...path, 'when', condition, 'key'], attribute: key, isAlone: false };
}
