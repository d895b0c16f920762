import { defineRule, field, nameOf, pastGateways } from '../../src/rule-api.ts';

type Check = NonNullable<NonNullable<Parameters<typeof field.string>[0]>['checks']>[number];

const namespaceAndName: Check = (value, report) => {
  if (!/^[^/]+\/[^/]+$/.test(value)) report([], { type: 'malformed-value', value, expected: "'namespace/name'" }, 'webhook');
};

const options = field.object('the options of required-egress-gateway', {
  gateways: field.list(
    field.object('an entry of gateways', {
      gateway: field.required(field.string({ checks: [namespaceAndName], description: "The gateway's Service, as namespace/name." })),
      hosts: field.list(field.string({ minLength: 1 }), { description: 'Hosts, or wildcards, that it is required for.', otherwise: 'all' }),
      namespaces: field.list(field.string({ minLength: 1 }), { description: 'The namespaces whose clients it is required for.', otherwise: 'all' }),
    }),
    { description: 'Which calls have to leave through which gateway.', otherwise: 'none, and the rule finds nothing' },
  ),
});

export default defineRule({
  meta: {
    name: 'required-egress-gateway',
    code: 'EL716',
    family: 'policy',
    severity: 'error',
    isOptIn: true,
    summary: 'Calls to an external host leave past the egress gateway that the configuration requires for them.',
    securitySeverity: 6,
    options,
  },
  messages: {
    direct: {
      text: '{object}: calls from namespace {namespace} to {host}:{port} leave straight from the sidecar, and egress-lint.yaml requires {service} for them',
      label: 'called directly',
      symptom:
        'nothing fails: the policies, logs and addresses of the gateway miss these calls. Where a firewall admits the gateway alone: curl: (28) timed out',
      help: 'route {host} port {port} for sidecars to {service} in a VirtualService, and from the gateway on to {host}; or export the host to the gateway alone',
    },
    other: {
      text: '{object}: calls from namespace {namespace} to {host}:{port} leave through {through}, and egress-lint.yaml requires {service} for them',
      label: 'leaves through {through}',
      symptom: 'nothing fails: the policies, logs and addresses of the required gateway miss these calls',
      help: 'have the route lead to {service}, or name {through} in egress-lint.yaml',
    },
  },

  create: ({ mesh, report, options: { gateways } }) => ({
    Mesh() {
      const required = gateways.flatMap(({ gateway, hosts, namespaces }) => (gateway === undefined ? [] : [{ gateway, hosts, namespaces }]));
      for (const { connection, service, through, route } of pastGateways(mesh, required)) {
        const { at, probe } = connection;
        const data = { object: nameOf(at.resource), namespace: probe.from.namespace, host: probe.to.host, port: probe.to.port, service };
        const related = route ? [{ at: route, message: 'this route takes them' }] : [];
        if (through === undefined) report('direct', at, { data, related });
        else report('other', at, { data: { ...data, through }, related });
      }
    },
  }),
});
