import { addEntry, removeEntry, renameKey, replaceScalar } from '../yaml/edit.ts';
import type { Fix } from './finding.ts';
import type { Change } from './rule.ts';

/** Turns changes into edits of the files' texts. A change whose place cannot be found gives none. */
export function changesToEdits(changes: readonly Change[]): Fix['edits'] {
  return changes.flatMap((change) => {
    const { file, document, prefix } = change.at.resource.source;
    const path = [...prefix, ...change.at.path];
    return editsOf(change, file.text, document, path).map((edit) => ({ file: file.file, start: edit.start, end: edit.end, text: edit.text }));
  });
}

function editsOf(change: Change, text: string, document: Parameters<typeof renameKey>[1], path: Parameters<typeof renameKey>[2]) {
  switch (change.do) {
    case 'replace':
      return replaceScalar(text, document, path, change.value);
    case 'rename':
      return renameKey(text, document, path, change.key);
    case 'remove':
      return removeEntry(text, document, path);
    case 'add':
      return addEntry(text, document, path, change.key, change.yaml);
    default:
      return change satisfies never;
  }
}
