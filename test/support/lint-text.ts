import { RULES } from '../../rules/index.ts';
import { type Assumptions, type Finding, type InputFile, type LintOptions, type LintResult, lint, lintMeshes, load, Mesh, meshesOf } from '../../src/index.ts';

/** Lints texts with every rule, as the command line does. */
export function lintFiles(files: readonly InputFile[], options: Partial<LintOptions> = {}, assumptions: Assumptions = {}): LintResult {
  const loaded = load(files);
  return lint(loaded, new Mesh(loaded, assumptions), { rules: RULES, ...options });
}

/** Lints one text under the name `test.yaml`. */
export function lintText(text: string, options: Partial<LintOptions> = {}, assumptions: Assumptions = {}): readonly Finding[] {
  return lintFiles([{ file: 'test.yaml', text, named: true }], options, assumptions).findings;
}

/** Lints a tree of files, by their names, as the command line does. */
export function lintTree(tree: Readonly<Record<string, string>>): LintResult {
  const loaded = load(Object.entries(tree).map(([file, text]) => ({ file, text })));
  return lintMeshes(loaded, meshesOf(loaded).meshes, { rules: RULES });
}
