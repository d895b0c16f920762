import { defineRule, describe, destinationHosts, nameOf, type RegisteredHost, SYMPTOMS } from '../../src/rule-api.ts';

export default defineRule({
  meta: {
    name: 'unregistered-port',
    code: 'EL304',
    family: 'hosts',
    severity: 'error',
    summary: 'A route leads to a port that the host does not have.',
    fixable: 'suggestion',
  },
  messages: {
    missing: {
      text: '{vs}: destination {host} has no port {port} ({has}), so what is routed there fails',
      label: '{has}',
      symptom: `${describe(SYMPTOMS['no-cluster'].http)}; TLS and TCP connections are reset`,
      help: 'write a port that the host has, or add port {port} to {owner}',
    },
    targetPort: {
      text: '{vs}: {port} is the targetPort of {host}; routes name the port in front of it, {front}, so what is routed there fails',
      label: 'the targetPort of port {front}',
      symptom: `${describe(SYMPTOMS['no-cluster'].http)}; TLS and TCP connections are reset`,
      help: 'write {front}',
    },
  },

  create: ({ mesh, report }) => ({
    VirtualService(vs) {
      for (const { resource, destination, path } of destinationHosts(vs, mesh.config.clusterDomain)) {
        const { host, port, written } = destination;
        // A gateway's port that its Service does not expose is told of by gateway-port-not-exposed.
        if (port === undefined || port <= 0 || mesh.gatewayServices.hasServerOn(host, port)) continue;
        const all = mesh.registry.named(host);
        const together = all.filter((registered) => mesh.belongTogether(vs, registered.resource));
        const [first] = together;
        if (!first || all.some((registered) => mayHave(registered, port))) continue;

        const front = together.flatMap((registered) => frontOf(registered, port))[0];
        const only = together.length === 1 && first.ports.length === 1 ? first.ports[0]?.number : undefined;
        const at = { resource, path: [...path.slice(0, -1), 'port', 'number'] };
        const meant = front ?? only;
        const details = {
          // What a short name means rests on the namespace.
          ...(written !== host && !mesh.hasKnownNamespace(vs) && { confidence: 'likely' as const }),
          related: together.slice(0, 3).map((registered) => ({
            at: { resource: registered.resource, path: ['spec', 'ports'] },
            message: `${nameOf(registered.resource)}: ${portsOf(registered)}`,
          })),
          fixes: meant === undefined ? [] : [{ title: `write ${meant}`, safe: false, changes: [{ do: 'replace' as const, at, value: String(meant) }] }],
        };
        const data = { vs: nameOf(vs), host, port };
        if (front !== undefined) report('targetPort', at, { ...details, data: { ...data, front } });
        else report('missing', at, { ...details, data: { ...data, has: portsOf(first), owner: nameOf(first.resource) } });
      }
    },
  }),
});

/** An alias has the ports of the host that it stands for. */
function mayHave(registered: RegisteredHost, port: number): boolean {
  const isAlias = registered.resource.kind === 'Service' && registered.external;
  return isAlias || registered.hasUnknownPorts || registered.ports.some((each) => each.number === 0) || registered.ports.some((each) => each.number === port);
}

/** The port whose `targetPort` a number is. */
function frontOf({ resource, ports }: RegisteredHost, port: number): readonly number[] {
  return ports.flatMap(({ index, number }) => (Number(resource.spec.ports[index]?.targetPort) === port ? [number] : []));
}

function portsOf({ ports }: RegisteredHost): string {
  return ports.length === 0 ? 'it has none' : `it has ${ports.map((port) => port.number).join(', ')}`;
}
