import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { WalkedAlike, walk } from '../../src/files/walk.ts';

const hasGit = spawnSync('git', ['--version']).status === 0;

const names = ['a', 'b', 'build', 'x.yaml', 'y.yaml', 'B.yaml'];
const patterns = [
  '*.yaml',
  '!x.yaml',
  '/a',
  'a/',
  'b/*',
  '!b/x.yaml',
  'build',
  '**/b',
  'a/**',
  '!a/b/',
  '/b/x.yaml',
  'b.yaml',
  '# x.yaml',
  '\\#',
  'y.*  ',
  '!/y.yaml',
  '*',
  '!*/',
  '',
];
const ignoreFile = fc.array(fc.constantFrom(...patterns), { maxLength: 5 }).map((lines) => lines.join('\n'));
const file = fc
  .array(fc.constantFrom(...names.slice(0, 3)), { maxLength: 3 })
  .chain((parts) => fc.constantFrom(...names.slice(3)).map((name) => [...parts, name].join('/')));
const scope = fc.array(fc.constantFrom(...names.slice(0, 3)), { maxLength: 2 }).map((parts) => [...parts, '.gitignore'].join('/'));

test.skipIf(!hasGit)('a walk finds what git would add', () => {
  fc.assert(
    fc.property(fc.array(file, { minLength: 1, maxLength: 12 }), fc.array(fc.tuple(scope, ignoreFile), { maxLength: 3 }), (files, scopes) => {
      const root = realpathSync(mkdtempSync(join(tmpdir(), 'egress-lint-git-')));
      try {
        for (const path of files) write(join(root, path), '');
        for (const [path, text] of scopes) write(join(root, path), text);
        spawnSync('git', ['init', '-q'], { cwd: root });
        const git = spawnSync('git', ['-c', 'core.excludesFile=', '-c', 'core.ignoreCase=false', 'ls-files', '--others', '--exclude-standard', '-z'], {
          cwd: root,
          encoding: 'utf8',
        });
        const expected = git.stdout.split('\0').filter((path) => path.endsWith('.yaml'));
        const found = walk(root).files.map((path) => path.slice(root.length + 1));
        expect(found.sort()).toEqual(expected.sort());
        // Single files are judged as a walk judges them, also those that come one by one.
        const alike = new WalkedAlike(root);
        expect([...new Set(files)].filter((path) => alike.reads(join(root, path))).sort()).toEqual(found);
      } finally {
        rmSync(root, { recursive: true, force: true });
      }
    }),
    {
      numRuns: 50,
      // What an inner file allows again, and what it cannot, for its directory is ignored.
      examples: [
        [
          ['a/x.yaml', 'a/y.yaml', 'b/x.yaml'],
          [
            ['.gitignore', '*.yaml'],
            ['a/.gitignore', '!x.yaml'],
          ],
        ],
        [
          ['a/x.yaml'],
          [
            ['.gitignore', 'a/'],
            ['a/.gitignore', '!x.yaml'],
          ],
        ],
      ],
    },
  );
});

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
