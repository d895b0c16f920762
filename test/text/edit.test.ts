import { expect, test } from 'vitest';
import { applyEdits, type TextEdit } from '../../src/text/edit.ts';

const edit = (start: number, end: number, text: string): TextEdit => ({ start, end, text });

test.each([
  ['none', [], 'abcdef', 0],
  ['a replacement', [edit(1, 3, 'X')], 'aXdef', 1],
  ['in any order', [edit(4, 5, 'Y'), edit(0, 1, 'X')], 'XbcdYf', 2],
  ['an insertion at each end', [edit(0, 0, '<'), edit(6, 6, '>')], '<abcdef>', 2],
  ['insertions at one place keep their order', [edit(2, 2, '1'), edit(2, 2, '2')], 'ab12cdef', 2],
  ['side by side', [edit(0, 2, 'X'), edit(2, 4, 'Y')], 'XYef', 2],
  ['of two that overlap the first', [edit(1, 4, 'Y'), edit(0, 2, 'X')], 'Xcdef', 1],
  ['an insertion where a replacement starts comes first', [edit(2, 4, 'X'), edit(2, 2, '+')], 'ab+Xef', 2],
  ['an insertion inside of a replacement is lost', [edit(1, 4, 'X'), edit(2, 2, '+')], 'aXef', 1],
])('%s', (_, edits, text, applied) => {
  expect(applyEdits('abcdef', edits)).toEqual({ text, applied });
});
