import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The rooms from left to right; a file may import from its own room and from those before it. Rooms in one row do not know each other. */
const ROWS = [['text'], ['yaml'], ['resources'], ['mesh'], ['traffic'], ['engine'], ['rule-api'], ['rules'], ['config', 'report'], ['files'], ['cli', 'index']];

/** The rooms within `src/traffic`, in the same way. */
const TRAFFIC_ROWS = [
  ['terms'],
  ['services', 'routes'],
  ['clusters', 'sidecar', 'ambient'],
  ['gateway', 'outcomes'],
  ['gateway-api', 'policy'],
  ['walk'],
  ['traffic-model'],
  ['probes'],
];

/** What each room may import besides: packages, and whether it may touch the system. */
const OUTSIDE: Readonly<Record<string, readonly string[]>> = {
  yaml: ['yaml', 'js-yaml'],
  report: ['chalk', 'sarif', 'fast-xml-builder'],
  config: ['ignore'],
  files: ['node:', 'globby', 'ignore', 'chokidar'],
  cli: ['node:', 'chalk', 'commander', 'diff'],
};

/** What the scripts write, and what starts the program before anything can be imported. */
const LISTS = new Set(['rules/index.ts']);

const files = ['src', 'rules'].flatMap((directory) =>
  readdirSync(join(root, directory), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => posix.join(directory, file.replaceAll('\\', '/'))),
);

/** The room of a file, by its path from the root. */
function roomOf(file: string): string {
  if (file.startsWith('rules/')) return 'rules';
  const [, first = ''] = file.split('/');
  return first.replace(/\.ts$/, '');
}

/** The room of a file of `src/traffic` within it. */
function trafficRoomOf(file: string): string | undefined {
  return /^src\/traffic\/([^/.]+)/.exec(file)?.[1];
}

function importsOf(file: string): readonly string[] {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(/(?:^|\n)\s*(?:import|export)\s[^;'"]*?from\s+'([^']+)'|\bimport\(\s*'([^']+)'\s*\)|(?:^|\n)import\s+'([^']+)'/g)].map(
    (match) => match[1] ?? match[2] ?? match[3] ?? '',
  );
}

function rank(room: string, rows = ROWS): number {
  return rows.findIndex((row) => row.includes(room));
}

/** Whether one room may import another one: itself, or one that stands left of it. */
function sees(from: string, to: string, rows = ROWS): boolean {
  return to === from || rank(to, rows) < rank(from, rows);
}

/** What is wrong with one import, or nothing. */
function violation(file: string, imported: string): string | undefined {
  const from = roomOf(file);
  if (!imported.startsWith('.')) {
    const allowed = OUTSIDE[from] ?? [];
    return allowed.some((each) => imported === each || (each.endsWith(':') && imported.startsWith(each))) ? undefined : `${file} imports ${imported}`;
  }
  const target = relative(root, join(root, dirname(file), imported)).replaceAll('\\', '/');
  if (from === 'rules' && !LISTS.has(file)) return target === 'src/rule-api.ts' ? undefined : `${file} imports ${target}: a rule imports src/rule-api.ts only`;
  const to = roomOf(target);
  if (!sees(from, to)) return `${file} imports ${target}: ${to} does not stand left of ${from}`;
  const [here, there] = [trafficRoomOf(file), trafficRoomOf(target)];
  return here && there && !sees(here, there, TRAFFIC_ROWS) ? `${file} imports ${target}: ${there} does not stand left of ${here}` : undefined;
}

describe('imports', () => {
  test('every file stands in a room', () => {
    expect(files.filter((file) => rank(roomOf(file)) === -1)).toEqual([]);
    expect(files.filter((file) => file.startsWith('src/traffic/') && rank(trafficRoomOf(file) ?? '', TRAFFIC_ROWS) === -1)).toEqual([]);
  });

  test('go one way only', () => {
    expect(files.flatMap((file) => importsOf(file).flatMap((imported) => violation(file, imported) ?? []))).toEqual([]);
  });

  test.each([
    ['src/text/edit.ts', '../yaml/locate.ts'],
    ['src/mesh/mesh.ts', '../engine/lint.ts'],
    ['src/mesh/mesh.ts', 'node:fs'],
    ['src/engine/lint.ts', 'chalk'],
    ['src/traffic/terms/age.ts', '../services/services.ts'],
    ['src/traffic/services/services.ts', '../routes/route-config.ts'],
    ['src/traffic/walk/follow.ts', '../traffic-model.ts'],
    ['src/traffic/traffic-model.ts', './probes/probe.ts'],
    ['src/config/a.ts', '../report/report.ts'],
    ['src/files/walk.ts', '../cli/main.ts'],
    ['src/cli/main.ts', '../index.ts'],
    ['rules/tls/a.ts', '../../src/mesh/mesh.ts'],
    ['rules/tls/a.ts', './b.ts'],
  ])('%s must not import %s', (file, imported) => {
    expect(violation(file, imported)).toBeDefined();
  });

  test.each([
    ['src/yaml/locate.ts', 'yaml'],
    ['src/cli/main.ts', 'node:fs'],
    ['src/files/walk.ts', '../mesh/load.ts'],
    ['src/traffic/walk/send.ts', '../clusters/cluster.ts'],
    ['src/traffic/probes/story.ts', '../traffic-model.ts'],
    ['src/traffic/sidecar/imports.ts', './egress-hosts.ts'],
    ['src/index.ts', '../rules/index.ts'],
    ['rules/tls/a.ts', '../../src/rule-api.ts'],
    ['rules/index.ts', '../src/engine/own-rules.ts'],
  ])('%s may import %s', (file, imported) => {
    expect(violation(file, imported)).toBeUndefined();
  });

  test('are all found', () => {
    expect(importsOf('src/cli/main.ts')).toContain('./lint-command.ts');
    expect(importsOf('src/files/discover.ts')).toContain('globby');
    expect(importsOf('src/rule-api.ts')).toContain('./engine/rule.ts');
  });
});

test('only files and cli speak to the process and the console', () => {
  const speaking = files.filter(
    (file) => !/^src\/(?:files|cli)\//.test(file) && /\b(?:process|console)\.|\bfetch\(|\bDate\.now\b|\bMath\.random\b/.test(code(file)),
  );
  expect(speaking).toEqual([]);
});

describe('files are about one thing', () => {
  const longerThan = (limit: number, under: RegExp) =>
    files.filter((file) => under.test(file) && !LISTS.has(file) && readFileSync(join(root, file), 'utf8').split('\n').length - 1 > limit);

  test('a rule reads from top to bottom in a minute: facts belong to mesh and traffic', () => expect(longerThan(120, /^rules\//)).toEqual([]));
  test('and so does half of any other file', () => expect(longerThan(300, /^src\//)).toEqual([]));
});

/** A file without its comments and strings. */
function code(file: string): string {
  return readFileSync(join(root, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/gm, '');
}
