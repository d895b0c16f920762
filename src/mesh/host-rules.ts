import type { DestinationRule } from '../resources/destination-rule.ts';
import { clientTls, type TlsDecision } from './client-tls.ts';
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

/** The rules of one host text. */
export class HostRules {
  readonly all: DestinationRule[] = [];
  private readonly bySubset = new Map<string, DestinationRule[]>();
  private readonly byNamespace = new Map<string, NamespaceRules>();
  private readonly withPolicy: DestinationRule[] = [];
  /** Rules that make proxies speak TLS to a port, by the port. */
  private readonly originating = new Map<number | undefined, readonly DestinationRule[]>();
  private readonly config: MeshConfig;

  constructor(config: MeshConfig) {
    this.config = config;
  }

  add(rule: DestinationRule): void {
    this.all.push(rule);
    const ofNamespace = this.byNamespace.get(rule.namespace) ?? new NamespaceRules(this.config);
    this.byNamespace.set(rule.namespace, ofNamespace);
    ofNamespace.add(rule);
    if (rule.spec.trafficPolicy || isPolicyTemplated(rule)) this.withPolicy.push(rule);
    addSubsets(this.bySubset, rule);
  }

  /** The subsets that rules of a namespace define, for whomever. */
  subsetsIn(namespace: string): Iterable<string> {
    return this.byNamespace.get(namespace)?.subsets() ?? [];
  }

  inNamespace(namespace: string): NamespaceRules | undefined {
    return this.byNamespace.get(namespace);
  }

  defining(subset: string): readonly DestinationRule[] {
    return this.bySubset.get(subset) ?? [];
  }

  mayOriginateTls(port: number | undefined, subset: string | undefined): boolean {
    const definers = subset === undefined ? [] : this.defining(subset);
    if (definers.some((rule) => isPolicyTemplated(rule) || isTls(clientTls(rule, rule, port, subset)))) return true;
    return this.originatingTo(port).some((rule) => !definers.includes(rule));
  }

  private originatingTo(port: number | undefined): readonly DestinationRule[] {
    const known = this.originating.get(port) ?? this.withPolicy.filter((rule) => isPolicyTemplated(rule) || isTls(clientTls(undefined, rule, port, undefined)));
    this.originating.set(port, known);
    return known;
  }
}

/** D-1: the rules of one host text and one namespace, by the set of namespaces that they are exported to. */
class NamespaceRules {
  private readonly all = new Map<string, RuleGroup>();
  private readonly config: MeshConfig;

  constructor(config: MeshConfig) {
    this.config = config;
  }

  add(rule: DestinationRule): void {
    const isForSome = rule.isSet(['spec', 'workloadSelector']);
    // D-1: a rule with a selector is private, whatever it says.
    const exportTo = isForSome ? ['.'] : [...new Set(rule.spec.exportTo)].sort();
    const key = JSON.stringify([isForSome, exportTo]);
    const group = this.all.get(key) ?? new RuleGroup(isForSome, exportTo, rule.namespace, this.config);
    this.all.set(key, group);
    group.add(rule);
  }

  subsets(): readonly string[] {
    return [...this.all.values()].flatMap((group) => [...group.subsets()]);
  }

  /** The groups in one of Istio's three indexes: `local` for clients of the namespace, `exported` for others, `private` where the root namespace is the client's. */
  groups(index: 'local' | 'private' | 'exported', consider: Consider): readonly RuleGroup[] {
    return [...this.all.values()].filter((group) => group.isIn(index) && group.hasAny(consider));
  }
}

/** Rules that Istio merges to one (D-3), the oldest first. */
export class RuleGroup {
  readonly isForSome: boolean;
  private readonly exportTo: readonly string[];
  private readonly namespace: string;
  private readonly isPrivate: boolean;
  private readonly rules: DestinationRule[] = [];
  /** Whether template text stands in a policy. */
  hasTemplates = false;
  private readonly withPolicy: DestinationRule[] = [];
  private readonly bySubset = new Map<string, DestinationRule[]>();
  /** What the rules' own policies say for a port, by the port: modes, '' for none. */
  private readonly modes = new Map<number | undefined, ReadonlySet<string>>();

  constructor(isForSome: boolean, exportTo: readonly string[], namespace: string, config: MeshConfig) {
    this.isForSome = isForSome;
    this.exportTo = exportTo;
    this.namespace = namespace;
    const [only] = exportTo;
    // Of the mesh's default only `.` counts.
    if (exportTo.length === 0) this.isPrivate = config.defaultDestinationRuleExportTo.includes('.');
    else this.isPrivate = exportTo.length === 1 && (only === '.' || only === namespace);
  }

  add(rule: DestinationRule): void {
    this.rules.push(rule);
    this.hasTemplates ||= isPolicyTemplated(rule);
    if (rule.spec.trafficPolicy) this.withPolicy.push(rule);
    addSubsets(this.bySubset, rule);
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
    const isCertain = definers.length < 2 && (isOwn || this.modesFor(port).size < 2) && !this.hasTemplates;
    return { decision, isCertain };
  }

  private modesFor(port: number | undefined): ReadonlySet<string> {
    const known = this.modes.get(port) ?? new Set(this.withPolicy.map((rule) => clientTls(undefined, rule, port, undefined)?.tls.mode ?? ''));
    this.modes.set(port, known);
    return known;
  }
}

function addSubsets(index: Map<string, DestinationRule[]>, rule: DestinationRule): void {
  for (const { name = '' } of rule.spec.subsets) {
    const list = index.get(name);
    if (list) list.push(rule);
    else index.set(name, [rule]);
  }
}

function isTls(decision: TlsDecision | undefined): boolean {
  return decision !== undefined && decision.tls.mode !== 'DISABLE';
}

/** Whether template text stands in a rule's policies: then its TLS settings are unknown. */
function isPolicyTemplated(rule: DestinationRule): boolean {
  return rule.templates.length > 0 && (isTemplated(rule, ['spec', 'trafficPolicy']) || isTemplated(rule, ['spec', 'subsets']));
}
