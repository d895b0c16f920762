import { defineRule, GuardedGateways, isTemplated, type ListenedPorts, listenedPorts, nameOf, type Path, type ResourceByKind } from '../../src/rule-api.ts';

type Rule = ResourceByKind['AuthorizationPolicy']['spec']['rules'][number];
type Operation = NonNullable<Rule['to'][number]['operation']>;

const EFFECT = {
  ALLOW: { what: 'lets nobody in by it', symptom: 'HTTP 403 "RBAC: access denied", or a reset connection for TLS and TCP, for calls that should be let in' },
  DENY: { what: 'denies nothing by it', symptom: 'calls that should be denied get through' },
} as const;

export default defineRule({
  meta: {
    name: 'unmatchable-policy',
    code: 'EL714',
    family: 'policy',
    severity: 'error',
    summary: 'An AuthorizationPolicy asks for a port or a host that no request has.',
    securitySeverity: 5,
  },
  messages: {
    port: {
      text: "{policy} {what}: port {port} is that of the gateway's Service, whose Pods listen on {target}, and only that port is seen there",
      label: 'the Pods listen on {target}',
      symptom: '{symptom}',
      help: 'write {target}',
    },
    host: {
      text: "{policy} {what}: no request is for the host '{host}', for the Host header has neither a scheme nor a path",
      label: 'no host',
      symptom: '{symptom}',
      help: "write '{meant}'",
    },
  },

  create: ({ mesh, report }) => {
    let guarded: GuardedGateways | undefined;
    return {
      AuthorizationPolicy(policy) {
        const { action, rules } = policy.spec;
        if (action !== 'ALLOW' && action !== 'DENY') return;
        const { what, symptom } = EFFECT[action];
        const data = { policy: nameOf(policy), what, symptom };
        const operations = rules.flatMap(({ to }, i) => to.map(({ operation }, j) => ({ operation, path: ['spec', 'rules', i, 'to', j, 'operation'] })));
        for (const { operation, path } of operations) {
          const index = operation && !isTemplated(policy, path) ? impossibleHost(operation) : -1;
          const host = operation?.hosts[index] ?? '';
          if (index !== -1) report('host', { resource: policy, path: [...path, 'hosts', index] }, { data: { ...data, host, meant: hostIn(host) } });
        }
        const withPorts = operations.filter(({ operation, path }) => operation?.ports.length && !isTemplated(policy, path));
        if (withPorts.length === 0) return;
        guarded ??= new GuardedGateways(mesh);
        const gateways = guarded.of(policy)?.servers.map(({ gateway }) => gateway) ?? [];
        const listened = gateways.length === 0 ? undefined : listenedPorts(mesh, policy.namespace, gateways);
        for (const { operation, path } of withPorts) {
          const found = operation && listened && servicePort(operation, listened);
          if (found) report('port', { resource: policy, path: portPath(path) }, { data: { ...data, ...found } });
        }
      },
    };
  },
});

function portPath(path: Path): Path {
  return [...path, 'ports', 0];
}

/** Where all hosts of an operation are impossible: the first of them. One that is possible keeps the rule alive. */
function impossibleHost({ hosts }: Operation): number {
  return hosts.length > 0 && hosts.every((host) => /^[a-z]+:\/\//i.test(host)) ? 0 : -1;
}

function hostIn(text: string): string {
  return text.replace(/^[a-z]+:\/\//i, '').replace(/\/.*$/, '');
}

/** G-2: no port of the operation is one that the gateway's Pods listen on, which is what a policy is compared with, and the first is the Service's for one. */
function servicePort({ ports }: Operation, { byServicePort, all }: ListenedPorts): { readonly port: number; readonly target: number } | undefined {
  const numbers = ports.map(Number);
  const [port = 0] = numbers;
  const target = byServicePort.get(port);
  return target === undefined || target === port || numbers.some((number) => all.has(number)) ? undefined : { port, target };
}
