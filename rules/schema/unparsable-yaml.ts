import { defineRule } from '../../src/rule-api.ts';

export default defineRule({
  meta: {
    name: 'unparsable-yaml',
    code: 'EL101',
    family: 'schema',
    severity: 'error',
    summary: 'A document is not valid YAML, so nothing in it is read.',
  },
  messages: {
    syntax: {
      text: 'this document is not valid YAML: {reason}; nothing in it is checked, the other documents of the file are',
      label: '{reason}',
      symptom: 'kubectl apply stops with "error parsing": "error converting YAML to JSON". No object of this document reaches the cluster.',
      help: 'repair the syntax here, or in the line before: parsers notice a mistake only where the text stops making sense',
    },
    duplicateKey: {
      text: 'this document is not valid YAML: {reason}; nothing in it is checked, the other documents of the file are',
      label: '{reason}',
      symptom: 'Strict tools, istioctl validate among them, refuse the document; others silently take the last of the two values.',
      help: 'keep one of the two keys',
    },
  },

  create: ({ report }) => ({
    File({ source, contents }) {
      for (const { message, start, end } of contents.problems) {
        const at = { file: source, span: { start, end } };
        const data = { reason: message };
        // Not every client minds: what a lenient one applies may even be what was meant.
        if (/same key/.test(message)) report('duplicateKey', at, { data, confidence: 'likely' });
        else report('syntax', at, { data });
      }
    },
  }),
});
