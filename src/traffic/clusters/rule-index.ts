import { groupBy } from '../../mesh/group-by.ts';
import { HostIndex } from '../../mesh/host-index.ts';
import type { MeshConfig } from '../../mesh/mesh-config.ts';
import { isSelectedBy } from '../../mesh/workloads.ts';
import { byAge } from '../terms/age.ts';
import type { ProxyNode } from '../terms/proxy-node.ts';
import type { Service } from '../terms/service.ts';
import { type MergedRule, MergedRules } from './merged-rules.ts';
import type { RuleConfig } from './rule-config.ts';

/** Rules of one namespace by host. */
type NamespaceRules = ReadonlyMap<string, HostIndex<MergedRules>>;

/**
 * Which DestinationRule counts for a proxy and a service, with all ages known (D-1 to D-4).
 * `Mesh.destinationRules` answers for rules, which must not rely on ages; this one answers as istiod does.
 * Istio: pilot/pkg/model/push_context.go, setDestinationRules, destinationRule.
 */
export class RuleIndex {
  private readonly config: MeshConfig;
  /** What clients of the namespace use. */
  private readonly local: NamespaceRules;
  /** What is for other namespaces too. */
  private readonly exported: NamespaceRules;
  /** What clients of the root namespace use of its own. */
  private readonly privateInRoot: HostIndex<MergedRules> | undefined;
  /** Namespaces with rules for some Pods only: elsewhere, clients need not be told apart. */
  private readonly withSelectors: ReadonlySet<string>;

  constructor(rules: readonly RuleConfig[], config: MeshConfig) {
    this.config = config;
    const sorted = [...rules].sort(byRuleAge);
    const local = sorted.filter(isLocal);
    this.local = indexed(local);
    this.exported = indexed(
      sorted.filter((rule) => !this.isPrivate(rule)),
      { rules: local, index: this.local },
    );
    this.privateInRoot = indexed(sorted.filter((rule) => rule.namespace === config.rootNamespace && this.isPrivate(rule))).get(config.rootNamespace);
    this.withSelectors = new Set(rules.flatMap((rule) => (rule.selector ? [rule.namespace] : [])));
  }

  /** The rule that counts where a proxy calls a service; undefined where none does. */
  ruleFor(service: Pick<Service, 'host' | 'namespace'>, proxy: Pick<ProxyNode, 'namespace' | 'labels'>): MergedRule | undefined {
    let forAll: MergedRule | undefined;
    for (const rule of this.candidates(service, proxy.namespace)) {
      if (!rule.selector) forAll = rule;
      else if (rule.namespace === proxy.namespace && isSelectedBy(proxy.labels, rule.selector)) return rule;
    }
    return forAll;
  }

  /** D-4: whether rules of a namespace look at the labels of clients. */
  looksAtLabels(namespace: string): boolean {
    return this.withSelectors.has(namespace);
  }

  /** D-2: the first namespace that has any rule for the host. */
  private candidates({ host, namespace }: Pick<Service, 'host' | 'namespace'>, proxyNamespace: string): readonly MergedRule[] {
    const root = this.config.rootNamespace;
    const own = proxyNamespace === root ? this.privateInRoot : this.local.get(proxyNamespace);
    const [ofOwn] = own?.mostSpecific(host) ?? [];
    if (ofOwn) return ofOwn.all;
    for (const each of namespace === root ? [root] : [namespace, root]) {
      const [rules] = this.exported.get(each)?.mostSpecific(host) ?? [];
      // The host text is chosen before the export is looked at: a hidden exact rule shadows a visible wildcard.
      const visible = rules?.all.filter((rule) => isExportedTo(rule, proxyNamespace)) ?? [];
      if (visible.length > 0) return visible;
    }
    return [];
  }

  /** D-1: for its own namespace only. Of the mesh's default nothing but `.` counts. */
  private isPrivate({ exportTo, namespace }: RuleConfig): boolean {
    const [only] = exportTo;
    if (only === undefined) return this.config.defaultDestinationRuleExportTo.includes('.');
    return exportTo.length === 1 && (only === '.' || only === namespace);
  }
}

/** D-3: rules with a selector come first, then the older. */
function byRuleAge(a: RuleConfig, b: RuleConfig): number {
  return Number(b.selector !== undefined) - Number(a.selector !== undefined) || byAge(a.age, b.age);
}

/** D-1: a rule that is exported to other namespaces only is not for its own. */
function isLocal({ exportTo, namespace }: RuleConfig): boolean {
  return exportTo.length === 0 || exportTo.some((entry) => entry === '*' || entry === '.' || entry === namespace);
}

function isExportedTo({ exportTo }: MergedRule, namespace: string): boolean {
  return exportTo.length === 0 || exportTo.includes('*') || exportTo.includes(namespace);
}

/** @param similar another index: namespaces in which the same rules count share what it has */
function indexed(rules: readonly RuleConfig[], similar?: { readonly rules: readonly RuleConfig[]; readonly index: NamespaceRules }): NamespaceRules {
  const others = similar && groupBy(similar.rules, namespaceOf);
  const found = new Map<string, HostIndex<MergedRules>>();
  for (const [namespace, own] of groupBy(rules, namespaceOf)) {
    const shared = areSame(own, others?.get(namespace)) ? similar?.index.get(namespace) : undefined;
    found.set(namespace, shared ?? indexedByHost(own));
  }
  return found;
}

function indexedByHost(rules: readonly RuleConfig[]): HostIndex<MergedRules> {
  const byHost = new Map<string, MergedRules>();
  for (const rule of rules) {
    const merged = byHost.get(rule.host) ?? new MergedRules();
    byHost.set(rule.host, merged);
    merged.add(rule);
  }
  return new HostIndex(byHost);
}

function areSame(a: readonly RuleConfig[], b: readonly RuleConfig[] = []): boolean {
  return a.length === b.length && a.every((rule, index) => rule === b[index]);
}

function namespaceOf({ namespace }: RuleConfig): string {
  return namespace;
}
