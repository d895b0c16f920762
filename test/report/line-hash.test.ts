import { describe, expect, test } from 'vitest';
import { lineHashes } from '../../src/report/line-hash.ts';

/** Every line's hash. Expected values were worked out with a second implementation of the algorithm, one that rolls over the text. */
function all(text: string): readonly (string | undefined)[] {
  const count = text.split(/\r\n|\r|\n/).length;
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  const hash = lineHashes(text, new Set(numbers));
  return numbers.map(hash);
}

const END = 'c129715d7a2bc9a3:1';

describe('lineHashes', () => {
  test.each([
    ['an empty text has one line', '', [END]],
    ['a line without an end', 'a', ['53b5d4aabe50d64:1']],
    ['the empty line after the last line end is a line', 'kind: Sidecar\n', ['16de0802d4c099f4:1', END]],
    ['an empty line starts at its end', 'a: 1\n\nb: 2', ['4c3b820f08b19dd1:1', 'ef6eb9c77942af1b:1', 'a2e0b3ce8782bc7d:1']],
    ['several lines', 'k: v\nk: v\n', ['b6cf3a98b8834555:1', '5f40ac6fc0f560f4:1', END]],
  ])('%s', (_, text, expected) => expect(all(text)).toEqual(expected));

  test('counts lines that have the same hash', () => {
    const hashes = all('- x\n'.repeat(40));
    expect(hashes.slice(0, 9)).toEqual([...[1, 2, 3, 4, 5, 6, 7].map((n) => `85a458bc3bbb51d0:${n}`), '85a458bc3bbc51a2:1', '85a458bd017240c3:1']);
    expect(new Set(hashes).size).toBe(41);
  });

  test('sees a hundred characters and no further', () => {
    const tail = 'x'.repeat(99);
    expect(all(`a${tail}b`)).toEqual(all(`a${tail}c`));
    expect(all(`a${tail.slice(1)}b`)).not.toEqual(all(`a${tail.slice(1)}c`));
  });

  test.each([
    ['CRLF', 'k: v\r\nk: v\r\n'],
    ['CR', 'k: v\rk: v\r'],
    ['spaces', '  k : v  \n    k:v\n'],
    ['tabs', 'k:\tv\n\tk: v\n\t'],
  ])('%s makes no difference', (_, text) => expect(all(text)).toEqual(all('k: v\nk: v\n')));

  test('gives the lines that are wanted, counted among all', () => {
    const hash = lineHashes('- x\n'.repeat(40), new Set([2]));
    expect([hash(1), hash(2), hash(3)]).toEqual([undefined, '85a458bc3bbb51d0:2', undefined]);
  });

  test('a line beyond the text has none', () => expect(lineHashes('a\n', new Set([3]))(3)).toBeUndefined());
});
