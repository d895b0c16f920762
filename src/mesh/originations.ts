import type { DestinationRule } from '../resources/destination-rule.ts';
import type { TlsDecision } from './client-tls.ts';
import type { DestinationRules } from './destination-rules.ts';
import { HostIndex } from './host-index.ts';
import { expandShortName, isWildcard } from './host-name.ts';
import type { RegisteredHost, RegisteredPort, Registry } from './registry.ts';
import { isTemplated } from './template-paths.ts';
import { tlsSettingsOf } from './traffic-policies.ts';

/** A port of a registered host to which a DestinationRule makes some proxies speak TLS. */
export interface Origination extends TlsDecision {
  readonly host: RegisteredHost;
  readonly port: RegisteredPort;
  /** False where the age of rules, the labels of clients or template text could make it another (D-3, D-4). */
  readonly isCertain: boolean;
}

interface Sources {
  readonly rules: readonly DestinationRule[];
  readonly destinationRules: DestinationRules;
  readonly registry: Registry;
  readonly clusterDomain: string;
  readonly belongTogether: (rule: DestinationRule, host: RegisteredHost) => boolean;
}

/** Of the hosts that a wildcard rule covers so many are looked at: enough to show what it does, and no walk over pairs. */
const MAX_HOSTS = 100;

/**
 * D-2, D-5: the registered ports to which the rules' own policies (not those of subsets) make proxies speak TLS: those of the rule's namespace, or of the
 * host's. A rule that another one hides from both is left out.
 */
export function originations(sources: Sources): readonly Origination[] {
  return sources.rules.flatMap((rule) => (rule.spec.trafficPolicy ? ofRule(rule, sources) : []));
}

/** Rules that set TLS for any port or subset of their hosts, by host: where one is in view, its author has thought of TLS. */
export function rulesWithTls(rules: readonly DestinationRule[], clusterDomain: string): HostIndex<DestinationRule> {
  const found = rules.filter((rule) => isTemplated(rule, ['spec', 'trafficPolicy']) || tlsSettingsOf(rule).some(({ tls }) => tls.mode !== 'DISABLE'));
  return new HostIndex(found.map((rule) => [expandShortName(rule.spec.host ?? '', rule.namespace, clusterDomain), rule]));
}

function ofRule(rule: DestinationRule, sources: Sources): readonly Origination[] {
  const name = expandShortName(rule.spec.host ?? '', rule.namespace, sources.clusterDomain);
  const covered = isWildcard(name) ? sources.registry.within(name).slice(0, MAX_HOSTS) : sources.registry.named(name);
  return covered.filter((host) => sources.belongTogether(rule, host)).flatMap((host) => host.ports.flatMap((port) => decided(rule, host, port, sources) ?? []));
}

function decided(rule: DestinationRule, host: RegisteredHost, port: RegisteredPort, sources: Sources): Origination | undefined {
  for (const clientNamespace of new Set([rule.namespace, host.namespace])) {
    if (!sources.registry.isVisible(host, clientNamespace)) continue;
    const query = { host: host.host, serviceNamespace: host.namespace, clientNamespace, port: port.number, subset: undefined };
    const { decision, isCertain } = sources.destinationRules.tlsInEffect(query, (each) => sources.belongTogether(each, host));
    if (decision?.rule === rule && decision.tls.mode !== 'DISABLE') return { ...decision, host, port, isCertain };
  }
  return undefined;
}
