import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { root } from './support/data.ts';

const model = readFileSync(path.join(root, 'docs/traffic-model.md'), 'utf8');
const numbers = [...model.matchAll(/^\*\*([A-Z]-\d+)\b/gm)].map((match) => match[1] ?? '');
const defined = new Set(numbers);

/** Every number of the model that a text names; a range counts by its ends. */
function citedIn(text: string): readonly string[] {
  return [...text.matchAll(/(?<![\w-])[NVSLRDTGEMPA]-\d{1,2}(?![\w-])/g)].map(([id]) => id);
}

function filesUnder(directory: string, extension: string): readonly string[] {
  return readdirSync(path.join(root, directory), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(extension))
    .map((file) => path.join(directory, file));
}

describe('docs/traffic-model.md', () => {
  const citations = [...filesUnder('src', '.ts'), ...filesUnder('rules', '.ts'), ...filesUnder('docs/rules', '.md')].flatMap((file) =>
    citedIn(readFileSync(path.join(root, file), 'utf8')).map((id) => ({ id, file })),
  );

  test('the code and the pages cite it', () => {
    expect(new Set(citations.map(({ id }) => id)).size).toBeGreaterThan(40);
  });

  test('has every number that they cite', () => {
    expect(citations.filter(({ id }) => !defined.has(id)).map(({ id, file }) => `${id} in ${file}`)).toEqual([]);
  });

  test('has every number that it cites itself', () => {
    expect(citedIn(model).filter((id) => !defined.has(id))).toEqual([]);
  });

  test('gives each number once, in order', () => {
    expect(numbers).toHaveLength(defined.size);
    const ranks = numbers.map((id) => [id[0], Number(id.slice(2))] as const);
    for (const [i, [letter, number]] of ranks.entries()) {
      const before = ranks[i - 1];
      if (before && before[0] === letter) expect(number).toBeGreaterThan(before[1]);
    }
  });
});
