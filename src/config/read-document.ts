import type { SourceText } from '../text/source-text.ts';
import { readYaml } from '../yaml/read-yaml.ts';
import { type ConfigDocument, type ConfigProblem, problemWithin } from './config-problem.ts';

/** Reads a file that holds one document of settings; nothing replaces text in it. */
export function readDocument(source: SourceText): { readonly config: ConfigDocument; readonly problems: readonly ConfigProblem[] } {
  const { documents, problems: syntax, count } = readYaml(source.text, { wants: () => true, strict: true });
  const [document, second] = documents;
  const isUnread = document === undefined && count > 0 && syntax.length === 0;
  const problems = [
    ...syntax.map((each) => problemWithin(source, each, each.message)),
    ...(isUnread
      ? [problemWithin(source, { start: 0, end: 0 }, 'lines of this file are template text', 'write plain YAML: the file is read as it stands')]
      : []),
    ...(second ? [problemWithin(source, second, 'a second document starts here', 'keep all settings in the first one')] : []),
  ];
  return { config: { source, document }, problems };
}
