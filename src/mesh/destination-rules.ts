import type { DestinationRule } from '../resources/destination-rule.ts';
import { groupBy } from './group-by.ts';
import { HostIndex } from './host-index.ts';
import { expandShortName } from './host-name.ts';
import { type Consider, HostRules, type RuleGroup, type TlsInEffect } from './host-rules.ts';
import type { MeshConfig } from './mesh-config.ts';
import { sortedByAge } from './sorted-by-age.ts';
import { isTemplated } from './template-paths.ts';

/** What is asked of the rules: a host, seen from a namespace. */
export interface HostQuery {
  readonly host: string;
  /** The namespace that registers the host. */
  readonly serviceNamespace: string;
  readonly clientNamespace: string;
}

/** A port of a host, seen from a namespace. */
export interface TlsQuery extends HostQuery {
  /** The Service's port number; undefined where the route does not say. */
  readonly port: number | undefined;
  readonly subset: string | undefined;
}

/** What clients of a namespace get of a subset. */
export interface SubsetInEffect {
  readonly isDefined: boolean;
  /** The rule that counts for them, or the first of several; undefined where none does. */
  readonly rule: DestinationRule | undefined;
}

const NO_RULE: TlsInEffect = { decision: undefined, isCertain: true };

/**
 * DestinationRules by host (docs/traffic-model.md, section 6; Istio: pilot/pkg/model/push_context.go, setDestinationRules, destinationRule).
 * Hundreds may share the host of the egress gateway, so nothing here walks over all rules of a host for each question.
 */
export class DestinationRules {
  private readonly index: HostIndex<HostRules>;
  private readonly config: MeshConfig;
  /** N-17: whether it is known which rule is the older of two. */
  private readonly areAgesKnown: boolean;
  /** Whether rules are in view whose host is template text. */
  readonly hasUnknownHosts: boolean;

  constructor(rules: readonly DestinationRule[], config: MeshConfig) {
    this.config = config;
    this.areAgesKnown = rules.every((rule) => rule.creationTimestamp !== undefined);
    const byHost = groupBy(sortedByAge(rules), ({ spec, namespace }) => expandShortName(spec.host ?? '', namespace, config.clusterDomain));
    this.hasUnknownHosts = rules.some((rule) => isTemplated(rule, ['spec', 'host']));
    this.index = new HostIndex([...byHost].map(([host, ofHost]) => [host, new HostRules(ofHost, config)]));
  }

  /** The rules of whatever namespace that define a subset of a host. */
  defining(host: string, subset: string): readonly DestinationRule[] {
    return this.index.covering(host).flatMap((rules) => rules.defining(subset));
  }

  /** Whether any rule in view, of whatever namespace and for whatever clients, makes proxies speak TLS to a host's port and subset, or may once templates are filled in. */
  mayOriginateTls(host: string, port: number | undefined, subset: string | undefined): boolean {
    return this.hasUnknownHosts || this.index.covering(host).some((rules) => rules.mayOriginateTls(port, subset));
  }

  /**
   * D-2: the TLS settings that hold where proxies of a namespace call a host. The first namespace that has any rule for the host wins, without a word from the
   * others: the client's own, the host's, the root; in each the most specific host text (N-5).
   * Where the age of rules decides (D-3, N-17) and is not known, the order of files stands in for it.
   * @param consider rules of other alternatives (`Mesh.belongTogether`) are to be left out
   */
  tlsInEffect(query: TlsQuery, consider: Consider = () => true): TlsInEffect {
    const groups = this.groupsInEffect(query, consider);
    return groups.length === 0 ? NO_RULE : this.merged(groups, query, consider);
  }

  /** D-2, D-7: whether proxies of a namespace get a subset of a host, as far as the rules in view tell. */
  subsetInEffect(query: HostQuery, subset: string, consider: Consider = () => true): SubsetInEffect {
    const groups = this.groupsInEffect(query, consider);
    // Which of several groups counts, age and labels decide (D-3, D-4): a subset in any of them may be there.
    return { isDefined: groups.some((group) => group.isForSome || group.defines(subset, consider)), rule: groups[0]?.first(consider) };
  }

  /** The subsets of a host that rules of these namespaces define. */
  subsetsIn(host: string, namespaces: Iterable<string>): ReadonlySet<string> {
    const all = new Set(namespaces);
    return new Set(this.index.covering(host).flatMap((rules) => [...all].flatMap((namespace) => [...rules.subsetsIn(namespace)])));
  }

  /** The rules whose host is exactly this one, of whatever namespace. */
  of(host: string): readonly DestinationRule[] {
    // Not copied: hundreds of rules may share one host.
    return this.index.named(host)[0]?.all ?? [];
  }

  /** The rules whose host takes a name in, of whatever namespace, the most specific first. */
  covering(host: string): readonly DestinationRule[] {
    return this.index.covering(host).flatMap((rules) => rules.all);
  }

  /** Whether any rule in view takes a name in. */
  coversAny(host: string): boolean {
    return this.index.covering(host).length > 0;
  }

  /** Those of {@link covering} that stand in one of these namespaces. */
  coveringIn(host: string, namespaces: Iterable<string>): readonly DestinationRule[] {
    const all = [...new Set(namespaces)];
    return this.index.covering(host).flatMap((rules) => all.flatMap((namespace) => rules.rulesIn(namespace)));
  }

  private groupsInEffect(query: HostQuery, consider: Consider): readonly RuleGroup[] {
    const covering = this.index.covering(query.host);
    const { clientNamespace, serviceNamespace } = query;
    const root = this.config.rootNamespace;
    for (const rules of covering) {
      const own = rules.inNamespace(clientNamespace)?.groups(clientNamespace === root ? 'private' : 'local', consider) ?? [];
      if (own.length > 0) return own;
    }
    for (const namespace of new Set([serviceNamespace, root])) {
      for (const rules of covering) {
        const exported = rules.inNamespace(namespace)?.groups('exported', consider) ?? [];
        if (exported.length === 0) continue;
        // The host text is chosen before the export is looked at: a hidden exact rule shadows a visible wildcard.
        const visible = exported.filter((group) => group.isExportedTo(clientNamespace));
        if (visible.length > 0) return visible;
        break;
      }
    }
    return [];
  }

  /** D-3: rules of one host and namespace are merged where they are exported alike; of groups that are not, the youngest counts. */
  private merged(groups: readonly RuleGroup[], { port, subset }: TlsQuery, consider: Consider): TlsInEffect {
    const forAll = groups.filter((group) => !group.isForSome);
    const last = forAll.at(-1);
    // D-4: clients that a selector picks have a rule of their own; for the others there may be none left.
    if (!last) return { decision: undefined, isCertain: false };
    const { decision, isCertain } = last.decide(port, subset, consider);
    const isLastForSure = groups.length === 1 || (this.areAgesKnown && forAll.length === groups.length);
    return { decision, isCertain: isLastForSure && (isCertain || (this.areAgesKnown && !last.hasTemplates)) };
  }
}
