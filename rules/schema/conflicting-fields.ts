import { defineRule, nameOf, pathText, refusal } from '../../src/rule-api.ts';

export default defineRule({
  meta: {
    name: 'conflicting-fields',
    code: 'EL109',
    family: 'schema',
    severity: 'error',
    summary: 'Fields are set together that exclude each other, so the object is refused.',
    fixable: 'suggestion',
  },
  messages: {
    conflict: { text: '{resource}: {where}: {why}', label: '{why}', help: 'remove all but the one that is meant' },
  },

  create: ({ mesh, report }) => ({
    Resource(resource) {
      for (const problem of resource.problems) {
        if (problem.type !== 'conflicting-fields') continue;
        const { path, others, why } = problem;
        const at = { resource, path, part: 'key' } as const;
        const where = pathText(path.slice(0, -1)) || 'the object';
        report('conflict', at, {
          data: { resource: nameOf(resource), where, why },
          refusedBy: problem.refusedBy,
          symptom: refusal(resource, problem, `${where}: Invalid value`, mesh),
          related: others.map((other) => ({ at: { resource, path: other, part: 'key' }, message: `${pathText(other)} is set as well` })),
          fixes: [path, ...others].map((each) => ({
            title: `remove ${pathText(each)}`,
            safe: false,
            changes: [{ do: 'remove', at: { resource, path: each, part: 'key' } }],
          })),
        });
      }
    },
  }),
});
