import { defineRule, nameOf, type Problem, pathText, type Resource, refusal, writtenText } from '../../src/rule-api.ts';

export default defineRule({
  meta: {
    name: 'malformed-value',
    code: 'EL110',
    family: 'schema',
    peers: ['IST0106'],
    severity: 'error',
    summary: 'A value does not have the form that its field demands: a host name, a duration, a port name. The object is refused.',
  },
  messages: {
    malformed: { text: '{resource}: {field}{value} must be {expected}', label: 'must be {expected}', help: '{remedy}' },
  },

  create: ({ mesh, report }) => ({
    Resource(resource) {
      for (const problem of resource.problems) {
        if (problem.type !== 'malformed-value') continue;
        const { value, expected, others = [], remedy = `write ${expected}` } = problem;
        const field = pathText(problem.path);
        report(
          'malformed',
          { resource, path: problem.path },
          {
            data: { resource: nameOf(resource), field, value: shown(resource, problem), expected, remedy },
            refusedBy: problem.refusedBy,
            symptom: refusal(resource, problem, `${field}: Invalid value: "${value}"`, mesh),
            related: others.map((path) => ({ at: { resource, path }, message: `${pathText(path)} has the same value` })),
          },
        );
      }
    },
  }),
});

/** The value behind its field: quoted where it is what the file says, plain where it only describes it ("0 in total"). */
function shown(resource: Resource, { path, value }: Extract<Problem, { readonly type: 'malformed-value' }>): string {
  if (value === '') return '';
  return writtenText(resource, path)?.includes(value) ? ` ('${value}')` : ` (${value})`;
}
