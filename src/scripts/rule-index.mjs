// Writes rules/index.ts and rules/codes.md from the rule files, and into the table of docs/coming-from-istioctl-analyze.md which pages of rules
// name a code of istioctl, and docs/egress-lint.schema.json and docs/configuration-reference.md: `node src/scripts/rule-index.mjs`; with --check it only says whether they are current.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { codesPage } from './codes.mjs';

const rulesDirectory = fileURLToPath(new URL('../../rules', import.meta.url));
const codesFile = path.join(rulesDirectory, 'codes.md');
const OWN = [{ code: 'EL903', name: 'crashed-rule', family: 'linter' }];

const rules = readdirSync(rulesDirectory, { recursive: true, encoding: 'utf8' })
  .map((file) => file.split(path.sep).join('/'))
  .filter((file) => file.endsWith('.ts') && file.includes('/'))
  .map((file) => {
    const code = /\bcode: '(EL\d{3})'/.exec(readFileSync(path.join(rulesDirectory, file), 'utf8'))?.[1];
    if (!code) throw new Error(`rules/${file} has no code`);
    return { file, code, name: path.basename(file, '.ts'), family: path.dirname(file) };
  })
  .sort((a, b) => (a.code < b.code ? -1 : 1));

const identifier = (name) => name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
const imports = [...rules].sort((a, b) => (a.file < b.file ? -1 : 1)).map(({ file, name }) => `import ${identifier(name)} from './${file}';`);
const index = `import { OWN_RULES } from '../src/engine/own-rules.ts';
import type { AnyRule } from '../src/engine/rule.ts';
${imports.join('\n')}

/** Every rule, sorted by code. Written by \`node src/scripts/rule-index.mjs\`; a test compares it with the directory. */
export const RULES: readonly AnyRule[] = [
${rules.map(({ name }) => `  ${identifier(name)},`).join('\n')}
  ...OWN_RULES,
];
`;

const root = path.dirname(rulesDirectory);
const guide = path.join(root, 'docs/coming-from-istioctl-analyze.md');

/** The guide with the third column of its table made anew: `| IST0101 | name | rules | remark |`. */
function withRules(text) {
  const known = new Map();
  for (const { name } of rules) {
    const page = readFileSync(path.join(root, `docs/rules/${name}.md`), 'utf8');
    for (const code of new Set(relatedTo(page).match(/\bIST\d{4}\b/g))) known.set(code, [...(known.get(code) ?? []), name]);
  }
  const made = text.replace(/^(\| (IST\d{4}) \|[^|]*\|)[^|]*\|/gm, (_, head, code) => {
    const names = (known.get(code) ?? []).sort();
    known.delete(code);
    return `${head} ${names.map((name) => `[${name}](rules/${name}.md)`).join(', ')} |`.replace('|  |', '| |');
  });
  for (const [code, names] of known) throw new Error(`${names.join(', ')} cites ${code}, for which ${path.basename(guide)} has no row`);
  return made;
}

/** The last section of a page, which says what else the rule is known as. */
function relatedTo(page) {
  return page.split('\n## Related\n')[1] ?? '';
}

/**
 * The JSON Schema of egress-lint.yaml and the reference of its keys, from the descriptions in src/config: they are TypeScript, and so have to be bundled first.
 */
function madeOfConfig() {
  const contents = `import { RULES } from './rules/index.ts';
import { configSchema } from './src/config/json-schema.ts';
import { referencePage } from './src/config/reference-page.ts';
process.stdout.write(JSON.stringify({ schema: configSchema(RULES), page: referencePage(RULES) }));`;
  const options = { absWorkingDir: root, bundle: true, platform: 'node', format: 'cjs', write: false, stdin: { contents, resolveDir: root } };
  const [{ text }] = buildSync(options).outputFiles;
  const { schema, page } = JSON.parse(execFileSync(process.execPath, ['-'], { input: text, cwd: root, encoding: 'utf8' }));
  return { schema: `${JSON.stringify(schema, null, 2)}\n`, page };
}

let stale = false;
write([
  [path.join(rulesDirectory, 'index.ts'), index],
  [codesFile, codesPage([...rules, ...OWN], existsSync(codesFile) ? readFileSync(codesFile, 'utf8') : '')],
  [guide, withRules(readFileSync(guide, 'utf8'))],
]);
// Made of the list of rules, and so after it.
const { schema, page } = madeOfConfig();
write([
  [path.join(root, 'docs/egress-lint.schema.json'), schema],
  [path.join(root, 'docs/configuration-reference.md'), page],
]);
process.exitCode = stale ? 1 : 0;

/** Writes what is not current, or says so. */
function write(files) {
  for (const [target, text] of files) {
    if (existsSync(target) && readFileSync(target, 'utf8') === text) continue;
    if (process.argv.includes('--check')) {
      process.stderr.write(`${path.relative(root, target)} is not current: run node src/scripts/rule-index.mjs\n`);
      stale = true;
    } else writeFileSync(target, text);
  }
}
