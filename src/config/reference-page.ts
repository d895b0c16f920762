import type { AnyRule } from '../engine/rule.ts';
import type { FieldNode, NumberNode } from '../resources/field.ts';
import { meshConfig } from '../resources/mesh-config.ts';
import { compareText } from '../text/compare-text.ts';
import { configFields, extendsField, meshConfigField, PRESET_NAMES, RULE_SEVERITIES, ruleSetting } from './config-fields.ts';
import { type PresetName, presetSettings } from './presets.ts';

const HEAD = `# Configuration reference

Every key of \`egress-lint.yaml\`, every option of a rule, and what each preset says. Made of the descriptions that the file is checked by, as its JSON Schema is
(\`egress-lint config schema\`); change those, not this page. [Configuration](configuration.md) explains the keys, with examples.
`;

/**
 * The page docs/configuration-reference.md: made of the descriptions that the configuration is checked by, so that it cannot say anything else.
 * @param rules whose options and presets are listed
 */
export function referencePage(rules: readonly AnyRule[]): string {
  return [HEAD, keySection(), optionSection(rules), presetSection(rules)].join('\n');
}

function keySection(): string {
  const taken = untypedFields(meshConfig);
  return `## Keys

\`a.b\` is the key \`b\` inside of \`a\`, \`[]\` each entry of a list, \`NAME\` a name of your choice. A key with nothing behind it is as if it were not there.

${table(rowsOf(configFields, ''))}
Also taken in \`meshConfig\`, as they are in Istio, though nothing follows from them: ${taken.map(code).join(', ')}.
`;
}

function optionSection(rules: readonly AnyRule[]): string {
  const sections = byName(rules).flatMap(({ meta }) => {
    const options = meta.options as FieldNode | undefined;
    return options ? [`### ${link(meta.name)} (${meta.code})\n\n${meta.summary}\n\n${optionTable(options)}`] : [];
  });
  return `## Options of rules

They follow the severity: \`NAME: [SEVERITY, { OPTION: VALUE }]\`. All other rules take a severity alone.

${sections.join('\n')}`;
}

/** The options of a rule, one in each row, in Markdown. */
export function optionTable(options: FieldNode): string {
  return table(rowsOf(options, ''));
}

function presetSection(rules: readonly AnyRule[]): string {
  const presets = new Map(PRESET_NAMES.map((name) => [name, presetSettings(name, rules).rules] as const));
  const heldBy = (name: PresetName, { meta }: AnyRule): string => presets.get(name)?.get(meta.name)?.value.severity ?? (meta.isOptIn ? 'off' : meta.severity);
  const differing = byName(rules).filter((rule) => new Set(PRESET_NAMES.map((name) => heldBy(name, rule))).size > 1);
  const rows = differing.map((rule) => {
    const [plain, ...others] = PRESET_NAMES.map((name) => heldBy(name, rule));
    return [link(rule.meta.name), plain ?? '', ...others.map((severity) => (severity === plain ? severity : `**${severity}**`)), rule.meta.summary];
  });
  const counts = PRESET_NAMES.map((name) => `\`${name}\` ${rules.filter((rule) => heldBy(name, rule) !== 'off').length}`);
  return `## Presets

Of ${rules.length} rules, ${counts.join(', ')} are on. The presets differ in these; in bold what is other than in \`recommended\`. The severities of all others are each rule's
own (\`egress-lint rules\`).

${tableOf(['rule', ...PRESET_NAMES.map(code), 'what it reports'], rows)}`;
}

interface Row {
  readonly key: string;
  readonly field: FieldNode;
}

/** A field and those inside of it, each below the one that holds it. */
function rowsOf(field: FieldNode, key: string): readonly Row[] {
  const own: readonly Row[] = key === '' ? [] : [{ key, field }];
  if (field === meshConfigField) return [...own, ...rowsOf(meshConfig, key).slice(1)];
  switch (field.type) {
    case 'object': {
      const told = Object.entries(field.fields).filter(([, child]) => !child.hidden && holdsDescription(child));
      return [...own, ...told.flatMap(([name, child]) => rowsOf(child, key === '' ? name : `${key}.${name}`))];
    }
    case 'list':
      return [...own, ...rowsOf(field.item, `${key}[]`).slice(1)];
    case 'map':
      return [...own, ...rowsOf(field.value, `${key}.NAME`).slice(1)];
    default:
      return own;
  }
}

function holdsDescription(field: FieldNode): boolean {
  return field.description !== undefined || (field.type === 'object' && Object.values(field.fields).some(holdsDescription));
}

/** The fields right inside of a message that nothing here reads. */
function untypedFields(field: FieldNode): readonly string[] {
  return field.type === 'object' ? Object.entries(field.fields).flatMap(([name, child]) => (child.hidden || holdsDescription(child) ? [] : [name])) : [];
}

function table(rows: readonly Row[]): string {
  const cells = rows.map(({ key, field }) => [code(key), typeText(field), unsetText(field), field.description ?? '']);
  return tableOf(['key', 'type', 'default', 'what it says'], cells);
}

function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`;
  return [head, head.map(() => '---'), ...rows].map(line).join('');
}

function unsetText({ required, default: unset, otherwise }: FieldNode): string {
  if (required) return '**required**';
  return unset === undefined ? (otherwise ?? '') : code(String(unset));
}

function typeText(field: FieldNode): string {
  if (field === extendsField) return 'text, or a list of texts';
  if (field === ruleSetting) return `${RULE_SEVERITIES.map(code).join(', ')}, or a list of one and options`;
  if (field === meshConfigField) return 'mapping';
  switch (field.type) {
    case 'string':
      return 'text';
    case 'enum':
      return field.values.map(code).join(', ');
    case 'boolean':
      return '`true`, `false`';
    case 'integer':
    case 'number':
      return numberText(field);
    case 'list':
      return `list of ${pluralText(field.item)}${field.minItems === undefined ? '' : `, at least ${field.minItems}`}`;
    case 'map':
      return `mapping of names to ${pluralText(field.value)}`;
    case 'object':
      return 'mapping';
    case 'any':
    case 'presence':
      return 'anything';
    default:
      return field satisfies never;
  }
}

function pluralText(field: FieldNode): string {
  if (field.type === 'list') return `lists of ${pluralText(field.item)}`;
  return field.type === 'string' || field.type === 'object' ? `${typeText(field)}s` : typeText(field);
}

function numberText({ type, minimum, maximum }: NumberNode): string {
  const kind = type === 'integer' ? 'whole number' : 'number';
  if (minimum !== undefined && maximum !== undefined) return `${kind}, ${minimum} to ${maximum}`;
  return minimum === undefined ? kind : `${kind}, at least ${minimum}`;
}

function byName(rules: readonly AnyRule[]): readonly AnyRule[] {
  return [...rules].sort((a, b) => compareText(a.meta.name, b.meta.name));
}

function code(text: string): string {
  return `\`${text}\``;
}

function link(rule: string): string {
  return `[${rule}](rules/${rule}.md)`;
}
