import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { RULES } from '../../rules/index.ts';
import { configFields } from '../../src/config/config-fields.ts';
import { readConfig } from '../../src/config/read-config.ts';
import { referencePage } from '../../src/config/reference-page.ts';

const page = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
const schema: object = JSON.parse(readFileSync(new URL('../../docs/egress-lint.schema.json', import.meta.url), 'utf8'));
const isValid = new Ajv({ allowUnionTypes: true, strictTuples: false }).compile(schema);
interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}

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

describe('docs/configuration-reference.md', () => {
  const reference = readFileSync(new URL('../../docs/configuration-reference.md', import.meta.url), 'utf8');
  const section = (heading: string): string => reference.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const rows = (text: string): readonly (readonly string[])[] =>
    [...text.matchAll(/^\| (?:`|\[)(.*) \|$/gm)].map(([, cells = '']) => cells.split(/(?<!\\) \| /).map((cell) => cell.replace(/[`*]|\]\(.*/g, '')));

  /** The keys of a JSON Schema, as the reference writes them. */
  const keysIn = (part: Schema, key = ''): readonly string[] => [
    ...Object.entries(part.properties ?? {}).flatMap(([name, child]) => [key + name, ...keysIn(child, `${key}${name}.`)]),
    ...(part.items ? keysIn(part.items, `${key.slice(0, -1)}[].`) : []),
  ];

  test('is what the descriptions say (node src/scripts/rule-index.mjs)', () => {
    expect(reference).toBe(referencePage(RULES));
  });

  test('has every key of the JSON Schema, with a type, a meaning, and whether it is needed', () => {
    const listed = rows(section('Keys'));
    const names = listed.map(([key]) => key);
    const unread = new Set([...(/^Also taken[^\n]*/m.exec(reference)?.[0] ?? '').matchAll(/`(\w+)`/g)].map(([, name]) => `meshConfig.${name}`));
    const all = keysIn(schema as Schema);
    expect(all.length).toBeGreaterThan(60);
    const startsUnread = (key: string) =>
      key.startsWith('meshConfig.defaultConfig.') || [...unread].some((name) => key === name || key.startsWith(`${name}.`) || key.startsWith(`${name}[`));
    expect(all.filter((key) => !names.includes(key) && !startsUnread(key))).toEqual([]);
    expect(names.filter((key) => !all.includes(key ?? ''))).toEqual([]);
    expect(listed.filter(([, type, , meaning]) => !type || !meaning?.endsWith('.'))).toEqual([]);
    expect(listed.filter(([key, , unset]) => !unset && !key?.startsWith('meshConfig.'))).toEqual([]);
  });

  test('has every option of every rule', () => {
    for (const { meta } of RULES) {
      const part = section('Options of rules').split(`### [${meta.name}]`)[1]?.split('\n### ')[0];
      expect(part !== undefined, meta.name).toBe(meta.options !== undefined);
      if (part !== undefined && meta.options?.type === 'object')
        expect(rows(part).map(([key]) => key)).toEqual(expect.arrayContaining(Object.keys(meta.options.fields)));
    }
  });

  test('says of each rule what the presets make of it', () => {
    const listed = new Map(rows(section('Presets')).map(([name, ...severities]) => [name, severities.slice(0, 3)]));
    expect(listed.size).toBeGreaterThan(5);
    for (const { meta } of RULES) {
      const own = meta.isOptIn ? 'off' : meta.severity;
      const graver = meta.strict ?? meta.severity;
      const expected = [own, meta.strict ?? own, meta.isOptIn || meta.strict ? graver : own];
      expect(listed.get(meta.name) ?? [own, own, own], meta.name).toEqual(expected);
    }
  });
});
