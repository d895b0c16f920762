import { defineRule, expandShortName, policiesOf, type RegisteredHost, type ResourcePlace } from '../../src/rule-api.ts';

export default defineRule({
  meta: {
    name: 'port-level-settings-unmatched',
    code: 'EL206',
    family: 'tls',
    severity: 'error',
    summary: 'Port-level settings of a DestinationRule name a port that the host does not have, so they are never used.',
    fixable: 'suggestion',
  },
  messages: {
    unmatched: {
      text: 'DestinationRule {rule}: {host} has no port {port}, so these settings are never used; it has {ports}{target}',
      label: 'no port of {host}',
      symptom: '{symptom}',
      help: '{help}',
    },
  },

  create: ({ mesh, report }) => ({
    DestinationRule(rule) {
      const name = expandShortName(rule.spec.host ?? '', rule.namespace, mesh.config.clusterDomain);
      const registered = mesh.registry.named(name);
      if (registered.length === 0 || registered.some((host) => isOpen(host) || !mesh.belongTogether(rule, host.resource))) return;
      const ports = [...new Set(registered.flatMap((host) => host.ports.map(({ number }) => number)))];
      for (const { policy, path } of policiesOf(rule)) {
        for (const [index, { port, tls }] of policy.portLevelSettings.entries()) {
          const number = port?.number;
          // Port 0 and none at all are refused: told by the rules of the schema.
          if (!number || ports.includes(number)) continue;
          // That the host lacks the port is then told of the route.
          if (mesh.routes.to(name, number).some((route) => route.port === number && mesh.belongTogether(route.virtualService, rule))) continue;
          const meant = registered.flatMap((host) => portsLeadingTo(host, number));
          const [only, another] = [...new Set(meant)];
          const right = another === undefined ? only : undefined;
          const at: ResourcePlace = { resource: rule, path: [...path, 'portLevelSettings', index, 'port', 'number'] };
          report('unmatched', at, {
            data: {
              rule: `${rule.namespace}/${rule.name}`,
              host: name,
              port: number,
              ports: `port ${ports.join(', ')}`,
              target: right === undefined ? '' : ` (${number} is the target port of ${right})`,
              symptom: tls
                ? `no TLS is originated by these settings: what clients send to ${name} leaves as it is, and a server that expects TLS answers HTTP 400 or closes the connection`
                : 'limits, load balancing and outlier detection that stand here have no effect',
              help:
                right === undefined
                  ? `write the number of a port that ${name} has, or add port ${number} where it is registered`
                  : `write ${right}: settings go by the port that clients call, not by the one that the server listens on`,
            },
            related: registered.slice(0, 3).map((host) => ({
              at: { resource: host.resource, path: ['spec', 'ports'], part: 'key' },
              message: `${host.resource.kind} ${host.namespace}/${host.resource.name} has port ${host.ports.map((each) => each.number).join(', ')}`,
            })),
            fixes: right === undefined ? [] : [{ title: `write ${right}`, safe: false, changes: [{ do: 'replace', at, value: right }] }],
          });
        }
      }
    },
  }),
});

/** Whether a registration may have further ports: template text, or a patch that only adds to what lies elsewhere. */
function isOpen({ ports, hasUnknownPorts, resource }: RegisteredHost): boolean {
  return ports.length === 0 || hasUnknownPorts || (resource.kind === 'Service' && !resource.isSet(['spec', 'selector']));
}

/** The ports that clients call and that lead to a port of the server. */
function portsLeadingTo({ ports, resource }: RegisteredHost, target: number): readonly number[] {
  return ports.flatMap(({ number, index }) => (resource.spec.ports[index]?.targetPort === target ? [number] : []));
}
