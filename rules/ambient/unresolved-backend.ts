import {
  defineRule,
  type GatewayApiRoute,
  type InvalidBackend,
  invalidBackends,
  listed,
  nameOf,
  registeredAt,
  unregisteredBackendPorts,
  unregisteredBackends,
} from '../../src/rule-api.ts';

const ISTIO_GROUP = 'networking.istio.io';
const FAILS = 'the proxy answers HTTP 500 for every call that takes this backend; the status of the route says ResolvedRefs: False';

export default defineRule({
  meta: {
    name: 'unresolved-backend',
    code: 'EL806',
    family: 'ambient',
    peers: ['KIA1402'],
    severity: 'error',
    summary: 'A route of the Gateway API leads to a backend that Istio does not take, or that nothing registers.',
    fixable: 'suggestion',
  },
  messages: {
    serviceEntry: {
      text: '{route}: a ServiceEntry is no backend; Istio takes its host as kind Hostname: {hint}',
      label: 'no kind of backend',
      symptom: FAILS,
      help: 'write kind: Hostname and name: {host}, with group: networking.istio.io',
    },
    group: {
      text: '{route}: a backend of kind Hostname needs group: networking.istio.io; Istio refuses this one',
      label: 'needs group: networking.istio.io',
      symptom: FAILS,
      help: 'add group: networking.istio.io',
    },
    service: {
      text: "{route}: '{name}' is taken for the name of a Service, which has no dots: Istio refuses this backend",
      label: 'a host, where the name of a Service is due',
      symptom: FAILS,
      help: 'add kind: Hostname and group: networking.istio.io; for a Service write its name, and its namespace beside it',
    },
    namespace: {
      text: '{route}: a backend of kind Hostname has no namespace; Istio refuses this one',
      label: 'must not be there',
      symptom: FAILS,
      help: "remove 'namespace'",
    },
    port: {
      text: "{route}: the backend '{name}' has no port; Istio refuses it",
      label: 'no port',
      symptom: FAILS,
      help: "add 'port'",
    },
    unknownPort: {
      text: "{route}: the backend '{name}' has no port {port} (it has {has}), so calls that the route sends there fail",
      label: 'the host has {has}',
      symptom: FAILS,
      help: 'write a port that the host has, or add port {port} to {owner}',
    },
    nearMiss: {
      text: "{route}: nothing in these files registers the backend '{name}'; did you mean '{found}'?",
      label: 'no such host here',
      symptom: FAILS,
      help: "write '{found}', or add a ServiceEntry for '{name}'",
    },
    unregistered: {
      text: "{route}: nothing in these files registers the backend '{name}'; without a ServiceEntry calls to it fail",
      label: 'no ServiceEntry in view',
      symptom: FAILS,
      help: "add a ServiceEntry for '{name}', or lint the file that holds it together with this one",
    },
  },

  create: ({ mesh, report }) => {
    const check = (route: GatewayApiRoute) => {
      for (const backend of invalidBackends(route)) {
        const { why, field, ref } = backend;
        if (why === 'serviceEntry') reportEntry(route, backend);
        else report(why, { resource: route, path: field }, { data: { route: nameOf(route), name: ref.name ?? '' } });
      }
      for (const { path, host, port, registrations } of unregisteredBackendPorts(mesh, route)) {
        const [first] = registrations;
        if (!first) continue;
        const owner = nameOf(first.resource);
        const has = listed(first.ports.map(({ number }) => String(number)));
        const related = [{ at: registeredAt(first), message: `${owner} registers ${host}` }];
        const at = { resource: route, path: [...path, 'port'] };
        report('unknownPort', at, { data: { route: nameOf(route), name: host, port, has, owner }, confidence: 'likely', related });
      }
      for (const { path, host, found, confidence } of unregisteredBackends(mesh, route)) {
        const at = { resource: route, path: [...path, 'name'] };
        const data = { route: nameOf(route), name: host };
        const fixes = [{ title: `write '${found}'`, safe: false, changes: [{ do: 'replace' as const, at, value: found ?? '' }] }];
        if (found !== undefined) report('nearMiss', at, { data: { ...data, found }, ...(confidence !== 'certain' && { confidence: 'likely' }), fixes });
        else report('unregistered', at, { data, ...(confidence === 'unknown' ? { severity: 'info' } : { confidence }) });
      }
    };

    const reportEntry = (route: GatewayApiRoute, { path, field, ref }: InvalidBackend): void => {
      const { name = '', group, namespace } = ref;
      const at = { resource: route, path: field };
      const [entry] = mesh.named('ServiceEntry', namespace ?? route.namespace, name);
      const host = entry?.spec.hosts[0] ?? 'the host of the entry';
      const isFixable = entry?.spec.hosts.length === 1 && group === ISTIO_GROUP && namespace === undefined;
      const toHostname = [
        { do: 'replace' as const, at, value: 'Hostname' },
        { do: 'replace' as const, at: { resource: route, path: [...path, 'name'] }, value: host },
      ];
      report('serviceEntry', at, {
        data: { route: nameOf(route), host, hint: entry ? `here '${host}'` : 'the name of the host, not of the entry' },
        related: entry ? [{ at: { resource: entry, path: ['spec', 'hosts'] }, message: `${nameOf(entry)} registers ${host}` }] : [],
        fixes: isFixable ? [{ title: `write the Hostname '${host}'`, safe: false, changes: toHostname }] : [],
      });
    };
    return { HTTPRoute: check, GRPCRoute: check, TLSRoute: check, TCPRoute: check };
  },
});
