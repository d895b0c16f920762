import { defineRule, deprecatedParts, nameOf, pathText } from '../../src/rule-api.ts';

/** Fields of which Istio itself warns, or that it never reads; what the others say still holds. */
const WARNED = new Set(['mirrorPercent', 'mirror_percent', 'percent', 'consecutiveErrors', 'minimumRingSize', 'sourceSubnet', 'defaultEndpoint']);

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
    value: { text: "{resource}: '{value}' in {field} is deprecated; use {use}", label: 'deprecated', help: "write '{use}'" },
  },

  create: ({ report }) => ({
    Resource(resource) {
      for (const { path, use, value } of deprecatedParts(resource)) {
        const data = { resource: nameOf(resource), field: pathText(path), use };
        if (value === undefined) {
          const severity = WARNED.has(String(path.at(-1))) ? 'warning' : 'info';
          report('field', { resource, path, part: 'key' }, { data, severity });
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
