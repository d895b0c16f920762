import { defineRule, type FixPlan, nameOf, nearest, type Problem, pathText, type ResourcePlace, refusal } from '../../src/rule-api.ts';

type UnknownValue = Extract<Problem, { readonly type: 'unknown-value' }>;

export default defineRule({
  meta: {
    name: 'unknown-value',
    code: 'EL107',
    family: 'schema',
    peers: ['IST0106'],
    severity: 'error',
    summary: 'A value is none of those that the field takes, so the object is refused.',
    fixable: 'safe',
  },
  messages: {
    near: {
      text: "{resource}: {field} cannot be '{value}'; did you mean '{near}'? It takes {allowed}",
      label: "did you mean '{near}'?",
      help: "write '{near}', or another of {allowed}",
    },
    other: { text: "{resource}: {field} cannot be '{value}'; it takes {allowed}", label: 'must be one of {allowed}', help: 'write one of {allowed}' },
  },

  create: ({ mesh, report }) => ({
    Resource(resource) {
      for (const problem of resource.problems) {
        if (problem.type !== 'unknown-value') continue;
        const { value, path } = problem;
        const field = pathText(path);
        const at = { resource, path };
        const near = nearest(value, problem.allowed);
        const data = { resource: nameOf(resource), field, value, allowed: problem.allowed.join(', ') };
        const details = { refusedBy: problem.refusedBy, symptom: refusal(resource, problem, `${field}: Unsupported value: "${value}"`, mesh) };
        if (near === undefined) report('other', at, { data, ...details });
        else report('near', at, { data: { ...data, near }, ...details, fixes: [fix(at, problem, near)] });
      }
    },
  }),
});

function fix(at: ResourcePlace, { value, allowed }: UnknownValue, near: string): FixPlan {
  const isOnly = allowed.filter((each) => isOneLetterOff(value, each)).length === 1;
  return { title: `write '${near}'`, safe: isOnly && isOneLetterOff(value, near), changes: [{ do: 'replace', at, value: near }] };
}

/** Whether two words differ in upper and lower case and in at most one letter. */
function isOneLetterOff(a: string, b: string): boolean {
  const [left, right] = [a.toLowerCase(), b.toLowerCase()];
  const shorter = Math.min(left.length, right.length);
  let start = 0;
  while (start < shorter && left[start] === right[start]) start++;
  let end = 0;
  while (end < shorter - start && left.at(-1 - end) === right.at(-1 - end)) end++;
  return Math.max(left.length, right.length) - start - end <= 1;
}
