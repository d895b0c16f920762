import { defineRule, nameOf, type Path, type Problem, pathText, refusal } from '../../src/rule-api.ts';

export default defineRule({
  meta: {
    name: 'conflicting-fields',
    code: 'EL109',
    family: 'schema',
    peers: ['IST0106'],
    severity: 'error',
    summary: 'Fields are set together that exclude each other, so the object is refused.',
    fixable: 'suggestion',
  },
  messages: {
    conflict: { text: '{resource}: {field}: {why}', label: '{why}', help: 'remove {field}, or what it conflicts with' },
  },

  create: ({ mesh, report }) => ({
    Resource(resource) {
      for (const problem of resource.problems) {
        if (problem.type !== 'conflicting-fields') continue;
        const { path, others, why } = problem;
        const at = { resource, path, part: 'key' } as const;
        const field = pathText(path);
        report('conflict', at, {
          data: { resource: nameOf(resource), field, why },
          refusedBy: problem.refusedBy,
          symptom: refusal(resource, problem, `${field}: Invalid value`, mesh),
          related: others.map((other) => ({ at: { resource, path: other, part: 'key' }, message: `${pathText(other)}, beside which it cannot stand` })),
          fixes: removable(problem).map((each) => ({
            title: `remove ${pathText(each)}`,
            safe: false,
            changes: [{ do: 'remove', at: { resource, path: each, part: 'key' } }],
          })),
        });
      }
    },
  }),
});

/** What may go: the reported field, and those beside it that are mere alternatives. What other fields are for (`resolution`, `mode`) is not removed. */
function removable({ path, others, why }: Extract<Problem, { readonly type: 'conflicting-fields' }>): readonly Path[] {
  return why.includes('only one of') ? [path, ...others.filter((other) => other.length === path.length)] : [path];
}
