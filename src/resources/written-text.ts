import { locate, type Path } from '../yaml/locate.ts';
import type { Resource } from './resource.ts';

/**
 * The YAML after a field's key, as a file has it: text of one line, or a block that starts with a line break and whose lines start at column 0.
 * @param path relative to the object's root
 * @returns undefined where nothing is written there
 */
export function writtenText(resource: Resource, path: Path): string | undefined {
  const { file, document, prefix } = resource.source;
  const key = locate(file.text, document, [...prefix, ...path], 'key');
  const entry = locate(file.text, document, [...prefix, ...path], 'entry');
  if (!key.exact || !entry.exact) return undefined;
  const isKeyed = key.span.start === entry.span.start && key.span.end < entry.span.end;
  const text = file.text.slice(isKeyed ? key.span.end : entry.span.start, entry.span.end).replace(isKeyed ? /^\s*:[ \t]*/ : /^/, '');
  return dedent(text);
}

function dedent(text: string): string {
  const [first = '', ...rest] = text.split(/\r\n|\n|\r/);
  const indents = rest.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length);
  if (indents.length === 0) return first.trimEnd();
  const indent = Math.min(...indents);
  return [first.trimEnd(), ...rest.map((line) => line.slice(indent))].join('\n');
}
