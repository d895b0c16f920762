import { defineRule, nameOf, pathText, refusal } from '../../src/rule-api.ts';

export default defineRule({
  meta: {
    name: 'wrong-type',
    code: 'EL106',
    family: 'schema',
    peers: ['IST0106'],
    severity: 'error',
    summary: 'A value is of another type than the field: text for a number, one value for a list, and the like. The object is refused.',
  },
  messages: {
    wrongType: { text: '{resource}: {field} must be {expected}, but is {actual}', label: 'must be {expected}', help: '{remedy}' },
  },

  create: ({ mesh, report }) => ({
    Resource(resource) {
      for (const problem of resource.problems) {
        if (problem.type !== 'wrong-type') continue;
        const { expected, actual, path } = problem;
        const field = pathText(path);
        report(
          'wrongType',
          { resource, path },
          {
            data: { resource: nameOf(resource), field, expected, actual, remedy: remedy(expected, actual) },
            refusedBy: problem.refusedBy,
            symptom: refusal(resource, problem, `${field}: Invalid value: it must be ${expected}`, mesh),
          },
        );
      }
    },
  }),
});

function remedy(expected: string, actual: string): string {
  if (actual === 'nothing') return 'write a value, or remove the empty item';
  if (expected === 'a list') return "write a list: each value on a line of its own, after '- '";
  if (expected === 'text') return actual.startsWith('the number') ? 'write the name, or put the value between quotes' : 'write one plain value';
  if (expected.endsWith('number') && actual.startsWith('the text')) return 'write the number without quotes and without a unit';
  if (expected === 'true or false') return 'write true or false, without quotes';
  return `write ${expected}`;
}
