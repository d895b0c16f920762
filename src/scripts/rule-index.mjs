// Writes rules/index.ts and rules/codes.md from the rule files: `node src/scripts/rule-index.mjs`; with --check it only says whether they are current.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const rulesDirectory = fileURLToPath(new URL('../../rules', import.meta.url));
const OWN = [['EL903', 'crashed-rule', 'linter']];

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

const rows = [...rules.map(({ code, name, family }) => [code, name, family]), ...OWN].sort();
const codes = `# Codes

A code belongs to its rule for ever: it is never given to another one, not even when the rule is gone. Written by \`node src/scripts/rule-index.mjs\`.

| code | rule | family |
| --- | --- | --- |
${rows.map((row) => `| ${row.join(' | ')} |`).join('\n')}
`;

let stale = false;
for (const [file, text] of [
  ['index.ts', index],
  ['codes.md', codes],
]) {
  const target = path.join(rulesDirectory, file);
  let current = '';
  try {
    current = readFileSync(target, 'utf8');
  } catch {}
  if (current === text) continue;
  if (process.argv.includes('--check')) {
    process.stderr.write(`rules/${file} is not current: run node src/scripts/rule-index.mjs\n`);
    stale = true;
  } else writeFileSync(target, text);
}
process.exitCode = stale ? 1 : 0;
