import { defineRule, nameOf, pathText, refusal, writtenText } from '../../src/rule-api.ts';

export default defineRule({
  meta: {
    name: 'yaml-boolean',
    code: 'EL111',
    family: 'schema',
    severity: 'error',
    summary: 'An unquoted y, no, on or true stands where text is due: Kubernetes reads it as a boolean, and the object is refused.',
    fixable: 'safe',
  },
  messages: {
    boolean: {
      text: "{resource}: {field} is the unquoted word '{word}', which Kubernetes reads as a boolean; text is due here",
      label: 'read as a boolean',
      help: 'put it between quotes: "{word}"',
    },
  },

  create: ({ mesh, report }) => ({
    Resource(resource) {
      for (const problem of resource.problems) {
        if (problem.type !== 'yaml-boolean') continue;
        const at = { resource, path: problem.path };
        const field = pathText(problem.path);
        const word = writtenText(resource, problem.path) ?? 'true';
        report('boolean', at, {
          data: { resource: nameOf(resource), field, word },
          refusedBy: problem.refusedBy,
          symptom: refusal(resource, problem, `${field}: Invalid value: "boolean"`, mesh),
          fixes: [{ title: `write "${word}"`, safe: true, changes: [{ do: 'replace', at, value: word }] }],
        });
      }
    },
  }),
});
