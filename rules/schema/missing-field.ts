import { defineRule, isWrittenWrong, nameOf, type Problem, pathText, refusal } from '../../src/rule-api.ts';

export default defineRule({
  meta: {
    name: 'missing-field',
    code: 'EL105',
    family: 'schema',
    peers: ['IST0106'],
    severity: 'error',
    summary: 'A field that the object cannot do without is missing, so the object is refused.',
  },
  messages: {
    missing: { text: "{resource}: {where} lacks '{field}'{why}", label: "'{field}' is missing", help: "add '{field}' to {where}" },
  },

  create: ({ mesh, report }) => ({
    Resource(resource) {
      for (const problem of resource.problems) {
        if (problem.type !== 'missing-field') continue;
        const { field, path } = problem;
        if (isWrittenWrong(path, field, resource.problems)) continue;
        const whole = [...path, field];
        report(
          'missing',
          { resource, path: whole, part: 'key' },
          {
            data: { resource: nameOf(resource), where: path.length === 0 ? 'the object' : pathText(path), field, why: reason(problem) },
            refusedBy: problem.refusedBy,
            symptom: refusal(resource, problem, `${pathText(whole)}: Required value`, mesh),
          },
        );
      }
    },
  }),
});

function reason({ why }: Extract<Problem, { readonly type: 'missing-field' }>): string {
  return why === undefined ? ', which is required' : `: ${why}`;
}
