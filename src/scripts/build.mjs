// Builds dist/: the program as a CommonJS bundle with rarely needed parts in files of their own, the library, its types, and the licenses of what is bundled.
// `node src/scripts/build.mjs`; with --program only the program. Everything is made in a new directory first, so that nobody ever sees half of it.
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));
const dist = path.join(root, 'dist');
const out = path.join(root, `node_modules/.dist-${process.pid}`);
const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  charset: 'utf8',
  metafile: true,
  logLevel: 'warning',
  legalComments: 'none',
};
const bundled = new Set();

try {
  mkdirSync(out);
  await buildProgram();
  if (process.argv.includes('--program')) addToDist();
  else {
    await buildLibrary();
    buildTypes();
    writeFileSync(path.join(out, 'THIRD-PARTY-LICENSES'), licenses());
    replaceDist();
  }
} finally {
  rmSync(out, { recursive: true, force: true });
}

/** `import()` in the sources marks what is loaded only when needed: each such module becomes a file of its own beside the main one. */
async function buildProgram() {
  const parts = new Map([[path.join(root, 'src/cli/main.ts'), 'cli']]);
  // Bundling a part may add further ones, which the loop then comes to.
  for (const [entry, name] of parts) await bundle(name, { entryPoints: [entry], plugins: [lazyModules(parts), lazyYaml(), withoutBallast()] });
  await bundle('yaml', { stdin: { contents: `export { ${yamlNames().join(', ')} } from './node_modules/yaml/browser/dist/index.js';`, resolveDir: root } });
  await compileAhead();
  for (const file of ['egress-lint.cjs', 'import-module.cjs', 'own-modules.mjs']) copyFileSync(path.join(root, 'src/cli', file), path.join(out, file));
  chmodSync(path.join(out, 'egress-lint.cjs'), 0o755);
}

async function bundle(name, options) {
  const result = await build({
    ...common,
    ...options,
    format: 'cjs',
    minify: true,
    // One byte for a character: V8 reads such a source in half the time.
    charset: 'ascii',
    // An `import()` becomes a plain require: Node's loader for ES modules costs milliseconds.
    supported: { 'dynamic-import': false },
    outfile: path.join(out, `${name}.cjs`),
  });
  note(result.metafile);
}

function lazyModules(parts) {
  return {
    name: 'lazy-modules',
    setup({ onResolve }) {
      onResolve({ filter: /./ }, ({ kind, path: target, resolveDir }) => {
        if (kind !== 'dynamic-import') return undefined;
        const file = target.startsWith('.') ? path.resolve(resolveDir, target) : fileURLToPath(import.meta.resolve(target));
        const name = path.basename(target, '.ts');
        if (![...parts].every(([other, taken]) => other === file || taken !== name)) throw new Error(`two lazy modules are called ${name}`);
        parts.set(file, name);
        return { path: `./${name}.cjs`, external: true };
      });
    },
  };
}

/** The parser that knows positions is needed only where there is a finding to locate: its names stand for getters that load it. */
function lazyYaml() {
  const getters = yamlNames().map((name) => `  get ${name}() { return require('./yaml.cjs').${name}; },\n`);
  return {
    name: 'lazy-yaml',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^yaml$/ }, () => ({ path: 'yaml', namespace: 'lazy-yaml' }));
      onResolve({ filter: /^\.\/yaml\.cjs$/ }, () => ({ path: './yaml.cjs', external: true }));
      onLoad({ filter: /./, namespace: 'lazy-yaml' }, () => ({ contents: `module.exports = {\n${getters.join('')}};`, resolveDir: root }));
    },
  };
}

/** What the sources import from the parser. Its ES modules, unlike what Node would load, let the rest be left out. */
function yamlNames() {
  const directory = path.join(root, 'src/yaml');
  const text = readdirSync(directory).map((file) => readFileSync(path.join(directory, file), 'utf8'));
  const names = [...text.join('\n').matchAll(/^import \{([^}]*)\} from 'yaml';$/gm)].flatMap((match) => match[1].split(','));
  return [...new Set(names.map((name) => name.trim()).filter((name) => name !== '' && !name.startsWith('type ')))].sort();
}

/** Parts of packages that would load half of Node and that are not used: chalk is told its level, and no command is a program of its own. */
function withoutBallast() {
  return {
    name: 'without-ballast',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^#supports-color$|^node:child_process$/ }, ({ path: name, importer }) =>
        /node_modules.(?:chalk|commander)\b/.test(importer) ? { path: name, namespace: 'ballast' } : undefined,
      );
      onLoad({ filter: /supports-color/, namespace: 'ballast' }, () => ({ contents: 'export default { stdout: false, stderr: false };' }));
      onLoad({ filter: /child_process/, namespace: 'ballast' }, () => ({ contents: 'module.exports = {};' }));
    },
  };
}

/**
 * Keeps V8's compiled code of what a run on a small input needs, for the loader in src/cli/egress-lint.cjs. Good for this very version of
 * Node.js only, and so not part of the package.
 */
async function compileAhead() {
  const scripts = new Map();
  const exportsOf = new Map();
  const outside = createRequire(path.join(out, 'cli.cjs'));
  const load = (name) => {
    if (!name.startsWith('./')) return outside(name);
    if (exportsOf.has(name)) return exportsOf.get(name);
    // Errors name the file as it will be called.
    const filename = path.join(dist, name);
    const text = readFileSync(path.join(out, name), 'latin1');
    const script = new Script(Module.wrap(text), { filename });
    const module = { exports: {} };
    if (/[^\0-\x7f]/.test(text)) throw new Error(`${name} holds more than ASCII: in regular expressions, write \\u…`);
    script.runInThisContext()(module.exports, load, module, filename, dist);
    scripts.set(name, script);
    exportsOf.set(name, module.exports);
    return module.exports;
  };
  const ignored = () => {};
  const io = {
    cwd: root,
    env: {},
    out: ignored,
    err: ignored,
    outIsTerminal: false,
    errIsTerminal: false,
    onInterrupt: ignored,
    columns: undefined,
    now: () => 0,
    packageRoot: root,
  };
  // What the sample runs is compiled; every kind of object and a finding are in it.
  await load('./cli.cjs').run(['examples'], io);
  for (const [name, script] of scripts) writeFileSync(path.join(out, `${name}.cache`), script.createCachedData());
}

/** The library keeps its two parsers as dependencies, so that a program that uses it shares them. */
async function buildLibrary() {
  const entryPoints = { index: 'src/index.ts', 'rule-api': 'src/rule-api.ts' };
  await build({
    ...common,
    entryPoints,
    format: 'esm',
    splitting: true,
    chunkNames: 'shared',
    platform: 'neutral',
    external: ['yaml', 'js-yaml'],
    outdir: out,
  });
}

function buildTypes() {
  const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
  execFileSync(process.execPath, [tsc, '-p', path.join(root, 'tsconfig.types.json'), '--outDir', path.join(out, 'types')], { stdio: ['ignore', 2, 2] });
}

function note(metafile) {
  for (const input of Object.keys(metafile.inputs)) {
    const name = /^.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (name) bundled.add(name[0]);
  }
}

function licenses() {
  const parts = [...bundled].sort().map((directory) => {
    const { name, version, license, author, repository } = JSON.parse(readFileSync(path.join(root, directory, 'package.json'), 'utf8'));
    const file = readdirSync(path.join(root, directory)).find((each) => /^(?:licen[cs]e|copying)/i.test(each));
    if (!file && !license) throw new Error(`${name} has no license`);
    const by = typeof author === 'string' ? author : author?.name;
    const text = file ? readFileSync(path.join(root, directory, file), 'utf8').trim() : `${license}${by ? `, by ${by}` : ''}`;
    const home = typeof repository === 'string' ? repository : repository?.url;
    return `${name} ${version} (${license})${home ? `\n${home}` : ''}\n\n${text}\n`;
  });
  return `The program egress-lint contains these packages.\n\n${parts.join(`\n${'-'.repeat(80)}\n\n`)}`;
}

/** Compiled code must never stand beside a source that it was not made of: it goes first and comes last. */
function addToDist() {
  mkdirSync(dist, { recursive: true });
  const isCompiled = (file) => file.endsWith('.cache');
  for (const file of readdirSync(dist).filter(isCompiled)) rmSync(path.join(dist, file));
  const files = readdirSync(out).sort((a, b) => Number(isCompiled(a)) - Number(isCompiled(b)));
  for (const file of files) renameSync(path.join(out, file), path.join(dist, file));
}

function replaceDist() {
  const old = `${out}-old`;
  if (existsSync(dist)) renameSync(dist, old);
  renameSync(out, dist);
  rmSync(old, { recursive: true, force: true });
}
