import { type AnyRule, FAMILIES, type Visitors } from '../engine/rule.ts';
import { decode } from '../resources/decode.ts';
import { any, boolean, type Check, choice, list, map, number, object, required, string } from '../resources/field.ts';
import { KINDS } from '../resources/kinds.ts';
import { nearest } from '../text/nearest.ts';
import { wordsFor } from './config-problem.ts';

const PLAIN = { labels: {}, namespace: undefined, isPlain: true } as const;
const SEVERITIES = ['error', 'warning', 'info'] as const;
const text = () => string({ minLength: 1 });

const webAddress: Check<string> = (value, report) => {
  if (!/^https?:\/\/[^\s/]+/.test(value)) report([], { type: 'malformed-value', value, expected: 'an address that begins with https://' }, 'webhook');
};

/** A rule as a module exports it. */
const ruleFields = object('a rule', {
  meta: required(
    object('meta', {
      name: required(text()),
      code: required(text()),
      family: choice(FAMILIES),
      peers: list(text()),
      severity: required(choice(SEVERITIES)),
      strict: choice(SEVERITIES),
      isOptIn: boolean(),
      summary: required(text()),
      securitySeverity: number({ minimum: 0.1, maximum: 10 }),
      fixable: choice(['safe', 'suggestion']),
      options: any(),
      docs: object('docs', { text: text(), url: string({ checks: [webAddress] }) }),
    }),
  ),
  messages: required(map(object('a message', { text: required(text()), label: text(), symptom: text(), help: text() }))),
  create: required(any()),
});

/** The rules of a module, or what is wrong with it: each problem reads after the module's name. */
export type PluginRules = { readonly rules: readonly AnyRule[] } | { readonly problems: readonly string[] };

/**
 * Checks what a module exports by default: a rule or a list of rules, made with `defineRule` or not.
 * @param module its name as printed
 * @param taken rules whose names and codes are used already
 */
export function pluginRules(exported: unknown, module: string, taken: readonly AnyRule[]): PluginRules {
  if (exported === undefined) return { problems: ["has no default export: write 'export default { meta, messages, create }', or a list of such rules"] };
  const candidates: readonly unknown[] = Array.isArray(exported) ? exported : [exported];
  const known = [...taken];
  const problems: string[] = [];
  const rules: AnyRule[] = [];
  for (const [index, candidate] of candidates.entries()) {
    const found = problemsOf(candidate, known);
    const which = Array.isArray(exported) ? `${nameIn(candidate) ?? `rule ${index + 1}`}: ` : '';
    problems.push(...found.map((problem) => which + problem));
    if (found.length > 0) continue;
    const rule = adopted(candidate as AnyRule, module);
    rules.push(rule);
    known.push(rule);
  }
  return problems.length > 0 ? { problems } : { rules };
}

function problemsOf(candidate: unknown, known: readonly AnyRule[]): readonly string[] {
  if (typeof candidate !== 'object' || candidate === null) return [`is ${candidate === null ? 'null' : `a ${typeof candidate}`}, and no rule`];
  const { problems } = decode(ruleFields, candidate, [], PLAIN);
  if (problems.length > 0) {
    return problems.map((problem) => {
      const { text: words, hint } = wordsFor(problem);
      return (hint === undefined ? words : `${words}; ${hint}`).replace(/^the file/, 'the rule');
    });
  }
  const { meta, create } = candidate as AnyRule;
  return [
    ...(typeof create === 'function' ? [] : ['create must be a function']),
    ...nameProblems(meta.name, known),
    ...codeProblems(meta.code, known),
    ...(canDecode(meta.options) ? [] : ["meta.options is no description: make it with the builders of 'field' from egress-lint/rule"]),
  ];
}

function nameProblems(name: string, known: readonly AnyRule[]): readonly string[] {
  if (!/^[a-z][a-z\d]*(?:-[a-z\d]+)*$/.test(name)) return [`meta.name is '${name}'; write small letters with hyphens between words, as in 'unowned-entry'`];
  return known.some(({ meta }) => meta.name === name) ? [`meta.name '${name}' is taken; choose another`] : [];
}

/** Codes that begin with EL are ours, now and later. */
function codeProblems(code: string, known: readonly AnyRule[]): readonly string[] {
  if (/^EL/i.test(code)) return [`meta.code '${code}' begins with EL, as those of egress-lint itself; choose letters of your own, as in 'ACME001'`];
  if (!/^[A-Z][A-Z\d]*\d$/.test(code)) return [`meta.code is '${code}'; write capital letters and a number, as in 'ACME001'`];
  const other = known.find(({ meta }) => meta.code === code);
  return other ? [`meta.code '${code}' is that of ${other.meta.name}; choose another`] : [];
}

function canDecode(description: unknown): boolean {
  if (description === undefined) return true;
  try {
    return (
      (description as { readonly type?: unknown }).type === 'object' && decode(description as AnyRule['meta']['options'], {}, [], PLAIN).value !== undefined
    );
  } catch {
    return false;
  }
}

function nameIn(candidate: unknown): string | undefined {
  const name = (candidate as AnyRule | undefined)?.meta?.name as unknown;
  return typeof name === 'string' && name !== '' ? name : undefined;
}

/** The rule as one of the run: it says where it comes from, and what it wants to visit is checked. */
function adopted(rule: AnyRule, module: string): AnyRule {
  const { meta, messages } = rule;
  return { meta: { ...meta, family: meta.family ?? 'policy', module }, messages, create: (context) => checkedVisitors(rule.create(context)) };
}

const OTHER_VISITORS = ['Resource', 'File', 'Mesh', 'Path', 'Suppression'];

function checkedVisitors(visitors: unknown): Visitors {
  if (typeof visitors !== 'object' || visitors === null) throw new Error('create has to return an object of visitors, as in { ServiceEntry(entry) { … } }');
  for (const [name, visit] of Object.entries(visitors)) {
    if (!Object.hasOwn(KINDS, name) && !OTHER_VISITORS.includes(name)) {
      const meant = nearest(name, [...Object.keys(KINDS), ...OTHER_VISITORS]);
      throw new Error(`create gives a visitor '${name}', which is no kind that is read${meant === undefined ? '' : `; did you mean '${meant}'?`}`);
    }
    if (typeof visit !== 'function') throw new Error(`the visitor '${name}' has to be a function`);
  }
  return visitors;
}
