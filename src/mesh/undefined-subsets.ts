import type { DestinationRule } from '../resources/destination-rule.ts';
import { slipOf } from '../text/slip.ts';
import type { Mesh } from './mesh.ts';
import type { SubsetDestination } from './routed-subsets.ts';

/** Among more rules for one host than these, what is missing may well lie in a repository of its own. */
const MAX_RULES = 200;

/** What the rules in view say of a subset that none of them defines. */
export interface UndefinedSubset {
  /** The rule that was meant to define it. */
  readonly rule: DestinationRule;
  /** The subset that its name is a slip of, if it is. */
  readonly meant: string | undefined;
  /** The subsets that the rule defines. */
  readonly defined: readonly string[];
  /** Whether nothing out of view can define it: rule and route stand in one file, or nothing lies outside. */
  readonly isCertain: boolean;
}

/** Where a subset that nothing in view defines should have been (docs/traffic-model.md, R-20); undefined where it may as well be outside of the files. */
export function undefinedSubset(mesh: Mesh, { virtualService, host, subset }: SubsetDestination): UndefinedSubset | undefined {
  const ofHost = mesh.destinationRules.of(host);
  const rules = (ofHost.length > MAX_RULES ? [] : ofHost).filter((rule) => rule.spec.subsets.length > 0 && mesh.belongTogether(virtualService, rule));
  const found = (rule: DestinationRule, meant: string | undefined): UndefinedSubset => ({
    rule,
    meant,
    defined: namesIn(rule),
    isCertain: mesh.closedWorld || rule.source.file === virtualService.source.file,
  });
  for (const rule of rules) {
    const meant = slipOf(subset, namesIn(rule));
    if (meant !== undefined) return found(rule, meant);
  }
  // Many rules may share a host, the egress gateway's above all: one of them is not the place where this subset has to be.
  const [rule, another] = rules;
  return rule && !another && isOwnedBy(mesh, host, rule) ? found(rule, undefined) : undefined;
}

/** Whether a rule stands where its host is registered: there the subsets of a host are defined once for all. */
function isOwnedBy(mesh: Mesh, host: string, rule: DestinationRule): boolean {
  return mesh.registry.namespacesOf(host).includes(rule.namespace) && mesh.hasKnownNamespace(rule);
}

function namesIn(rule: DestinationRule): readonly string[] {
  return rule.spec.subsets.flatMap(({ name }) => name ?? []);
}

/**
 * Whether a subset that nothing in view defines should be among what is: DestinationRules are deployed with the VirtualService, in its own namespace or its
 * own file. Not where one of them has a subset of this name, or one that may land in any namespace for a host of this short name: then its host is what is wrong.
 */
export function isMissedBeside(mesh: Mesh, { virtualService, host, subset }: SubsetDestination): boolean {
  const { namespace, source } = virtualService;
  const rules = mesh.all('DestinationRule');
  const [shortName = ''] = host.split('.', 1);
  if (rules.some((rule) => !mesh.hasKnownNamespace(rule) && rule.spec.host === shortName && namesIn(rule).includes(subset))) return false;
  const beside = rules.filter((rule) => rule.source.file === source.file || (rule.namespace === namespace && mesh.areDeployedTogether(rule, virtualService)));
  return beside.length > 0 && !beside.some((rule) => namesIn(rule).includes(subset));
}
