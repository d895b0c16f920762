import { defineRule, expandShortName, isForMesh, type Mesh, nameOf, type Path, protocolGroup, type ResourceByKind, scopedMatches } from '../../src/rule-api.ts';

type VirtualService = ResourceByKind['VirtualService'];

/** One server name in one TLS match for sidecars. */
interface Claim {
  readonly virtualService: VirtualService;
  readonly path: Path;
  /** The whole list, as Istio compares lists. */
  readonly names: string;
  readonly subnets: string;
  readonly port: number | undefined;
  readonly source: string;
}

export default defineRule({
  meta: {
    name: 'overlapping-sni',
    code: 'EL318',
    family: 'hosts',
    severity: 'error',
    summary: 'Two TLS matches for sidecars share a server name, so Envoy refuses the listener of that port with all its hosts.',
  },
  messages: {
    overlapping: {
      text: "{vs}: server name '{sni}' is matched twice, in lists that differ, so Envoy refuses the whole listener of the port: all TLS hosts on it suffer, not only this one",
      label: 'matched by two lists',
      symptom:
        'sidecars keep the listener that they had, and new Pods get none: with REGISTRY_ONLY all TLS calls on the port fail, curl: (35). istiod counts it in pilot_total_xds_rejects, the proxy logs "filter chains with overlapping matching rules"',
      help: 'name every server name in one match only',
    },
  },

  create: ({ mesh, report }) => {
    const claims = new Map<string, Claim[]>();
    return {
      VirtualService(vs) {
        for (const { match, scope, path, rule, isSound } of scopedMatches(vs, 'tls')) {
          if (!match || !isSound || !isForMesh(scope) || vs.spec.tls[rule]?.route.length === 0) continue;
          const names = match.sniHosts.join();
          const subnets = match.destinationSubnets.join();
          const { port, source } = scope;
          for (const [k, sni] of match.sniHosts.entries()) {
            if (sni === '' || !mayBeTls(mesh, sni, scope.port)) continue;
            const claim: Claim = { virtualService: vs, path: [...path, 'sniHosts', k], names, subnets, port, source };
            const before = claims.get(sni) ?? [];
            claims.set(sni, [...before, claim].slice(0, MAX_CLAIMS));
            const other = before.find((each) => clash(mesh, each, claim));
            if (!other) continue;
            report(
              'overlapping',
              { resource: vs, path: claim.path },
              {
                data: { vs: nameOf(vs), sni },
                ...((other.source !== claim.source || other.virtualService.source.file !== vs.source.file) && { confidence: 'likely' }),
                related: [{ at: { resource: other.virtualService, path: other.path }, message: `matched here first, by ${nameOf(other.virtualService)}` }],
              },
            );
            break;
          }
        }
      },
    };
  },
});

/** More than these need not be compared: the name is reported. */
const MAX_CLAIMS = 8;

/** R-4, C5.3: chains of different lists for one name, for the same clients, port and addresses. Equal lists are one chain. */
function clash(mesh: Mesh, a: Claim, b: Claim): boolean {
  if (a.names === b.names || a.subnets !== b.subnets) return false;
  if (a.port !== undefined && b.port !== undefined && a.port !== b.port) return false;
  if (a.source !== '' && b.source !== '' && a.source !== b.source) return false;
  const [one, two] = [a.virtualService, b.virtualService];
  if (one === two) return true;
  // The matches of a VirtualService count for a service that has one of its hosts; without one in view, nothing brings the two into one listener.
  if (!mesh.belongTogether(one, two) || !isInUse(mesh, one, a.port) || !isInUse(mesh, two, b.port)) return false;
  if (one.source.file !== two.source.file && !(mesh.hasKnownNamespace(one) && mesh.hasKnownNamespace(two))) return false;
  return mesh.virtualServices.isVisible(one, two.namespace) || mesh.virtualServices.isVisible(two, one.namespace);
}

/** Whether a TLS port without an address of its own is in view for a host of the VirtualService. */
function isInUse(mesh: Mesh, { namespace, spec }: VirtualService, port: number | undefined): boolean {
  return spec.hosts.some((host) =>
    mesh.registry.named(expandShortName(host, namespace, mesh.config.clusterDomain)).some(({ resource, ports }) => {
      const hasAddress = resource.kind === 'Service' || resource.isSet(['spec', 'addresses']);
      return !hasAddress && ports.some(({ number, protocol }) => (port === undefined || port === number) && protocolGroup(protocol) === 'tls');
    }),
  );
}

/** tls rules count for TLS ports only. What registers the name may lie outside of the files. */
function mayBeTls(mesh: Mesh, sni: string, port: number | undefined): boolean {
  const registrations = mesh.registry.covering(sni);
  if (registrations.length === 0 || registrations.some((each) => each.hasUnknownPorts)) return true;
  return registrations.some((each) => each.ports.some(({ number, protocol }) => (port === undefined || port === number) && protocolGroup(protocol) === 'tls'));
}
