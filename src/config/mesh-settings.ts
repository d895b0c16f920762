import { isRefusedByIstiod } from '../mesh/mesh-config-source.ts';
import { decode } from '../resources/decode.ts';
import type { Problem } from '../resources/field.ts';
import { meshConfig } from '../resources/mesh-config.ts';
import type { Path } from '../yaml/locate.ts';
import { type ConfigDocument, type ConfigProblem, describeProblem, problemAt } from './config-problem.ts';

/**
 * What is wrong with a MeshConfig in a configuration file. istiod takes both spellings of a field and names of enums by their numbers, and ignores
 * fields that it does not know: here those are slips.
 */
export function meshConfigProblems(config: ConfigDocument, raw: unknown): readonly ConfigProblem[] {
  if (raw === undefined || raw === null) return [];
  if (!isMapping(raw)) return [problemAt(config, ['meshConfig'], 'meshConfig must be a mapping', 'write fields of MeshConfig below it')];
  return describe(config, raw, ['meshConfig'], (problem) => problem.type === 'unknown-field' || isRefusedByIstiod(problem));
}

/** For what istiod refuses a MeshConfig; it ignores fields that it does not know. */
export function refusals(config: ConfigDocument, raw: Readonly<Record<string, unknown>>): readonly ConfigProblem[] {
  return describe(config, raw, [], isRefusedByIstiod);
}

function describe(config: ConfigDocument, raw: Readonly<Record<string, unknown>>, at: Path, counts: (problem: Problem) => boolean): readonly ConfigProblem[] {
  const { problems } = decode(meshConfig, raw, at, { labels: {}, namespace: undefined, isPlain: true });
  return problems.filter(counts).map((problem) => describeProblem(config, problem));
}

/** Lays a MeshConfig over another: mappings are merged, everything else is replaced. */
export function mergeMeshConfig(under: Readonly<Record<string, unknown>>, over: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const merged: Record<string, unknown> = { ...under };
  for (const [key, value] of Object.entries(over)) {
    if (key === '__proto__') continue;
    const below = Object.hasOwn(under, key) ? under[key] : undefined;
    merged[key] = isMapping(below) && isMapping(value) ? mergeMeshConfig(below, value) : value;
  }
  return merged;
}

/** Whether a value has keys that can be merged. */
export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
