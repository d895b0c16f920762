import { defineRule, nameOf, pathText, refusal } from '../../src/rule-api.ts';

export default defineRule({
  meta: {
    name: 'malformed-value',
    code: 'EL110',
    family: 'schema',
    severity: 'error',
    summary: 'A value does not have the form that its field demands: a host name, a duration, a port name. The object is refused.',
  },
  messages: {
    malformed: { text: "{resource}: {field} is '{value}', but must be {expected}", label: 'must be {expected}', help: 'write {expected}' },
  },

  create: ({ mesh, report }) => ({
    Resource(resource) {
      for (const problem of resource.problems) {
        if (problem.type !== 'malformed-value') continue;
        const { value, expected, others = [] } = problem;
        const field = pathText(problem.path);
        report(
          'malformed',
          { resource, path: problem.path },
          {
            data: { resource: nameOf(resource), field, value, expected },
            refusedBy: problem.refusedBy,
            symptom: refusal(resource, problem, `${field}: Invalid value: "${value}"`, mesh),
            related: others.map((path) => ({ at: { resource, path }, message: `${pathText(path)} has the same value` })),
          },
        );
      }
    },
  }),
});
