import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { RULES } from '../../rules/index.ts';
import { configFields } from '../../src/config/config-fields.ts';
import { readConfig } from '../../src/config/read-config.ts';

const page = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
const schema: object = JSON.parse(readFileSync(new URL('../../docs/egress-lint.schema.json', import.meta.url), 'utf8'));
const isValid = new Ajv({ allowUnionTypes: true, strictTuples: false }).compile(schema);
const blocks = [...page.matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map(([, text = '']) => text);
const keys = configFields.type === 'object' ? Object.keys(configFields.fields) : [];

describe('docs/configuration.md', () => {
  test.each(blocks)('%s', (text) => {
    expect(readConfig({ file: 'egress-lint.yaml', text }, RULES).problems).toEqual([]);
    expect(isValid(parse(text))).toBe(true);
  });

  test('shows every key in its table and in an example', () => {
    const table = /\| key \|[\s\S]*?\n\n/.exec(page)?.[0] ?? '';
    expect(keys.length).toBeGreaterThan(10);
    expect(keys.filter((key) => !table.includes(`\`${key}\``))).toEqual([]);
    const shown = new Set(blocks.flatMap((text) => Object.keys(parse(text) as object)));
    expect(keys.filter((key) => !shown.has(key))).toEqual([]);
  });

  test('names rules that exist', () => {
    const strict = /- `strict`[\s\S]*?- `all`/.exec(page)?.[0] ?? '';
    const named = [...strict.matchAll(/`([a-z]+-[a-z-]+)`/g)].map(([, name]) => name);
    expect(named.length).toBeGreaterThan(2);
    expect(named.filter((name) => !RULES.some(({ meta }) => meta.name === name && meta.strict))).toEqual([]);
  });
});
