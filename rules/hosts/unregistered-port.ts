import {
  callOf,
  deadEndpoints,
  defineRule,
  describe,
  missingPorts,
  nameOf,
  portlessDestinations,
  type RegisteredHost,
  SYMPTOMS,
  storyOf,
} from '../../src/rule-api.ts';

export default defineRule({
  meta: {
    name: 'unregistered-port',
    code: 'EL304',
    family: 'hosts',
    peers: ['IST0101'],
    severity: 'error',
    asksPaths: true,
    summary: 'A route, or an endpoint of a ServiceEntry, leads to a port that the host does not have.',
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
    endpoint: {
      text: '{entry}: its endpoint is {service}, which has no port {port} ({has}), so connections to that port of the entry fail',
      label: '{has}',
      symptom: 'HTTP 503 (flag UF, connection refused or timeout); TLS and TCP connections are reset',
      help: "write a port of {service}: in the endpoint's 'ports' by the name of the entry's port, or as the entry's targetPort",
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
    ServiceEntry(entry) {
      for (const { service, port, path } of deadEndpoints(mesh, entry)) {
        const { ports } = service.spec;
        report(
          'endpoint',
          { resource: entry, path },
          {
            data: { entry: nameOf(entry), service: nameOf(service), port, has: `it has ${ports.map((each) => each.port).join(', ')}` },
            ...(!mesh.areDeployedTogether(entry, service) && { confidence: 'likely' }),
            related: [{ at: { resource: service, path: ['spec', 'ports'], part: 'key' }, message: 'the ports that its name leads to' }],
          },
        );
      }
    },
    VirtualService(vs) {
      for (const { path, host, port, registrations } of portlessDestinations(mesh, vs)) {
        const [first] = registrations;
        const data = { vs: nameOf(vs), host, port, has: portsOf(first) };
        report('portless', { resource: vs, path }, { data, related: [registeredPorts(first)] });
      }
      for (const { path, host, port, registrations, front, meant, isCertain } of missingPorts(mesh, vs)) {
        const [first] = registrations;
        const at = { resource: vs, path: [...path, 'port', 'number'] };
        const data = { vs: nameOf(vs), host, port };
        const details = {
          ...(!isCertain && { confidence: 'likely' as const }),
          related: registrations.slice(0, 3).map(registeredPorts),
          fixes: meant === undefined ? [] : [{ title: `write ${meant}`, safe: false, changes: [{ do: 'replace' as const, at, value: meant }] }],
        };
        if (front !== undefined) report('targetPort', at, { ...details, data: { ...data, front } });
        else report('missing', at, { ...details, data: { ...data, has: portsOf(first), owner: nameOf(first.resource) } });
      }
    },
  }),
});

function registeredPorts(registered: RegisteredHost) {
  const { resource } = registered;
  return { at: { resource, path: ['spec', 'ports'] }, message: `${nameOf(resource)}: ${portsOf(registered)}` };
}

function portsOf({ ports }: RegisteredHost): string {
  return ports.length === 0 ? 'it has none' : `it has ${ports.map((port) => port.number).join(', ')}`;
}
