import { defineRule, isWrittenByKustomize, nameOf, pathText } from '../../src/rule-api.ts';

const TEMPLATE = /\{\{|\{%|#@/;
const SHOWN = 3;

export default defineRule({
  meta: {
    name: 'template-text',
    code: 'EL102',
    family: 'schema',
    severity: 'info',
    summary: 'A document or a field holds template text: what it will be is unknown, so it is not judged.',
  },
  messages: {
    document: {
      text: 'this {kind} comes from a template whose lines come and go, so it is not checked',
      label: 'template text',
      help: 'check what the template renders to: helm template, kustomize build or ytt, then egress-lint on the result',
    },
    field: {
      text: '{resource} holds template text in {fields}: the value counts as unknown, and nothing is reported that rests on it',
      label: 'template text',
      help: 'check what the template renders to, or put a real value here',
    },
  },

  create: ({ report }) => ({
    File({ source, contents }) {
      for (const { start, end, kind } of contents.templates) {
        report('document', { file: source, span: firstTemplate(source.text, start, end) }, { data: { kind: kind ?? 'document' } });
      }
    },
    Resource(resource) {
      // What a patch writes is known to whoever wrote the patch.
      const templates = resource.templates.filter((path) => !isWrittenByKustomize(resource, path));
      const [first] = templates;
      if (!first) return;
      const more = templates.length > SHOWN ? ` and ${templates.length - SHOWN} more ${templates.length - SHOWN === 1 ? 'field' : 'fields'}` : '';
      const fields = templates.slice(0, SHOWN).map(pathText).join(', ') + more;
      report('field', { resource, path: first }, { data: { resource: nameOf(resource), fields } });
    },
  }),
});

/** The first line of the document that holds a template's marks, from the marks on. */
function firstTemplate(text: string, start: number, end: number): { readonly start: number; readonly end: number } {
  const found = text.slice(start, end).search(TEMPLATE);
  const from = start + Math.max(0, found);
  const lineEnd = text.indexOf('\n', from);
  return { start: from, end: Math.min(end, lineEnd === -1 ? end : lineEnd) };
}
