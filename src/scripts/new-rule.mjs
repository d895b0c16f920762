// `npm run new-rule NAME -- --family FAMILY`: writes what a rule consists of, from the rule itself to its fixtures, with the next free code.
// The result type-checks; its tests fail until somebody says what the rule finds.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { requireNode, root, run } from './prepare.mjs';

/** In the order of their codes: EL1xx, EL2xx, … */
const FAMILIES = ['schema', 'tls', 'hosts', 'ports', 'visibility', 'gateways', 'policy', 'ambient', 'linter'];
const USAGE = `usage: npm run new-rule NAME -- --family ${FAMILIES.join('|')}`;

requireNode();
const { name, family } = readArguments();
const code = nextCode(family);
const files = { ...sources(), ...fixtures() };
for (const [file, text] of Object.entries(files)) {
  const target = path.join(root, file);
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, text, { flag: 'wx' });
}
const status = run(process.execPath, [path.join(root, 'src/scripts/rule-index.mjs')]);
console.log(
  `${code} ${name}:\n${Object.keys(files)
    .map((file) => `  ${file}\n`)
    .join('')}`,
);
console.log(`Say in them what is wrong, then: npx vitest run --config test/vitest.config.ts test/rules.test.ts -t ${name}`);
process.exitCode = status;

function readArguments() {
  const { values, positionals } = parse();
  const [name, ...more] = positionals;
  // `npm run new-rule NAME --family FAMILY` without the `--` in between: npm takes the flag for one of its own.
  const family = values.family ?? process.env.npm_config_family ?? 'schema';
  if (name === undefined || more.length > 0) fail('write one name');
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) fail(`'${name}' is not in kebab-case; it names the defect, so that "allow ${name}" reads right`);
  if (!FAMILIES.includes(family)) fail(`there is no family '${family}'`);
  const taken = readdirSync(path.join(root, 'rules'), { recursive: true, encoding: 'utf8' }).find((file) => path.basename(file, '.ts') === name);
  if (taken !== undefined || existsSync(path.join(root, 'docs/rules', `${name}.md`))) fail(`the rule ${name} exists already`);
  return { name, family };
}

function parse() {
  try {
    return parseArgs({ allowPositionals: true, options: { family: { type: 'string' } } });
  } catch (error) {
    return fail(error.message);
  }
}

function fail(message) {
  process.stderr.write(`error: ${message}\n${USAGE}\n`);
  process.exit(2);
}

/** One more than the highest of the family: a code is never given twice, and a gap may be that of a rule that is gone. */
function nextCode(family) {
  const first = (FAMILIES.indexOf(family) + 1) * 100;
  const codes = [...readFileSync(path.join(root, 'rules/codes.md'), 'utf8').matchAll(/^\| EL(\d{3}) \|/gm)].map((match) => Number(match[1]));
  const next = Math.max(first, ...codes.filter((code) => Math.floor(code / 100) === first / 100)) + 1;
  if (next >= first + 100) fail(`the family ${family} has no code left`);
  return `EL${next}`;
}

function sources() {
  const rule = `import { defineRule } from '../../src/rule-api.ts';

export default defineRule({
  meta: {
    name: '${name}',
    code: '${code}',
    family: '${family}',
    severity: 'warning',
    summary: 'One sentence: what is wrong.',
  },
  messages: {
    wrong: {
      text: 'ServiceEntry {entry}: what is wrong and what follows from it',
      label: 'a few words',
      symptom: 'What people see at run time: the curl error, the status code, the line in the log.',
      help: 'say what to write instead',
    },
  },

  create: ({ report }) => ({
    ServiceEntry(entry) {
      const isWrong = entry.name === '';
      if (isWrong) report('wrong', { resource: entry, path: ['metadata', 'name'] }, { data: { entry: \`\${entry.namespace}/\${entry.name}\` } });
    },
  }),
});
`;
  const page = `# ${name} (${code})

One sentence: what is wrong.

| severity | family | fix |
| --- | --- | --- |
| warning | ${family} | none |

## What you see

The curl error, the status code, Envoy's response flag, the answer of \`kubectl apply\`.

## Why

What Istio does with such a configuration, and why that is not what was meant.

## Wrong

\`\`\`yaml
${entry('rates', 'rates.bank.example')}\`\`\`

## Right

\`\`\`yaml
${entry('rates', 'rates.bank.example')}\`\`\`

## When not to use it

For which configurations, or at which sites, to switch the rule off.

## What it cannot see

What lies outside of the files and would change the verdict.
`;
  return { [`rules/${family}/${name}.ts`]: rule, [`docs/rules/${name}.md`]: page };
}

/** `bad-*` holds the mistake, marked; `good-*` the right way; `near-*` what only looks like the mistake. */
function fixtures() {
  const marked = entry('rates', 'rates.bank.example').replace('  name: rates\n', `  name: rates\n  #     ^^^^^ warning[${name}] what is wrong\n`);
  const directory = `test/rules/${name}`;
  return {
    [`${directory}/bad-example.yaml`]: marked,
    [`${directory}/good-example.yaml`]: entry('rates', 'rates.bank.example'),
    [`${directory}/near-example.yaml`]: entry('quotes', 'quotes.bank.example'),
  };
}

function entry(name, host) {
  return `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata:
  name: ${name}
  namespace: shop
spec:
  hosts: [${host}]
  location: MESH_EXTERNAL
  ports: [{ number: 443, name: tls, protocol: TLS }]
  resolution: DNS
`;
}
