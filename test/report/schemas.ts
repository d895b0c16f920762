import sarifSchema from '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json' with { type: 'json' };
import { Ajv, type ValidateFunction } from 'ajv';
import findingsSchema from '../../docs/findings.schema.json' with { type: 'json' };
import traceSchema from '../../docs/trace.schema.json' with { type: 'json' };

/** The official schema of SARIF 2.1.0. It is of JSON Schema draft 4, of which it uses nothing that draft 7 reads otherwise but the name of `id`. */
const { id: _id, $schema: _draft, ...sarif } = sarifSchema;
const validateSarif = new Ajv({ strict: false, unicodeRegExp: false, validateFormats: false, allErrors: true }).compile(sarif);
const validateFindings = new Ajv({ allErrors: true, strictTypes: false }).compile(findingsSchema);
const validateExactly = new Ajv({ allErrors: true, strictTypes: false }).compile(closed(findingsSchema) as object);
const validateTrace = new Ajv({ allErrors: true, strictTypes: false }).compile(closed(traceSchema) as object);

/** What a value breaks in the official schema of SARIF; should be none. */
export const sarifProblems = (value: unknown): readonly string[] => problems(validateSarif, value);

/** What a value breaks in our published schema of findings. */
export const findingsProblems = (value: unknown): readonly string[] => problems(validateFindings, value);

/** As {@link findingsProblems}; properties that the schema does not describe are problems too. */
export const undescribed = (value: unknown): readonly string[] => problems(validateExactly, value);

/** What an answer of `trace` breaks in our published schema; properties that it does not describe are problems too. */
export const traceProblems = (value: unknown): readonly string[] => problems(validateTrace, value);

function problems(validate: ValidateFunction, value: unknown): readonly string[] {
  return validate(value) ? [] : (validate.errors ?? []).map(({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`);
}

/** A schema whose objects have no other properties than those it describes. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  return 'properties' in inner && 'type' in inner ? { ...inner, additionalProperties: false } : inner;
}
