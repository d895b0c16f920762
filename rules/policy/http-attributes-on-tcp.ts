import { defineRule, GuardedGateways, nameOf, requestAttributeIn, sectionFor, unreadPorts } from '../../src/rule-api.ts';

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
    allowAtWaypoint: {
      text: 'AuthorizationPolicy {policy} lets in by {attribute}, which the waypoint cannot see on port {port} of {host}: it passes {protocol} on unread, and Istio drops the whole rule there, so it lets nobody in',
      label: 'no attribute of TLS or TCP connections',
      symptom: 'every connection that only this rule would let in is reset: curl: (35) or (56); the waypoint logs "rbac_access_denied_matched_policy[none]"',
      help: 'leave {attribute} out, and attach the policy to the ServiceEntry (targetRefs): then it is about that host alone; or let clients call plain HTTP, which the waypoint reads, and start TLS there',
    },
    denyAtWaypoint: {
      text: 'AuthorizationPolicy {policy} denies by {attribute}, which the waypoint cannot see on port {port} of {host}: it passes {protocol} on unread, and Istio drops the condition there, so the rule denies more than is written',
      label: 'no attribute of TLS or TCP connections',
      symptom: 'other connections are reset as well: curl: (35) or (56)',
      help: 'leave {attribute} out, and attach the policy to the ServiceEntry (targetRefs) that is to be denied; or let clients call plain HTTP, which the waypoint reads, and start TLS there',
    },
  },

  create: ({ mesh, report }) => {
    let guarded: GuardedGateways | undefined;
    return {
      AuthorizationPolicy(policy) {
        const { action, rules } = policy.spec;
        const found = rules.flatMap((rule, index) => requestAttributeIn(rule, ['spec', 'rules', index]) ?? []);
        const [first] = found;
        if (!first || (action !== 'ALLOW' && action !== 'DENY')) return;
        const unread = unreadPorts(mesh, policy, first.ports);
        const [port] = unread;
        if (port) {
          const { number, protocol } = port.entry.spec.ports[port.index] ?? {};
          const data = { policy: `${policy.namespace}/${policy.name}`, attribute: first.attribute, port: number ?? 0, host: port.entry.spec.hosts[0] ?? '' };
          const related = unread
            .slice(0, SHOWN)
            .map(({ entry, index }) => ({ at: { resource: entry, path: ['spec', 'ports', index] }, message: `of ${nameOf(entry)}` }));
          const name = action === 'ALLOW' ? 'allowAtWaypoint' : 'denyAtWaypoint';
          report(name, { resource: policy, path: first.path }, { data: { ...data, protocol: protocol ?? '' }, confidence: 'likely', related });
          return;
        }
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

function isOpaque(section: ReturnType<typeof sectionFor>): boolean {
  return section === 'tls' || section === 'tcp';
}
