import { callOf, defineRule, describe, type FixPlan, type Mesh, nameOf, type ResourceByKind, SYMPTOMS, storyOf } from '../../src/rule-api.ts';

type ServiceEntry = ResourceByKind['ServiceEntry'];

export default defineRule({
  meta: {
    name: 'static-without-endpoints',
    code: 'EL314',
    family: 'hosts',
    severity: 'error',
    summary: 'A ServiceEntry with resolution STATIC says no addresses, so its hosts lead nowhere.',
    fixable: 'suggestion',
  },
  messages: {
    nowhere: {
      text: '{entry}: resolution STATIC takes addresses from endpoints or from workloads that a selector finds, and the entry has neither: {hosts} cannot be reached',
      label: 'no endpoints',
      symptom: `Istio accepts the entry, and every call to its hosts fails: ${describe(SYMPTOMS['no-endpoints'].http)}; for TLS and TCP ${describe(SYMPTOMS['no-endpoints'].tls)}. Nothing is sent out.`,
      help: 'use resolution DNS to look the hosts up, or add the endpoints with their addresses',
    },
    onTheWay: {
      text: '{entry} gives the sidecars no address for {host}, so calls to {call} from {client} fail',
      label: 'gives no address',
      help: "write 'resolution: DNS', so that the proxy looks the name up, or list the addresses of the servers under spec.endpoints",
    },
  },

  create: ({ mesh, report }) => {
    let routed: ((host: string) => boolean) | undefined;
    return {
      Path(path) {
        const { path: way, last } = path;
        const { cluster } = last;
        if (way.outcome !== 'no-endpoints' || way.at !== 'sidecar' || !cluster || 'missing' in cluster || cluster.service.selector) return;
        const { resource, host } = cluster.service;
        // The endpoints of a Service without a selector are objects of their own, which are not read.
        if (resource?.kind !== 'ServiceEntry') return;
        report('onTheWay', { resource, path: ['spec', 'resolution'] }, { data: { entry: nameOf(resource), host, ...callOf(path) }, ...storyOf(path) });
      },
      ServiceEntry(entry) {
        const { hosts, ports } = entry.spec;
        if (!isEmpty(entry) || ports.length === 0) return;
        if (entry.problems.length > 0 || hosts.some((host) => hasOtherEndpoints(mesh, entry, host))) return;
        routed ??= hostsOfRoutes(mesh);
        if (hosts.some(routed)) return;
        const names = hosts.length > 2 ? `${hosts[0]} and ${hosts.length - 1} more` : hosts.join(' and ');
        report('nowhere', { resource: entry, path: ['spec', 'resolution'] }, { data: { entry: nameOf(entry), hosts: names }, fixes: fixes(entry) });
      },
    };
  },
});

/** Whether another registration in view may lead somewhere; a Service's, whose endpoints come from elsewhere, may lie outside of the files. */
function hasOtherEndpoints(mesh: Mesh, entry: ServiceEntry, host: string): boolean {
  if (host.endsWith(`.svc.${mesh.config.clusterDomain}`) || !host.includes('.')) return true;
  return mesh.registry.named(host).some(({ resource }) => resource !== entry && !(resource.kind === 'ServiceEntry' && isEmpty(resource)));
}

/** Whether an entry takes its addresses from endpoints or workloads and names none. */
function isEmpty(entry: ServiceEntry): boolean {
  return entry.spec.resolution === 'STATIC' && !entry.isSet(['spec', 'endpoints']) && !entry.isSet(['spec', 'workloadSelector']);
}

/** Tells whether a VirtualService may route a host elsewhere: then the entry only makes the name known, which is right. */
function hostsOfRoutes(mesh: Mesh): (host: string) => boolean {
  const hosts = new Set(mesh.all('VirtualService').flatMap((vs) => vs.spec.hosts));
  const suffixes = [...hosts].flatMap((host) => (host.startsWith('*') ? host.slice(1) : []));
  return (host) =>
    hosts.has(host) || suffixes.some((suffix) => host.endsWith(suffix)) || (host.startsWith('*') && [...hosts].some((each) => each.endsWith(host.slice(1))));
}

/** DNS looks up names only. */
function fixes(entry: ServiceEntry): readonly FixPlan[] {
  if (entry.spec.hosts.some((host) => host.startsWith('*')) || entry.spec.addresses.some((address) => address.includes('/'))) return [];
  const at = { resource: entry, path: ['spec', 'resolution'] };
  return [{ title: "write 'resolution: DNS'", safe: false, changes: [{ do: 'replace', at, value: 'DNS' }] }];
}
