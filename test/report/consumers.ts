import { Ajv } from 'ajv';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import findingsSchema from '../../docs/findings.schema.json' with { type: 'json' };

/** What the readers of a format demand, as they document it; each gives the problems of a text, which should be none. */

const ajv = new Ajv({ allErrors: true });
const text = { type: 'string', minLength: 1 };
const line = { type: 'integer', minimum: 1 };
const numeral = { type: 'string', pattern: '^\\d+$' };

/** https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format: these properties, a path without `./`, fingerprints each used once. */
const gitlabSchema = {
  type: 'array',
  items: {
    type: 'object',
    required: ['description', 'check_name', 'fingerprint', 'severity', 'location'],
    properties: {
      description: text,
      check_name: text,
      fingerprint: text,
      severity: { enum: ['info', 'minor', 'major', 'critical', 'blocker'] },
      location: {
        type: 'object',
        required: ['path'],
        properties: {
          path: { type: 'string', pattern: '^(?!\\./|/)' },
          positions: {
            type: 'object',
            required: ['begin', 'end'],
            properties: { begin: { $ref: '#/definitions/position' }, end: { $ref: '#/definitions/position' } },
          },
        },
        oneOf: [{ required: ['lines'] }, { required: ['positions'] }],
      },
    },
    additionalProperties: false,
  },
  definitions: { position: { type: 'object', required: ['line', 'column'], properties: { line, column: line } } },
};

/** Jenkins' junit-10.xsd, so far as cases go: suites with a name and counts, cases with a name and a class, failures with a message, a type and text. */
const junitSchema = {
  type: 'object',
  required: ['testsuites'],
  properties: {
    testsuites: {
      type: 'object',
      required: ['@name', '@tests', '@failures', 'testsuite'],
      properties: {
        testsuite: {
          type: 'array',
          minItems: 1,
          items: {
            type: 'object',
            required: ['@name', '@tests', '@failures', '@errors', 'testcase'],
            properties: {
              '@tests': numeral,
              '@failures': numeral,
              '@errors': numeral,
              testcase: {
                type: 'array',
                minItems: 1,
                items: {
                  type: 'object',
                  required: ['@name', '@classname'],
                  properties: {
                    failure: { type: 'object', required: ['@message', '@type', '#text'], properties: { '@message': text, '@type': text, '#text': text } },
                  },
                },
              },
            },
          },
        },
      },
    },
  },
};

/** Checkstyle's XMLLogger: files with a name, errors with these five attributes. */
const checkstyleSchema = {
  type: 'object',
  required: ['checkstyle'],
  properties: {
    checkstyle: {
      type: 'object',
      required: ['@version'],
      properties: {
        file: {
          type: 'array',
          items: {
            type: 'object',
            required: ['@name', 'error'],
            properties: {
              error: {
                type: 'array',
                minItems: 1,
                items: {
                  type: 'object',
                  required: ['@line', '@column', '@severity', '@message', '@source'],
                  properties: { '@line': numeral, '@column': numeral, '@severity': { enum: ['info', 'warning', 'error'] }, '@message': text, '@source': text },
                  additionalProperties: false,
                },
              },
            },
          },
        },
      },
    },
  },
};

const findingSchema = { ...findingsSchema.definitions.finding, definitions: findingsSchema.definitions };

export const gitlabProblems = problemsBy(gitlabSchema);
export const junitProblems = problemsBy(junitSchema);
export const checkstyleProblems = problemsBy(checkstyleSchema);
export const findingProblems = problemsBy(findingSchema);

/** An XML text as a tree: attributes with `@`, elements that may repeat as lists. @throws where it is not well-formed */
export function readXml(xml: string): unknown {
  const verdict = XMLValidator.validate(xml);
  if (verdict !== true) throw new Error(`${verdict.err.msg} (line ${verdict.err.line})`);
  const lists = new Set(['testsuite', 'testcase', 'file', 'error']);
  const parser = new XMLParser({
    attributeNamePrefix: '@',
    ignoreAttributes: false,
    ignoreDeclaration: true,
    parseTagValue: false,
    parseAttributeValue: false,
    trimValues: false,
    isArray: (name: string) => lists.has(name),
  });
  return withoutBlanks(parser.parse(xml));
}

/** White space between elements is only layout. */
function withoutBlanks(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withoutBlanks);
  if (typeof node !== 'object' || node === null) return node;
  const entries = Object.entries(node).filter(([key, value]) => key !== '#text' || String(value).trim() !== '');
  return Object.fromEntries(entries.map(([key, value]) => [key, withoutBlanks(value)]));
}

function problemsBy(schema: object): (value: unknown) => readonly string[] {
  const validate = ajv.compile(schema);
  return (value) =>
    validate(value) ? [] : (validate.errors ?? []).map(({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`);
}
