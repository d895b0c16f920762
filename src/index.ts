/** The public API: read YAML into a mesh, run rules over it. Pure: no file system, no clock, no console. */

export { RULES } from '../rules/index.ts';
export { type Answer, type AnswerOptions, Answers, allDelivered } from './engine/answer.ts';
export type { Confidence, Finding, Fix, Location, RelatedLocation, ResourceId, Severity } from './engine/finding.ts';
export { type LintResult, lint, lintMeshes } from './engine/lint.ts';
export type { LintOptions } from './engine/lint-options.ts';
export type { SeverityOverride, SeveritySettings, SeverityTarget } from './engine/severity.ts';
export type { Trace, TracedEnd, TracedField, TracedHop, TracedWire } from './engine/trace.ts';
export type {
  AssumedGateway,
  AssumedMeshConfig,
  AssumedNamespace,
  AssumedPort,
  AssumedSecret,
  AssumedService,
  AssumptionSource,
  Assumptions,
} from './mesh/assumptions.ts';
export { type InputFile, type LoadedFile, type LoadOptions, load } from './mesh/load.ts';
export { Mesh } from './mesh/mesh.ts';
export { type JudgedMesh, type Meshes, type MeshesOptions, type MeshGroup, meshesOf } from './mesh/meshes.ts';
export type { Probe } from './traffic/probes/probe.ts';
export { readClient, readDestination } from './traffic/probes/probe-text.ts';
