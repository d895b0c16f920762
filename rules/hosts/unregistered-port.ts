import {
  callOf,
  defineRule,
  describe,
  destinationHosts,
  isForMeshAlone,
  type Mesh,
  nameOf,
  type RegisteredHost,
  type ResourceByKind,
  routedPorts,
  SYMPTOMS,
  scopedMatches,
  storyOf,
} from '../../src/rule-api.ts';

type VirtualService = ResourceByKind['VirtualService'];

export default defineRule({
  meta: {
    name: 'unregistered-port',
    code: 'EL304',
    family: 'hosts',
    peers: ['IST0101'],
    severity: 'error',
    asksPaths: true,
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
    portless: {
      text: '{vs}: the destination names no port, so the port that was called, {port}, is looked for at {host}, which has none ({has}); what is routed there fails',
      label: '{has}, and no port is named',
      symptom: describe(SYMPTOMS['no-cluster'].http),
      help: 'name a port of {host} in the destination: port.number',
    },
    targetPort: {
      text: '{vs}: {port} is the targetPort of {host}; routes name the port in front of it, {front}, so what is routed there fails',
      label: 'the targetPort of port {front}',
      symptom: `${describe(SYMPTOMS['no-cluster'].http)}; TLS and TCP connections are reset`,
      help: 'write {front}',
    },
    onTheWay: {
      text: '{vs} sends calls to {call} from {client} on to port {port} of {host}, which has no such port, so they fail',
      label: 'no such port',
      help: 'write a port that {host} has, or declare port {port} where the host is registered',
    },
  },

  create: ({ mesh, report }) => ({
    Path(path) {
      const { missing, destination } = path;
      if (missing?.missing !== 'port' || !destination) return;
      const { host, port } = missing.key;
      report(
        'onTheWay',
        { resource: destination.resource, path: [...destination.path, 'port', 'number'] },
        { data: { vs: nameOf(destination.resource), host, port, ...callOf(path) }, ...storyOf(path) },
      );
    },
    VirtualService(vs) {
      for (const { at, host, port, has, registered } of portless(mesh, vs)) {
        const related = [{ at: { resource: registered.resource, path: ['spec', 'ports'] }, message: `${nameOf(registered.resource)}: ${portsOf(registered)}` }];
        report('portless', at, { data: { vs: nameOf(vs), host, port, has }, related });
      }
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
          fixes: meant === undefined ? [] : [{ title: `write ${meant}`, safe: false, changes: [{ do: 'replace' as const, at, value: meant }] }],
        };
        const data = { vs: nameOf(vs), host, port };
        if (front !== undefined) report('targetPort', at, { ...details, data: { ...data, front } });
        else report('missing', at, { ...details, data: { ...data, has: portsOf(first), owner: nameOf(first.resource) } });
      }
    },
  }),
});

/** http destinations of sidecars without a port, whose host lacks all ports on which the rule is used. */
function portless(mesh: Mesh, vs: VirtualService) {
  const called = routedPorts(mesh, vs)?.filter(({ group }) => group === 'http' || group === 'auto') ?? [];
  if (called.length === 0) return [];
  const matches = scopedMatches(vs, 'http');
  return destinationHosts(vs, mesh.config.clusterDomain).flatMap(({ resource, destination, path }) => {
    const { host, section, rule, port } = destination;
    const scopes = matches.filter((match) => match.rule === rule).map(({ scope }) => scope);
    if (section !== 'http' || port !== undefined || !scopes.every(isForMeshAlone)) return [];
    const numbers = called.flatMap(({ number }) => (scopes.some((scope) => scope.port === undefined || scope.port === number) ? [number] : []));
    const all = mesh.registry.named(host);
    const registered = all.find((each) => mesh.belongTogether(vs, each.resource));
    const [first] = numbers;
    // On port 80 a rule counts for hosts that are not registered there, so the port that is called is not known.
    const isOpen = scopes.some((scope) => scope.port === undefined) && all.some((each) => mayHave(each, 80));
    if (first === undefined || !registered || isOpen || all.some((each) => numbers.some((number) => mayHave(each, number)))) return [];
    return [{ at: { resource, path: [...path.slice(0, -1)] }, host, port: first, has: portsOf(registered), registered }];
  });
}

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
