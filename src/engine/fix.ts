import type { TextEdit } from '../text/edit.ts';
import { addEntry } from '../yaml/add-entry.ts';
import { renameKey, replaceScalar } from '../yaml/edit.ts';
import { removeEntry } from '../yaml/remove-entry.ts';
import type { Fix } from './finding.ts';
import type { Change } from './rule.ts';

/**
 * Turns changes into edits of the files' texts. None at all where one of the changes cannot be made, or where two of them touch the same text:
 * half a repair is none.
 */
export function changesToEdits(changes: readonly Change[]): Fix['edits'] {
  const parts = changes.map(editsOf);
  const edits = parts.flat();
  return parts.some((part) => part.length === 0) || overlap(edits) ? [] : edits;
}

function overlap(edits: Fix['edits']): boolean {
  return edits.some((a, i) => edits.some((b, j) => i < j && a.file === b.file && a.start < b.end && b.start < a.end));
}

function editsOf(change: Change): Fix['edits'] {
  if (change.do === 'write') return [{ file: change.at.file.file, ...change.at.span, text: change.text }];
  const { file, document, prefix } = change.at.resource.source;
  const path = [...prefix, ...change.at.path];
  const edits = ((): readonly TextEdit[] => {
    switch (change.do) {
      case 'replace':
        return replaceScalar(file.text, document, path, change.value);
      case 'rename':
        return renameKey(file.text, document, path, change.key);
      case 'remove':
        return removeEntry(file.text, document, path);
      case 'add':
        return addEntry(file.text, document, path, change.key, change.yaml);
      default:
        return change satisfies never;
    }
  })();
  return edits.map(({ start, end, text }) => ({ file: file.file, start, end, text }));
}
