import { defineRule } from '../../src/rule-api.ts';

export default defineRule({
  meta: {
    name: 'unreadable-file',
    code: 'EL904',
    family: 'linter',
    severity: 'warning',
    summary: 'A file could not be read, so nothing in it is checked.',
  },
  messages: {
    unreadable: {
      text: 'this file was not read: {reason}; nothing in it is checked',
      help: 'make the file readable as UTF-8 text, or leave it out of the run',
    },
  },

  create: ({ report }) => ({
    File({ source }) {
      if (source.unreadable === undefined) return;
      report('unreadable', { file: source, span: { start: 0, end: 0 } }, { data: { reason: source.unreadable } });
    },
  }),
});
