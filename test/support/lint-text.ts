import { RULES } from '../../rules/index.ts';
import { type Finding, type InputFile, type LintResult, lint, load, Mesh } from '../../src/index.ts';

/** Lints texts with every rule, as the command line does. */
export function lintFiles(files: readonly InputFile[]): LintResult {
  const loaded = load(files);
  return lint(loaded, new Mesh(loaded), { rules: RULES });
}

/** Lints one text under the name `test.yaml`. */
export function lintText(text: string): readonly Finding[] {
  return lintFiles([{ file: 'test.yaml', text, named: true }]).findings;
}
