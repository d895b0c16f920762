// `node test/conformance/defects.mjs [--seed N] [--count N] [--show CLASS] [--case N] PATH…`: what the linter says of single defects, by hand.
//
// Takes working configurations (each directory or file of YAML below PATH is one, and each case of a .jsonl file in the form of the conformance
// corpus), puts one random defect into each of `--count` copies, and asks the traffic model about the connections that the objects are there for, before
// and after. Where one of them got worse (fails, is blocked, or slips past the gateway), a finding is due, in the object with the defect. Where none
// did, no finding at error is. Prints both by the kind of defect; `--show` lists the cases of a class (missed, elsewhere, alarm, or a kind of defect).
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { parseAllDocuments, stringify } from 'yaml';
import { mutations } from './mutations.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: 'string', default: '1' }, count: { type: 'string', default: '1000' }, show: { type: 'string' }, case: { type: 'string' } },
});
const { load, Mesh, lint, RULES, expectedConnections, answerProbe, TrafficModel } = await bundled();

const DELIVERED = new Set(['direct', 'originated', 'gateway', 'mesh', 'proxy-answer']);
const random = randomFrom(Number(values.seed));
const pick = (items) => items[Math.floor(random() * items.length)];
const configurations = positionals.flatMap(configurationsIn).filter((docs) => docs.length > 0);
const working = configurations.map((docs) => ({ docs, ...judged(docs) })).filter(({ isClean, calls }) => isClean && calls.length > 0);
process.stdout.write(`${working.length} of ${configurations.length} configurations work and are silent\n`);

const tally = new Map();
const shown = [];
for (let index = 0; index < Number(values.count); index++) {
  const base = pick(working);
  const docs = structuredClone(base.docs);
  const kind = pick(Object.keys(mutations));
  const defect = mutations[kind](docs, { random, pick });
  if (!defect || (values.case !== undefined && Number(values.case) !== index)) continue;
  const after = run(defect.docs ?? docs, base.calls);
  const worse = after.outcomes.map((outcome, at) => [base.outcomes[at], outcome]).find(([was, is]) => isWorse(was, is));
  const found = after.findings.filter(({ severity }) => severity !== 'info');
  const verdict = worse ? verdictOf(found, defect) : found.some(({ severity }) => severity === 'error') ? 'alarm' : found.length > 0 ? 'warned' : 'quiet';
  const counts = tally.get(kind) ?? {};
  counts[verdict] = (counts[verdict] ?? 0) + 1;
  tally.set(kind, counts);
  if ([verdict, kind].includes(values.show) || values.case !== undefined)
    shown.push(
      [
        `#${index} ${kind}: ${defect.what} => ${worse ? worse.join(' -> ') : 'as before'} ${verdict}`,
        ...found.map(({ rule, severity, resource, path: field, message }) => `      ${severity} ${rule} ${resource?.name} ${field}: ${message.slice(0, 160)}`),
        ...(values.case === undefined ? [] : [text(defect.docs ?? docs)]),
      ].join('\n'),
    );
}

const COLUMNS = ['here', 'elsewhere', 'missed', 'quiet', 'warned', 'alarm'];
const rows = [...tally].sort().map(([kind, counts]) => [kind, ...COLUMNS.map((column) => counts[column] ?? 0)]);
const totals = COLUMNS.map((_, index) => rows.reduce((sum, row) => sum + row[index + 1], 0));
rows.push(['all', ...totals]);
for (const line of shown) process.stdout.write(`${line}\n`);
process.stdout.write(`${['', ...COLUMNS].map((cell, index) => (index === 0 ? cell.padEnd(24) : cell.padStart(10))).join('')}\n`);
for (const row of rows) process.stdout.write(`${row.map((cell, index) => (index === 0 ? cell.padEnd(24) : String(cell).padStart(10))).join('')}\n`);
const [here = 0, elsewhere = 0, missed = 0] = totals;
process.stdout.write(`reported ${here + elsewhere} of ${here + elsewhere + missed} that made it worse, ${here} in the object with the defect\n`);

/** A configuration as it is: what its objects are there for, what becomes of it, and whether nothing is said of it. */
function judged(docs) {
  const mesh = meshOf(docs);
  const calls = [...expectedConnections(mesh.mesh)].map(({ probe }) => probe);
  const { findings, outcomes } = run(docs, calls);
  const kept = outcomes.map((outcome, index) => [calls[index], outcome]).filter(([, outcome]) => DELIVERED.has(outcome));
  return {
    isClean: findings.every(({ severity }) => severity === 'info'),
    calls: kept.map(([call]) => call),
    outcomes: kept.map(([, outcome]) => outcome),
  };
}

function run(docs, calls) {
  const { files, mesh } = meshOf(docs);
  const model = new TrafficModel(mesh);
  const outcomes = calls.map((call) => answerProbe(model, call)[0]?.outcome ?? 'none');
  const { findings } = lint(files, mesh, { rules: RULES, severities: new Map(), least: 'warning' });
  return { findings, outcomes };
}

function meshOf(docs) {
  const files = load([{ file: 'defect.yaml', text: text(docs), named: true }]);
  return { files, mesh: new Mesh(files) };
}

function text(docs) {
  return docs.map((doc) => stringify(doc)).join('---\n');
}

/** Delivered otherwise is worse where it was steered; a connection that passes unmanaged is worse than one that a ServiceEntry manages. */
function isWorse(was, is) {
  if (!DELIVERED.has(is)) return true;
  return was === 'gateway' && is !== 'gateway';
}

/** `here`: something is said of an object that the defect is in (of whatever object, where one is gone). */
function verdictOf(found, { touched }) {
  if (found.length === 0) return 'missed';
  const isTouched = (resource) => resource && touched.some(({ kind, name }) => kind === resource.kind && name === resource.name);
  if (touched.length === 0) return 'here';
  return found.some(({ resource, related }) => isTouched(resource) || related.some((each) => isTouched(each.resource))) ? 'here' : 'elsewhere';
}

/** Each directory that holds YAML itself is one configuration; a file that is named is one, too. */
function configurationsIn(name) {
  if (name.endsWith('.jsonl')) return casesOf(name);
  if (!statSync(name).isDirectory()) return [documentsOf([name])];
  const entries = readdirSync(name, { withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name)).map((entry) => path.join(name, entry.name));
  // Fixtures stand beside each other, and each is one.
  const alone = files.filter((file) => /\/(good|fixed|config)[^/]*$/.test(file));
  const whole = path.basename(name) === 'repaired' || files.every((file) => !/\/(good|near|bad|fixed|config)[^/]*$/.test(file)) ? [documentsOf(files)] : [];
  const below = entries.filter((entry) => entry.isDirectory()).flatMap((entry) => configurationsIn(path.join(name, entry.name)));
  return [...alone.filter((file) => !/\/config[^/]*$/.test(file)).map((file) => documentsOf([file])), ...whole, ...below];
}

function documentsOf(files) {
  const docs = files.flatMap((file) => parseAllDocuments(readFileSync(file, 'utf8')).filter((doc) => doc.errors.length === 0));
  return docs.map((doc) => doc.toJS()).filter((doc) => doc?.kind && doc.metadata?.name);
}

/** The recorded meshes in which every connection is delivered. */
function casesOf(name) {
  const cases = readFileSync(name, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  return cases
    .filter(({ probes, mesh }) => !mesh && probes.every(({ expect }) => DELIVERED.has(expect.outcome) || expect.outcome === 'passthrough'))
    .map(({ files }) => files.flatMap(({ text: content }) => parseAllDocuments(content).map((doc) => doc.toJS())).filter((doc) => doc?.kind));
}

/** Mulberry32: the same seed, the same defects. */
function randomFrom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The linter and the model, in one file that Node can load. */
async function bundled() {
  const { build } = await import('esbuild');
  const out = mkdtempSync(path.join(tmpdir(), 'egress-lint-defects-'));
  try {
    const outfile = path.join(out, 'defects.cjs');
    const contents = [
      "export { load, Mesh, lint } from './src/index.ts';",
      "export { RULES } from './rules/index.ts';",
      "export { expectedConnections } from './src/traffic/probes/expected-connections.ts';",
      "export { answerProbe } from './src/traffic/probes/probe.ts';",
      "export { TrafficModel } from './src/traffic/traffic-model.ts';",
    ].join('\n');
    await build({ absWorkingDir: root, stdin: { contents, resolveDir: root, loader: 'ts' }, bundle: true, platform: 'node', format: 'cjs', outfile });
    return createRequire(import.meta.url)(outfile);
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}
