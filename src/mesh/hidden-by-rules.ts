import type { DestinationRule } from '../resources/destination-rule.ts';
import { farEndExpects, serverPorts } from './far-end.ts';
import type { Mesh } from './mesh.ts';
import type { Origination } from './originations.ts';
import type { SubsetDestination } from './routed-subsets.ts';

/** A client that no namespace of its own gives rules: what all others share. */
const ANY_CLIENT = '';

/** A subset that a rule keeps from the clients of its namespace. */
export interface HiddenSubset {
  readonly destination: SubsetDestination;
  /** The rule that defines it for all others. */
  readonly definer: DestinationRule;
}

/** D-2: a subset that clients of a rule's namespace would get from the namespace of the host or the root, were it not for this rule. */
export function hiddenSubset(mesh: Mesh, rule: DestinationRule): HiddenSubset | undefined {
  const { namespace, spec } = rule;
  const { host = '' } = spec;
  if (!host.includes('.') || rule.isSet(['spec', 'workloadSelector']) || !mesh.hasKnownNamespace(rule) || mesh.clients.hasNone(namespace)) return undefined;
  for (const destination of destinationsAtStake(mesh, host)) {
    const { virtualService, subset } = destination;
    if (!mesh.virtualServices.isVisible(virtualService, namespace) || !mesh.belongTogether(virtualService, rule)) continue;
    const services = mesh.registry.namespacesOf(destination.host);
    if (services.length === 0 || services.includes(namespace) || namespace === mesh.config.rootNamespace) continue;
    const isTogether = (each: DestinationRule) => mesh.belongTogether(virtualService, each);
    const forClient = (clientNamespace: string) =>
      services.map((serviceNamespace) =>
        mesh.destinationRules.subsetInEffect({ host: destination.host, serviceNamespace, clientNamespace }, subset, isTogether),
      );
    const own = forClient(namespace);
    if (own.some(({ isDefined, rule: inEffect }) => isDefined || inEffect !== rule)) continue;
    const shared = forClient(ANY_CLIENT).find(({ isDefined }) => isDefined)?.rule;
    if (shared) return { destination, definer: shared };
  }
  return undefined;
}

/** The routed subsets that a rule for this host may hide: of one host only those that the namespace of the host, or the root, defines. */
function destinationsAtStake(mesh: Mesh, host: string): readonly SubsetDestination[] {
  if (host.startsWith('*')) return mesh.routedSubsets.firstOfEach(host);
  const shared = mesh.destinationRules.subsetsIn(host, [...mesh.registry.namespacesOf(host), mesh.config.rootNamespace]);
  return [...shared].flatMap((subset) => mesh.routedSubsets.to(host, subset)[0] ?? []);
}

/** The TLS to a host outside that a rule without any keeps from the clients of its namespace, so that they send plain HTTP to a TLS port. */
export interface HiddenTls {
  /** The rule that hides the other. */
  readonly rule: DestinationRule;
  readonly origination: Origination;
}

/** Of the rules for one host that many teams have so many are looked at. */
const MAX_RULES = 50;

/** D-2: such rules, each with the first port that it leaves in plaintext. */
export function hiddenTls(mesh: Mesh): readonly HiddenTls[] {
  const found = new Map<DestinationRule, HiddenTls>();
  for (const origination of mesh.originations) {
    const { host, port, tls, rule: shared } = origination;
    const isMeant = host.external && (tls.mode === 'SIMPLE' || tls.mode === 'MUTUAL') && !tls.credentialName && mesh.protocolGroup(port.protocol) === 'http';
    if (!isMeant || !serverPorts(host, port).every((each) => farEndExpects(each) === 'tls')) continue;
    for (const rule of mesh.destinationRules.covering(host.host).slice(0, MAX_RULES)) {
      if (!found.has(rule) && hidesTls(mesh, rule, shared, origination)) found.set(rule, { rule, origination });
    }
  }
  return [...found.values()];
}

function hidesTls(mesh: Mesh, rule: DestinationRule, shared: DestinationRule, { host, port }: Origination): boolean {
  const { namespace } = rule;
  if (rule === shared || namespace === host.namespace || namespace === mesh.config.rootNamespace || namespace === shared.namespace) return false;
  if (!mesh.hasKnownNamespace(rule) || !mesh.hasKnownNamespace(host.resource) || rule.templates.length > 0 || rule.isSet(['spec', 'workloadSelector']))
    return false;
  if (!mesh.belongTogether(rule, shared) || !mesh.registry.isVisible(host, namespace) || mesh.clients.hasNone(namespace)) return false;
  const isTogether = (each: DestinationRule): boolean => mesh.belongTogether(each, host.resource);
  const query = { host: host.host, serviceNamespace: host.namespace, port: port.number, subset: undefined };
  const own = { ...query, clientNamespace: namespace };
  const isHiding =
    mesh.destinationRules.tlsInEffect(own, isTogether).decision === undefined && mesh.destinationRules.subsetInEffect(own, '', isTogether).rule === rule;
  return isHiding && mesh.destinationRules.tlsInEffect({ ...query, clientNamespace: ANY_CLIENT }, isTogether).decision?.rule === shared;
}
