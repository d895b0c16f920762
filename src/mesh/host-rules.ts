import type { DestinationRule } from '../resources/destination-rule.ts';
import { clientTls, type TlsDecision } from './client-tls.ts';
import { groupBy } from './group-by.ts';
import type { MeshConfig } from './mesh-config.ts';
import { isTemplated } from './template-paths.ts';

/** What the rules in view make of a port of a host. */
export interface TlsInEffect {
  /** Undefined where no rule sets TLS for the port: then auto mTLS decides (D-9). */
  readonly decision: TlsDecision | undefined;
  /** False where the age of rules, the labels of the client or template text could make it another. */
  readonly isCertain: boolean;
}

/** Whether a rule is to be looked at: those of other alternatives (`Mesh.belongTogether`) are not. */
export type Consider = (rule: DestinationRule) => boolean;

/** The rules of one host text. There is one of these for nearly every host, so nothing in it is built before it is asked for. */
export class HostRules {
  readonly all: readonly DestinationRule[];
  private readonly config: MeshConfig;
  private lazySubsets: RulesBySubset | undefined;
  private lazyNamespaces: ReadonlyMap<string, NamespaceRules> | undefined;
  private lazyPolicies: readonly DestinationRule[] | undefined;
  /** Rules that make proxies speak TLS to a port, by the port. */
  private originating: Map<number | undefined, readonly DestinationRule[]> | undefined;

  constructor(rules: readonly DestinationRule[], config: MeshConfig) {
    this.all = rules;
    this.config = config;
  }

  /** The subsets that rules of a namespace define, for whomever. */
  subsetsIn(namespace: string): Iterable<string> {
    return this.inNamespace(namespace)?.subsets() ?? [];
  }

  inNamespace(namespace: string): NamespaceRules | undefined {
    this.lazyNamespaces ??= new Map([...groupBy(this.all, (rule) => rule.namespace)].map(([own, rules]) => [own, new NamespaceRules(rules, own, this.config)]));
    return this.lazyNamespaces.get(namespace);
  }

  rulesIn(namespace: string): readonly DestinationRule[] {
    return this.inNamespace(namespace)?.rules ?? [];
  }

  defining(subset: string): readonly DestinationRule[] {
    this.lazySubsets ??= bySubset(this.all);
    return this.lazySubsets.get(subset) ?? [];
  }

  mayOriginateTls(port: number | undefined, subset: string | undefined): boolean {
    const definers = subset === undefined ? [] : this.defining(subset);
    if (definers.some((rule) => isPolicyTemplated(rule) || isTls(clientTls(rule, rule, port, subset)))) return true;
    return this.originatingTo(port).some((rule) => !definers.includes(rule));
  }

  private originatingTo(port: number | undefined): readonly DestinationRule[] {
    const isOriginating = (rule: DestinationRule): boolean => isPolicyTemplated(rule) || isTls(clientTls(undefined, rule, port, undefined));
    if (this.all.length === 1) return this.all.filter(isOriginating);
    this.originating ??= new Map();
    this.lazyPolicies ??= this.all.filter((rule) => rule.spec.trafficPolicy || isPolicyTemplated(rule));
    const known = this.originating.get(port) ?? this.lazyPolicies.filter(isOriginating);
    this.originating.set(port, known);
    return known;
  }
}

/** D-1: the rules of one host text and one namespace, by the set of namespaces that they are exported to. */
class NamespaceRules {
  readonly rules: readonly DestinationRule[];
  private readonly all: readonly RuleGroup[];

  constructor(rules: readonly DestinationRule[], namespace: string, config: MeshConfig) {
    this.rules = rules;
    const [only, another] = rules;
    const groups = only && !another ? [rules] : [...groupBy(rules, (rule) => JSON.stringify([isForSome(rule), exportOf(rule)])).values()];
    this.all = groups.map((group) => new RuleGroup(group, namespace, config));
  }

  subsets(): readonly string[] {
    return this.all.flatMap((group) => [...group.subsets()]);
  }

  /** The groups in one of Istio's three indexes: `local` for clients of the namespace, `exported` for others, `private` where the root namespace is the client's. */
  groups(index: 'local' | 'private' | 'exported', consider: Consider): readonly RuleGroup[] {
    return this.all.filter((group) => group.isIn(index) && group.hasAny(consider));
  }
}

/** D-4: whether a rule is for the clients only that its selector picks. */
function isForSome(rule: DestinationRule): boolean {
  return rule.isSet(['spec', 'workloadSelector']);
}

/** D-1: a rule with a selector is private, whatever it says. */
function exportOf(rule: DestinationRule): readonly string[] {
  if (isForSome(rule)) return PRIVATE;
  const { exportTo } = rule.spec;
  return exportTo.length < 2 ? exportTo : [...new Set(exportTo)].sort();
}

const PRIVATE = ['.'];

/** Rules that Istio merges to one (D-3), the oldest first. */
export class RuleGroup {
  readonly isForSome: boolean;
  /** Whether template text stands in a policy. */
  readonly hasTemplates: boolean;
  private readonly exportTo: readonly string[];
  private readonly namespace: string;
  private readonly isPrivate: boolean;
  private readonly rules: readonly DestinationRule[];
  private readonly withPolicy: readonly DestinationRule[];
  private readonly bySubset: RulesBySubset;
  /** How many modes the rules' own policies say for a port, by the port. */
  private modes: Map<number | undefined, number> | undefined;

  /** @param rules all exported alike */
  constructor(rules: readonly DestinationRule[], namespace: string, config: MeshConfig) {
    this.rules = rules;
    this.isForSome = rules.some(isForSome);
    this.exportTo = rules[0] ? exportOf(rules[0]) : [];
    this.namespace = namespace;
    this.hasTemplates = rules.some(isPolicyTemplated);
    this.withPolicy = rules.every((rule) => rule.spec.trafficPolicy) ? rules : rules.filter((rule) => rule.spec.trafficPolicy);
    this.bySubset = bySubset(rules);
    const [only] = this.exportTo;
    // Of the mesh's default only `.` counts.
    if (this.exportTo.length === 0) this.isPrivate = config.defaultDestinationRuleExportTo.includes('.');
    else this.isPrivate = this.exportTo.length === 1 && (only === '.' || only === namespace);
  }

  subsets(): Iterable<string> {
    return this.bySubset.keys();
  }

  hasAny(consider: Consider): boolean {
    return this.rules.some(consider);
  }

  first(consider: Consider): DestinationRule | undefined {
    return this.rules.find(consider);
  }

  /** Whether a subset is among theirs, or may be once templates are filled in. */
  defines(subset: string, consider: Consider): boolean {
    return this.hasTemplates || (this.bySubset.get(subset) ?? []).some(consider);
  }

  isIn(index: 'local' | 'private' | 'exported'): boolean {
    if (index === 'private') return this.isPrivate;
    if (index === 'exported') return !this.isPrivate;
    return this.exportTo.length === 0 || ['*', '.', this.namespace].some((entry) => this.exportTo.includes(entry));
  }

  isExportedTo(namespace: string): boolean {
    return this.exportTo.length === 0 || this.exportTo.includes('*') || this.exportTo.includes(namespace);
  }

  /** The first rule that defines the subset gives it, the first that has a policy gives that. */
  decide(port: number | undefined, subset: string | undefined, consider: Consider): TlsInEffect {
    const definers = subset === undefined ? [] : (this.bySubset.get(subset) ?? []).filter(consider);
    const decision = clientTls(definers[0], this.withPolicy.find(consider), port, subset);
    const isOwn = decision !== undefined && decision.path[1] === 'subsets';
    const isCertain = definers.length < 2 && (isOwn || this.modesFor(port) < 2) && !this.hasTemplates;
    return { decision, isCertain };
  }

  /** How many modes the rules' own policies say for a port; none is one as well. */
  private modesFor(port: number | undefined): number {
    if (this.withPolicy.length < 2) return this.withPolicy.length;
    this.modes ??= new Map();
    const known = this.modes.get(port) ?? new Set(this.withPolicy.map((rule) => clientTls(undefined, rule, port, undefined)?.tls.mode ?? '')).size;
    this.modes.set(port, known);
    return known;
  }
}

type RulesBySubset = ReadonlyMap<string, readonly DestinationRule[]>;

const NO_SUBSETS: RulesBySubset = new Map();

/** The rules that define each subset; twice, where one defines it twice. */
function bySubset(rules: readonly DestinationRule[]): RulesBySubset {
  const defined = rules.flatMap((rule) => rule.spec.subsets.map(({ name = '' }) => ({ name, rule })));
  if (defined.length === 0) return NO_SUBSETS;
  const groups = groupBy(defined, ({ name }) => name);
  return new Map([...groups].map(([name, group]) => [name, group.map(({ rule }) => rule)]));
}

function isTls(decision: TlsDecision | undefined): boolean {
  return decision !== undefined && decision.tls.mode !== 'DISABLE';
}

/** Whether template text stands in a rule's policies: then its TLS settings are unknown. */
function isPolicyTemplated(rule: DestinationRule): boolean {
  return rule.templates.length > 0 && (isTemplated(rule, ['spec', 'trafficPolicy']) || isTemplated(rule, ['spec', 'subsets']));
}
