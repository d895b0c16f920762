// `npm test`: everything that must hold before a commit. `--check` leaves the tests out, `--external` runs test/external/ instead.
// The last line is `N passed, N failed`: tests, and among the failed also each step that failed.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ensurePackages, requireNode, root, run } from './prepare.mjs';

requireNode();
ensurePackages();
const scratch = mkdtempSync(path.join(tmpdir(), 'egress-lint-test-'));
const counts = { passed: 0, failed: 0, skipped: 0 };
try {
  if (process.argv.includes('--external')) external();
  else {
    check();
    if (!process.argv.includes('--check')) tests();
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
const { passed, failed, skipped } = counts;
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exitCode = failed > 0 ? 1 : 0;

function check() {
  step('types', bin('typescript', 'tsc'), ['-p', '.']);
  step('lint and format', bin('@biomejs/biome', 'biome'), ['ci', '--colors=off', '.']);
  step('the list of rules is current', 'src/scripts/rule-index.mjs', ['--check']);
  step('no dead code, no unused packages', bin('knip', 'knip'), []);
  if (step('build', 'src/scripts/build.mjs', [])) step('the package is in order', bin('publint', 'publint'), ['--strict']);
}

function tests() {
  const report = path.join(scratch, 'vitest.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  step('tests', bin('vitest', 'vitest'), ['run', '--config', 'test/vitest.config.ts', ...reporters], () => countTests(report));
}

/** Programs of others that read what we write. Each file under test/external/ is one test; it says itself what it does. */
function external() {
  const directory = path.join(root, 'test/external');
  const files = existsSync(directory) ? readdirSync(directory).filter((file) => file.endsWith('.mjs')) : [];
  if (!step('build', 'src/scripts/build.mjs', [])) return;
  for (const file of files.sort()) if (step(file, path.join(directory, file), [])) counts.passed++;
}

/** Runs a Node program; one that fails is counted, and the steps after it still run. */
function step(name, file, args, count = () => 0) {
  console.log(`\n== ${name}`);
  const status = run(process.execPath, [path.resolve(root, file), ...args], { stdio: 'inherit' });
  const counted = count();
  if (status !== 0 && counted === 0) {
    counts.failed++;
    console.log(`== ${name}: failed`);
  }
  return status === 0;
}

/** Adds up the tests; returns how many failed. */
function countTests(report) {
  if (!existsSync(report)) return 0;
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = JSON.parse(readFileSync(report, 'utf8'));
  counts.passed += numPassedTests;
  counts.failed += numFailedTests;
  counts.skipped += numPendingTests + numTodoTests;
  return numFailedTests;
}

/** The file behind a package's command. */
function bin(name, command) {
  const directory = path.join('node_modules', name);
  const { bin } = JSON.parse(readFileSync(path.join(root, directory, 'package.json'), 'utf8'));
  return path.join(directory, typeof bin === 'string' ? bin : bin[command]);
}
