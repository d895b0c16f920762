import { defineRule } from '../../src/rule-api.ts';

export default defineRule({
  meta: {
    name: 'unknown-rule-name',
    code: 'EL902',
    family: 'linter',
    severity: 'warning',
    summary: 'A comment or an annotation silences a rule that does not exist.',
  },
  messages: {
    name: {
      text: "no rule is called '{name}', so this silences nothing",
      label: '{hint}',
      help: "{remedy}; 'egress-lint rules' lists every name and code; a reason stands behind ' -- ' in a comment, behind ': ' in an annotation",
    },
    verb: {
      text: "'egress-lint-{verb}' means nothing, so this comment silences nothing",
      label: '{hint}',
      help: 'write egress-lint-disable-next-line, egress-lint-disable-line or egress-lint-disable-file, and behind it the names of rules',
    },
  },

  create: ({ report }) => ({
    Suppression({ at, unknown, unknownVerb }) {
      if (unknownVerb) {
        const { verb, meant } = unknownVerb;
        report('verb', at, { data: { verb, hint: meant === undefined ? 'not a directive' : `did you mean 'egress-lint-${meant}'?` } });
        return;
      }
      for (const { name, at: place, meant } of unknown) {
        const [hint, remedy] = meant === undefined ? ['not the name of a rule', 'write the name of a rule'] : [`did you mean '${meant}'?`, `write '${meant}'`];
        report('name', place, { data: { name, hint, remedy } });
      }
    },
  }),
});
