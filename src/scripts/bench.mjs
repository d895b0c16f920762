// `npm run bench`: holds the built program against its budgets. CPU is user and system time of the whole process; where a budget is a ratio,
// the program and its yardstick run in turn, and the median of the ratios counts. Not part of `npm test`: machines differ, and it takes minutes.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { writeMesh, writeTree } from '../../test/bench/generate.mjs';
import { ensureLibraryBuilt, ensurePackages, requireNode, root } from './prepare.mjs';

requireNode();
ensurePackages();
ensureLibraryBuilt();
const { RULES } = await import(pathToFileURL(path.join(root, 'dist/index.js')).href);
const scratch = mkdtempSync(path.join(tmpdir(), 'egress-lint-bench-'));
const rows = [];
try {
  oneFile();
  manyDocuments();
  discovery();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
print();
process.exitCode = rows.every(({ isMet }) => isMet) ? 0 : 1;

function oneFile() {
  const good = 'apiVersion: networking.istio.io/v1\nkind: Sidecar\nmetadata: { name: default, namespace: shop }\nspec:\n  egress:\n    - hosts: ["./*"]\n';
  const files = { good: path.join(scratch, 'good.yaml'), bad: path.join(scratch, 'bad.yaml') };
  writeFileSync(files.good, good);
  writeFileSync(files.bad, good.replace('./*', 'bank.example'));
  for (const [name, file] of Object.entries(files)) {
    const { ratio, ours, theirs } = compare([program(), file], ['-e', '0'], 15);
    add(`one ${name} file, against node -e 0`, `${ratio.toFixed(2)} x`, '1.6 x', ratio <= 1.6, `${seconds(ours)} : ${seconds(theirs)}`);
  }
}

function manyDocuments() {
  const small = mesh('10k', 10_000);
  const reading = [path.join(root, 'test/bench/read-all.mjs'), small];
  // Without rules that ask where a connection goes, the traffic model is not run.
  const off = RULES.filter(({ meta }) => meta.asksPaths).flatMap(({ meta }) => ['--rule', `${meta.name}=off`]);
  for (const [name, flags, budget] of [
    ['without path rules', off, 22],
    ['with all rules', [], 44],
  ]) {
    const { ratio, ours, theirs } = compare([program(), '-q', ...flags, small], reading, 5);
    add(`10k documents ${name}, against reading them`, `${ratio.toFixed(1)} x`, `${budget} x`, ratio <= budget, `${seconds(ours)} : ${seconds(theirs)}`);
  }

  const large = mesh('100k', 100_000);
  const run = compare([program(), '-q', large], [program(), '-q', small], 3);
  add('100k documents, against 10k', `${run.ratio.toFixed(1)} x`, '10.5 x', run.ratio <= 10.5, `${seconds(run.ours)} : ${seconds(run.theirs)}`);
  add('100k documents, memory', `${run.memory.toFixed(0)} MiB`, '500 MiB', run.memory <= 500, '');
}

function discovery() {
  const tree = path.join(scratch, 'tree');
  writeTree(tree, 100_000);
  const cpu = median(Array.from({ length: 7 }, () => measure([program(), '--list-files', tree]).cpu));
  add('100k files with .gitignore, found', seconds(cpu), '0.60 s', cpu <= 0.6, '');
}

function mesh(name, documents) {
  const directory = path.join(scratch, name);
  mkdirSync(directory);
  writeMesh(directory, documents);
  return directory;
}

function program() {
  return path.join(root, 'dist/egress-lint.cjs');
}

/** Runs two commands in turn, after one run of each that does not count. */
function compare(ours, theirs, runs) {
  if (runs > 3) [ours, theirs].forEach(measure);
  const pairs = Array.from({ length: runs }, () => [measure(ours), measure(theirs)]);
  return {
    ratio: median(pairs.map(([a, b]) => a.cpu / b.cpu)),
    ours: median(pairs.map(([a]) => a.cpu)),
    theirs: median(pairs.map(([, b]) => b.cpu)),
    memory: median(pairs.map(([a]) => a.memory)),
  };
}

/** What a Node process used: CPU in seconds, memory at its peak in MiB. */
function measure(args) {
  const usage = path.join(root, 'test/bench/report-usage.cjs');
  const { status, output, error } = spawnSync(process.execPath, ['--require', usage, ...args], {
    cwd: scratch,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (error || (status ?? 2) > 1) throw new Error(`${args.join(' ')} ended with ${status}: ${error?.message ?? output[2]}`);
  return JSON.parse(output[3]);
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

function seconds(cpu) {
  return `${cpu.toFixed(2)} s`;
}

function add(what, measured, budget, isMet, detail) {
  process.stderr.write(`${what}: ${measured}\n`);
  rows.push({ what, measured, budget, isMet, detail });
}

function print() {
  const table = [['', 'measured', 'budget', '', 'CPU'], ...rows.map((row) => [row.what, row.measured, row.budget, row.isMet ? 'ok' : 'MISSED', row.detail])];
  const widths = table[0].map((_, column) => Math.max(...table.map((cells) => cells[column].length)));
  for (const cells of table)
    console.log(
      cells
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column])))
        .join('  ')
        .trimEnd(),
    );
}
