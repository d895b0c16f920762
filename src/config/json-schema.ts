import type { AnyRule } from '../engine/rule.ts';
import type { FieldNode, ListNode, ObjectNode } from '../resources/field.ts';
import { meshConfig } from '../resources/mesh-config.ts';
import { compareText } from '../text/compare-text.ts';
import { configFields, extendsField, meshConfigField, PRESET_NAMES, RULE_SEVERITIES, ruleSetting } from './config-fields.ts';

type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * The JSON Schema of `egress-lint.yaml`, for editors: made of the descriptions that the file is checked by.
 * @param rules those whose names are completed
 */
export function configSchema(rules: readonly AnyRule[]): JsonSchema {
  const names = [...rules].sort((a, b) => compareText(a.meta.name, b.meta.name));
  const root = schemaOf(configFields, names);
  const ownRules = { type: ['object', 'null'], propertyNames: { $ref: '#/definitions/ownRuleName' } };
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'egress-lint.yaml',
    ...root,
    // Only plugins, or what is extended, can bring rules that are not ours.
    if: {
      properties: {
        plugins: { type: ['array', 'null'], maxItems: 0 },
        extends: { anyOf: [{ enum: PRESET_NAMES }, { type: 'array', items: { enum: PRESET_NAMES } }, { type: 'null' }] },
      },
    },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: {
      properties: {
        rules: ownRules,
        overrides: { type: ['array', 'null'], items: { type: ['object', 'null'], properties: { rules: ownRules } } },
      },
    },
    definitions: {
      severity: { enum: RULE_SEVERITIES },
      rules: {
        type: ['object', 'null'],
        properties: Object.fromEntries(names.map((rule) => [rule.meta.name, ruleSchema(rule)])),
        additionalProperties: settingSchema(undefined),
      },
      ownRuleName: { anyOf: [{ enum: names.map(({ meta }) => meta.name) }, { type: 'string', pattern: '^[Ee][Ll][0-9]{3}$' }] },
    },
  };
}

function ruleSchema({ meta }: AnyRule): JsonSchema {
  return { description: `${meta.code}: ${meta.summary}`, ...settingSchema(meta.options as FieldNode | undefined) };
}

/** A severity, or a list of it and, where the rule has some, options. */
function settingSchema(options: FieldNode | undefined): JsonSchema {
  const severity = { $ref: '#/definitions/severity' };
  const tuple = (...items: readonly JsonSchema[]): JsonSchema => ({ type: 'array', items, minItems: items.length, maxItems: items.length });
  return { anyOf: [severity, tuple(severity), ...(options ? [tuple(severity, schemaOf(options, []))] : [])] };
}

function schemaOf(field: FieldNode, rules: readonly AnyRule[]): JsonSchema {
  const { description, default: unset } = field;
  return { ...(description !== undefined && { description }), ...(unset !== undefined && { default: unset }), ...typeOf(field, rules) };
}

function typeOf(field: FieldNode, rules: readonly AnyRule[]): JsonSchema {
  if (field === extendsField) return extendsSchema();
  if (field === meshConfigField) return { ...typeOf(meshConfig, rules), type: ['object', 'null'] };
  switch (field.type) {
    case 'string':
      // What reads as a number or a boolean is written in quotes.
      return { type: 'string', ...(field.minLength !== undefined && { minLength: field.minLength }) };
    case 'enum':
      return { enum: field.values };
    case 'boolean':
      return { type: 'boolean' };
    case 'integer':
    case 'number':
      return {
        type: field.type,
        ...(field.minimum !== undefined && { minimum: field.minimum }),
        ...(field.maximum !== undefined && { maximum: field.maximum }),
      };
    case 'list':
      return { type: nullable('array', field), items: schemaOf(field.item, rules), ...(field.minItems !== undefined && { minItems: field.minItems }) };
    case 'map':
      if (field.value === ruleSetting) return { $ref: '#/definitions/rules' };
      return { type: nullable('object', field), additionalProperties: schemaOf(field.value, rules) };
    case 'object':
      return objectSchema(field, rules);
    case 'any':
    case 'presence':
      return {};
    default:
      return field satisfies never;
  }
}

/** A key with nothing behind it says nothing, unless something has to be said. */
function nullable(type: string, { required }: Pick<ListNode, 'required'>): string | readonly string[] {
  return required ? type : [type, 'null'];
}

function objectSchema(field: ObjectNode, rules: readonly AnyRule[]): JsonSchema {
  const shown = Object.entries(field.fields).filter(([, { hidden }]) => !hidden);
  const hidden = Object.entries(field.fields).flatMap(([name, child]) => (child.hidden ? [name] : []));
  const needed = shown.flatMap(([name, child]) => (child.required ? [name] : []));
  return {
    type: nullable('object', field),
    properties: Object.fromEntries(shown.map(([name, child]) => [name, schemaOf(child, rules)])),
    // Taken, and not suggested.
    ...(hidden.length > 0 && { patternProperties: { [`^(?:${hidden.join('|')})$`]: {} } }),
    ...(needed.length > 0 && { required: needed }),
    ...(!field.open && { additionalProperties: false }),
  };
}

/** Presets are completed; files and packages are any text. */
function extendsSchema(): JsonSchema {
  const one = { anyOf: [{ enum: PRESET_NAMES }, { type: 'string', minLength: 1 }] };
  return { anyOf: [...one.anyOf, { type: 'array', items: one }, { type: 'null' }] };
}
