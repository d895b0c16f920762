import { defineRule, nameOf, pathText, refusal } from '../../src/rule-api.ts';

export default defineRule({
  meta: {
    name: 'out-of-range',
    code: 'EL108',
    family: 'schema',
    peers: ['IST0106'],
    severity: 'error',
    summary: 'A number is too small or too large, a text or a list too short or too long, so the object is refused.',
  },
  messages: {
    outOfRange: { text: '{resource}: {field} is {value}, but must be {range}', label: 'must be {range}', help: 'write a value that is {range}' },
  },

  create: ({ mesh, report }) => ({
    Resource(resource) {
      for (const problem of resource.problems) {
        if (problem.type !== 'out-of-range') continue;
        const field = pathText(problem.path);
        report(
          'outOfRange',
          { resource, path: problem.path },
          {
            data: { resource: nameOf(resource), field, value: problem.value === '' ? 'empty' : problem.value, range: plainRange(problem.range) },
            refusedBy: problem.refusedBy,
            symptom: refusal(resource, problem, `${field}: Invalid value`, mesh),
          },
        );
      }
    },
  }),
});

/** `0 to ` has no upper bound, ` to 5` no lower one. */
function plainRange(range: string): string {
  return range.replace(/^(\S+) to $/, '$1 or more').replace(/^ to (\S+)$/, '$1 or less');
}
