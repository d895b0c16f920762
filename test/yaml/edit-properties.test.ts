import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Lexer } from 'yaml';
import { applyEdits, type TextEdit } from '../../src/text/edit.ts';
import { addEntry } from '../../src/yaml/add-entry.ts';
import { renameKey, replaceScalar } from '../../src/yaml/edit.ts';
import type { Path } from '../../src/yaml/locate.ts';
import type { YamlDocument } from '../../src/yaml/read-yaml.ts';
import { removeEntry } from '../../src/yaml/remove-entry.ts';
import { at, CONSTRUCTS, copyOf, pathsInto, readAll, sorted, writtenFiles } from './support.ts';

/** A place in a document of a file. */
interface Place {
  readonly name: string;
  readonly text: string;
  readonly documents: readonly YamlDocument[];
  readonly index: number;
  readonly path: Path;
}

/** One edit at a place, and what it should make of the document's value (a copy, which may be changed). */
interface Trial {
  readonly edits: (text: string, document: YamlDocument, path: Path) => readonly TextEdit[];
  readonly change: (root: unknown) => void;
  readonly removesComments?: boolean;
}

/** Files whose values can be compared: no key stands twice, and no text is masked. */
const files = [...CONSTRUCTS, ...writtenFiles()].filter(({ text }) => text.length < 20_000 && !text.includes('{{') && readAll(text).problems.length === 0);
const places: readonly Place[] = files.flatMap(({ name, text }) => {
  const { documents } = readAll(text);
  return documents.flatMap((document, index) => pathsInto(document.value).map((path) => ({ name, text, documents, index, path })));
});

/**
 * Makes edits at random places. After each, every value of the file must be as before, but for what was asked; and so must the comments.
 * @param trial undefined where nothing can be tried at the place
 */
function checkEdits(trial: (value: unknown, path: Path, run: number) => Trial | undefined): void {
  const runs = 1200;
  let made = 0;
  let tried = 0;
  fc.assert(
    fc.property(fc.constantFrom(...places), ({ name, text, documents, index, path }) => {
      const document = documents[index];
      const tryout = document && trial(at(document.value, path), path, tried);
      if (!document || !tryout) return;
      tried++;
      const edits = tryout.edits(text, document, path);
      if (edits.length === 0) return;
      made++;
      const after = applyEdits(text, edits);
      const context = `${name} ${path.join('.')}\n${after.text}`;
      const expected = documents.map((each) => copyOf(each.value));
      tryout.change(expected[index]);
      const read = readAll(after.text);
      expect(after.applied, context).toBe(edits.length);
      expect(read.problems, context).toEqual([]);
      expect(
        read.documents.map((each) => sorted(each.value)),
        context,
      ).toEqual(expected.map(sorted));
      if (!tryout.removesComments) expect(commentsOf(after.text), context).toEqual(commentsOf(text));
    }),
    { numRuns: runs },
  );
  // Few places cannot be edited.
  expect(made).toBeGreaterThan(runs / 20);
  expect(made / tried).toBeGreaterThan(0.85);
}

/** The comments of a text, in their order. */
function commentsOf(text: string): readonly string[] {
  return [...new Lexer().lex(text)].filter((token) => token.startsWith('#')).map((token) => token.trimEnd());
}

type Mapping = Record<string | number, unknown>;

const holderOf = (root: unknown, path: Path): Mapping => at(root, path.slice(0, -1)) as Mapping;

const VALUES: readonly (string | number | boolean)[] = [
  ...['x', 'api.bank.example', './api.bank.example', 'yes', '443', '*.x', 'a: b', 'it\'s "q"', '', 'a\nb\n', '{a}', '-', '- a', 'a, b', '😀', '#x', 'x #y'],
  ...['@a', '0x1F', '~', ' lead ', 'null', '[', 'a]', '<<', '=', '---', '...', '? a', ': a', 'a:', '!a', '&a', '%a', '|', '>', 'a\tb', '\u0001', '\u0085'],
  ...['\u2028', '\uFEFF', 'é', '\\n', "'", '"', '12:30', '1e3', '.5', 443, 0.5, true, false],
];

test('a replaced scalar has the new value, and nothing else has', () => {
  checkEdits((old, path, run) => {
    const last = path.at(-1);
    if (last === undefined || (typeof old === 'object' && old !== null)) return undefined;
    const value = VALUES[run % VALUES.length] ?? '';
    return {
      edits: (text, document) => replaceScalar(text, document, path, value),
      change: (root) => {
        holderOf(root, path)[last] = value;
      },
    };
  });
});

test('a renamed key keeps its value', () => {
  const names = ['renamed', 'on', '443', 'a: b', '{x', '"', "it's", '*', 'é😀'];
  checkEdits((_, path, run) => {
    const last = path.at(-1);
    const name = names[run % names.length] ?? '';
    if (typeof last !== 'string' || last === name) return undefined;
    return {
      edits: (text, document) => renameKey(text, document, path, name),
      change: (root) => {
        const holder = holderOf(root, path);
        holder[name] = holder[last];
        delete holder[last];
      },
    };
  });
});

test('a removed entry is gone, and nothing else is', () => {
  checkEdits((_, path) => {
    const last = path.at(-1);
    if (last === undefined) return undefined;
    return {
      edits: removeEntry,
      change: (root) => {
        const holder = holderOf(root, path);
        if (Array.isArray(holder)) holder.splice(Number(last), 1);
        else delete holder[last];
      },
      removesComments: true,
    };
  });
});

const ADDITIONS: readonly (readonly [yaml: string, value: unknown])[] = [
  ['SIMPLE', 'SIMPLE'],
  ['on', true],
  ['"443"', '443'],
  ['mode: SIMPLE\nsni: a.example\n', { mode: 'SIMPLE', sni: 'a.example' }],
  ['- a\n- b: 1\n  c: [x, z]\n', ['a', { b: 1, c: ['x', 'z'] }]],
  ['\nports:\n  - number: 443\n    name: tls\n  - number: 80', { ports: [{ number: 443, name: 'tls' }, { number: 80 }] }],
  ['{a: 1, b: "x, y"}', { a: 1, b: 'x, y' }],
  ['[]', []],
  ['|\n  a\n  b\n', 'a\nb\n'],
  ['', null],
];

test('an added entry is there, and nothing else is', () => {
  checkEdits((old, path, run) => {
    if (old !== null && (typeof old !== 'object' || Array.isArray(old))) return undefined;
    const [yaml, value] = ADDITIONS[run % ADDITIONS.length] ?? ['', null];
    return {
      edits: (text, document) => addEntry(text, document, path, 'added', yaml),
      change: (root) => {
        if (old !== null) (at(root, path) as Mapping)['added'] = value;
        else holderOf(root, path)[path.at(-1) ?? ''] = { added: value };
      },
    };
  });
});
