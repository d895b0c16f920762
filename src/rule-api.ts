/** What a rule may import: everything else reaches it through its context. Published as `egress-lint/rule`. */
export type { Confidence, Severity } from './engine/finding.ts';
export { type Change, defineRule, type FixPlan, type Place, type ResourcePlace, type RuleContext } from './engine/rule.ts';
export type { LoadedFile } from './mesh/load.ts';
export type { Mesh } from './mesh/mesh.ts';
export type { Problem, RefusedBy } from './resources/field.ts';
export type { KindName, ResourceByKind } from './resources/kinds.ts';
export type { Resource } from './resources/resource.ts';
export type { Path } from './yaml/locate.ts';
