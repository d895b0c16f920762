import { defineRule } from '../../src/rule-api.ts';

export default defineRule({
  meta: {
    name: 'unparsable-yaml',
    code: 'EL101',
    family: 'schema',
    severity: 'error',
    summary: 'A document is not valid YAML: nothing in it is read, or, where a key stands twice, only the last of its values.',
  },
  messages: {
    syntax: {
      text: 'this document is not valid YAML: {reason}; nothing in it is checked, the other documents of the file are',
      label: '{reason}',
      symptom: 'kubectl apply stops with "error parsing": "error converting YAML to JSON". No object of this document reaches the cluster.',
      help: 'repair the syntax here, or in the line before: parsers notice a mistake only where the text stops making sense',
    },
    duplicateKey: { text: '{reason}', label: 'the same key again', help: 'keep one of the two' },
  },

  create: ({ report }) => ({
    File({ source, contents }) {
      for (const { message, start, end, other, isRead } of contents.problems) {
        const at = { file: source, span: { start, end } };
        const data = { reason: message };
        const related = other ? [{ at: { file: source, span: other }, message: 'stands here first' }] : [];
        // Some clients take the document, and what they make of it may even be what was meant.
        if (isRead) report('duplicateKey', at, { data, related, confidence: 'likely' });
        else report('syntax', at, { data, related });
      }
    },
  }),
});
