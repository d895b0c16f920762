// Microsoft's SARIF validator, with GitHub's rules, reads what the library and the built program write. Errors and warnings fail the test.
// The validator is an npm package of 100 MB: it is installed into a cache directory beside the system's temporary files, not into the project.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const VERSION = '5.7.0';
const root = fileURLToPath(new URL('../..', import.meta.url));
const scratch = mkdtempSync(path.join(tmpdir(), 'egress-lint-sarif-'));
/** Until the project has a home URL, the program cannot say where to read about the tool. */
const WITHOUT_HOME = ['SARIF2005'];
let failures = 0;

try {
  const multitool = installed();
  const fixtures = badFixtures();
  for (const [name, text] of Object.entries(await libraryLogs(fixtures))) check(multitool, name, text, name === 'no-home' ? WITHOUT_HOME : []);
  const program = path.join(root, 'dist/egress-lint.cjs');
  if (existsSync(program)) check(multitool, 'program', programLog(program, fixtures), WITHOUT_HOME);
  else console.log('the program is not built: its output is not checked');
} catch (error) {
  console.error(`error: ${error instanceof Error ? error.message : error}`);
  failures++;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
process.exitCode = failures > 0 ? 1 : 0;

/** The validator's executable, installed if it is not there yet. */
function installed() {
  const name = `@microsoft/sarif-multitool-${process.platform}`;
  const directory = path.join(tmpdir(), `egress-lint-external/sarif-multitool-${VERSION}`);
  const executable = path.join(directory, 'node_modules', name, process.platform === 'win32' ? 'Sarif.Multitool.exe' : 'Sarif.Multitool');
  if (!existsSync(executable)) {
    console.log(`installing ${name} ${VERSION} into ${directory}`);
    mkdirSync(directory, { recursive: true });
    const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
    const options = ['--no-save', '--no-audit', '--no-fund', '--ignore-scripts'];
    const { status } = spawnSync(npm, ['install', '--prefix', directory, ...options, `${name}@${VERSION}`], { cwd: directory, stdio: 'inherit' });
    if (status !== 0 || !existsSync(executable)) {
      throw new Error(
        `cannot install ${name} ${VERSION} with npm; without it SARIF output cannot be validated. It needs the npm registry and about 100 MB of disk.`,
      );
    }
  }
  // Its own install script would do this and nothing else; scripts are off.
  chmodSync(executable, 0o755);
  return executable;
}

/** Every fixture with a mistake in it, by its name from the root. */
function badFixtures() {
  const directory = path.join(root, 'test/rules');
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((file) => path.basename(file).startsWith('bad'));
  return files.sort().map((file) => ({ file: `test/rules/${file.split(path.sep).join('/')}`, text: readFileSync(path.join(directory, file), 'utf8') }));
}

/** What the library makes of the fixtures, and of what no fixture has. */
async function libraryLogs(fixtures) {
  const outfile = path.join(scratch, 'sarif-logs.cjs');
  await build({ absWorkingDir: root, entryPoints: ['test/external/sarif-logs.ts'], bundle: true, platform: 'node', format: 'cjs', outfile });
  const { default: bundle } = await import(pathToFileURL(outfile).href);
  return bundle.sarifLogs(fixtures, (name) => {
    const page = path.join(root, `docs/rules/${name}.md`);
    return existsSync(page) ? readFileSync(page, 'utf8') : undefined;
  });
}

/** What the program prints for the same files. */
function programLog(program, fixtures) {
  const args = [program, '--format', 'sarif', '--exit-zero', ...fixtures.map(({ file }) => file)];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (status !== 0) throw new Error(`the program ended with ${status}: ${stderr}`);
  return stdout;
}

/** Validates a SARIF text, and then one that lacks a message, for the validator passes over a text that it cannot read at all. */
function check(multitool, name, text, expected) {
  const log = JSON.parse(text);
  const problems = validate(multitool, name, text).filter(({ rule }) => !expected.includes(rule));
  for (const { level, rule, message } of problems) console.error(`${name}: ${level} ${rule}: ${message}`);
  for (const result of log.runs[0].results) delete result.message;
  delete log.runs[0].tool.driver.name;
  const isRead = validate(multitool, `${name}-spoiled`, JSON.stringify(log)).some(({ rule }) => rule === 'JSON1002');
  if (!isRead) console.error(`${name}: the validator did not read this file`);
  const isGood = problems.length === 0 && isRead;
  if (!isGood) failures++;
  console.log(`${name}: ${JSON.parse(text).runs[0].results.length} results, ${isGood ? 'valid' : 'not valid'}`);
}

/** What the validator has to say. */
function validate(multitool, name, text) {
  const input = path.join(scratch, `${name}.sarif`);
  const output = path.join(scratch, `${name}.validation.sarif`);
  writeFileSync(input, text);
  const args = ['validate', input, '--rule-kind', 'Sarif;Ghas', '--level', 'Error;Warning', '--output', output, '--log', 'ForceOverwrite'];
  // Without the libraries for other languages .NET does not start, unless it is told that it can do without.
  const env = { ...process.env, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: '1' };
  const { status, stdout, stderr, error } = spawnSync(multitool, args, { encoding: 'utf8', env, maxBuffer: 2 ** 28 });
  if (error || !existsSync(output)) throw new Error(`the validator did not run (${error?.message ?? status}): ${stdout}${stderr}`);
  return JSON.parse(readFileSync(output, 'utf8')).runs.flatMap(({ results = [], tool }) =>
    results.map(({ ruleId, ruleIndex, level, message }) => ({
      rule: ruleId,
      level: level ?? tool.driver.rules?.[ruleIndex]?.defaultConfiguration?.level ?? 'warning',
      message: message.text ?? `${message.id} ${(message.arguments ?? []).join(', ')}`,
    })),
  );
}
