// `npm run --silent conformance -- CASES.jsonl`: what the traffic model makes of each recorded case, one line of JSON for each, in the form of the record.
// `npm run --silent conformance -- --report CASES.jsonl`: how many of the answers are right, by recorded outcome, and the first that are not (--show N).
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ensurePackages, requireNode, root } from './prepare.mjs';

requireNode();
ensurePackages();
const { values, positionals } = parseArgs({ allowPositionals: true, options: { report: { type: 'boolean' }, show: { type: 'string', default: '10' } } });
const [file] = positionals;
if (file === undefined || positionals.length > 1) {
  process.stderr.write('usage: npm run --silent conformance -- [--report [--show N]] CASES.jsonl\n');
  process.exit(2);
}
// npm runs scripts in the package's directory; paths are meant from where the person stands.
const text = readFileSync(path.resolve(process.env.INIT_CWD || process.cwd(), file), 'utf8');
const { answerCase, casesIn, judge, reportOf } = await bundled();
const started = process.cpuUsage();
const cases = casesIn(text);
const answers = cases.map(answerCase);
const { user, system } = process.cpuUsage(started);
if (values.report) process.stdout.write(reportOf(judge(cases, answers), (user + system) / 1e6, Number(values.show)));
else for (const answer of answers) process.stdout.write(`${JSON.stringify(answer)}\n`);

/** The model and its judge, in one file that Node can load. */
async function bundled() {
  const { build } = await import('esbuild');
  const out = mkdtempSync(path.join(tmpdir(), 'egress-lint-conformance-'));
  try {
    const outfile = path.join(out, 'conformance.cjs');
    await build({
      absWorkingDir: root,
      entryPoints: ['test/conformance/main.ts'],
      bundle: true,
      platform: 'node',
      target: 'node20.19',
      format: 'cjs',
      outfile,
      logLevel: 'warning',
    });
    return createRequire(import.meta.url)(outfile);
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}
