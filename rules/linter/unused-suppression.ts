import { defineRule } from '../../src/rule-api.ts';

export default defineRule({
  meta: {
    name: 'unused-suppression',
    code: 'EL901',
    family: 'linter',
    severity: 'warning',
    summary: 'A comment or an annotation silences a rule that finds nothing there.',
    fixable: 'safe',
  },
  messages: {
    all: {
      text: 'this silences no finding: {what} there; should the defect come back, nobody would be told',
      label: 'silences nothing',
      help: 'remove it',
    },
    some: {
      text: 'this silences no finding of {names}; should the defect come back, nobody would be told',
      label: '{names}: nothing to silence',
      help: 'remove {names} from the list',
    },
  },

  create: ({ report }) => ({
    Suppression({ at, unused, isUnused, removal }) {
      if (unused.length === 0 && !isUnused) return;
      const names = unused.map((name) => `'${name}'`).join(', ');
      const [title, what] = names === '' ? ['remove the suppression', 'no rule reports anything'] : [`remove ${names}`, `${names} would report nothing`];
      const fixes = [{ title: isUnused ? 'remove the suppression' : title, safe: true, changes: [removal] }];
      if (isUnused) report('all', at, { data: { what }, fixes });
      else report('some', at, { data: { names }, fixes });
    },
  }),
});
