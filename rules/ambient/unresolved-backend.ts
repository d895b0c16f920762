import {
  defineRule,
  type GatewayApiRoute,
  hostMeant,
  hostReference,
  isOutsideHost,
  isTemplated,
  mayHoldMoreHosts,
  nameOf,
  type Path,
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
      for (const [path, ref] of backendsOf(route)) {
        if (isTemplated(route, path)) continue;
        const { group = '', kind = 'Service', name = '', namespace, port } = ref;
        const data = { route: nameOf(route), name };
        const at = (field: string) => ({ resource: route, path: [...path, field] });
        if (kind === 'ServiceEntry') {
          const [entry] = mesh.named('ServiceEntry', namespace ?? route.namespace, name);
          const host = entry?.spec.hosts[0] ?? 'the host of the entry';
          const hosts = entry?.spec.hosts ?? [];
          const isFixable = hosts.length === 1 && group === ISTIO_GROUP && namespace === undefined;
          report('serviceEntry', at('kind'), {
            data: { ...data, host, hint: entry ? `here '${host}'` : 'the name of the host, not of the entry' },
            related: entry ? [{ at: { resource: entry, path: ['spec', 'hosts'] }, message: `${nameOf(entry)} registers ${host}` }] : [],
            ...(isFixable && {
              fixes: [
                {
                  title: `write the Hostname '${host}'`,
                  safe: false,
                  changes: [
                    { do: 'replace', at: at('kind'), value: 'Hostname' },
                    { do: 'replace', at: at('name'), value: host },
                  ],
                },
              ],
            }),
          });
        } else if (kind === 'Service' && group === '') {
          if (name.includes('.')) report('service', at('name'), { data });
        } else if (kind === 'Hostname') {
          if (group !== ISTIO_GROUP) report('group', at(ref.group === undefined ? 'kind' : 'group'), { data });
          else if (namespace !== undefined) report('namespace', at('namespace'), { data });
          else if (port === undefined) report('port', at('name'), { data });
          else unregistered(route, [...path, 'name'], name);
        }
      }
    };

    const unregistered = (route: GatewayApiRoute, path: Path, name: string) => {
      if (hostReference(mesh, route, name).state === 'registered' || !isOutsideHost(name)) return;
      const isOpen = mayHoldMoreHosts(mesh);
      const found = hostMeant(mesh, name);
      const at = { resource: route, path };
      const data = { route: nameOf(route), name };
      const fixes = [{ title: `write '${found}'`, safe: false, changes: [{ do: 'replace' as const, at, value: found ?? '' }] }];
      const isLikely = !isOpen && mesh.all('ServiceEntry').some((entry) => mesh.belongTogether(route, entry));
      const isCertain = mesh.closedWorld && !isOpen;
      if (found !== undefined) report('nearMiss', at, { data: { ...data, found }, ...(!isCertain && { confidence: 'likely' }), fixes });
      else if (isCertain) report('unregistered', at, { data });
      else report('unregistered', at, { data, ...(isLikely ? { confidence: 'likely' } : { severity: 'info' }) });
    };
    return { HTTPRoute: check, GRPCRoute: check, TLSRoute: check, TCPRoute: check };
  },
});

function backendsOf(route: GatewayApiRoute) {
  return route.spec.rules.flatMap(({ backendRefs }, rule) =>
    backendRefs.map((ref, index) => [['spec', 'rules', rule, 'backendRefs', index] as Path, ref] as const),
  );
}
