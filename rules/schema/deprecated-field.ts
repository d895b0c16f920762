import { defineRule, nameOf, pathText } from '../../src/rule-api.ts';

/** Fields that Istio never reads (S45, S76); what the others say still holds. */
const NEVER_READ = new Set(['consecutiveErrors', 'sourceSubnet', 'defaultEndpoint']);

export default defineRule({
  meta: {
    name: 'deprecated-field',
    code: 'EL113',
    family: 'schema',
    peers: ['IST0002', 'IST0133'],
    severity: 'warning',
    summary: 'A field or a value that Istio has replaced by another, or no longer reads.',
    fixable: 'safe',
  },
  messages: {
    field: { text: '{resource}: {field} is deprecated; use {use}', label: 'deprecated', help: 'use {use}' },
    unread: {
      text: '{resource}: Istio no longer reads {field}, so it has no effect; use {use}',
      label: 'has no effect',
      symptom: 'no error anywhere: what the field should bring about just does not happen',
      help: 'use {use}, or remove the field',
    },
    value: { text: "{resource}: '{value}' in {field} is deprecated; use {use}", label: 'deprecated', help: "write '{use}'" },
  },

  create: ({ report }) => ({
    Resource(resource) {
      for (const { path, use, value } of resource.deprecated) {
        const data = { resource: nameOf(resource), field: pathText(path), use };
        if (value === undefined) {
          if (NEVER_READ.has(String(path.at(-1)))) report('unread', { resource, path, part: 'key' }, { data });
          else report('field', { resource, path, part: 'key' }, { data, severity: 'info' });
          continue;
        }
        const at = { resource, path };
        report('value', at, {
          data: { ...data, value },
          severity: 'info',
          fixes: [{ title: `write '${use}'`, safe: true, changes: [{ do: 'replace', at, value: use }] }],
        });
      }
    },
  }),
});
