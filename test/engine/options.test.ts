import { expect, test } from 'vitest';
import { defineRule, field } from '../../src/rule-api.ts';
import { lintFiles } from '../support/lint-text.ts';

const rule = defineRule({
  meta: {
    name: 'foreign-host',
    code: 'EL999',
    family: 'policy',
    severity: 'error',
    summary: 'A ServiceEntry registers a host that is not allowed.',
    options: field.object('options', { hosts: field.list(field.string()) }),
  },
  messages: { foreign: { text: '{host} is none of {count} hosts' } },
  create: ({ report, options }) => ({
    ServiceEntry(entry) {
      const allowed = options?.hosts ?? [];
      const index = entry.spec.hosts.findIndex((host) => !allowed.includes(host));
      const data = { host: entry.spec.hosts[index] ?? '', count: allowed.length };
      if (index !== -1) report('foreign', { resource: entry, path: ['spec', 'hosts', index] }, { data });
    },
  }),
});

const ENTRY = `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: rates, namespace: shop }
spec: { hosts: [rates.bank.example, pay.bank.example], ports: [{ number: 443, name: tls, protocol: TLS }] }
`;

test.each<[ReadonlyMap<string, unknown> | undefined, readonly string[]]>([
  [undefined, ['rates.bank.example is none of 0 hosts']],
  [new Map([['foreign-host', { hosts: ['rates.bank.example'] }]]), ['pay.bank.example is none of 1 hosts']],
  [new Map([['foreign-host', { hosts: ['rates.bank.example', 'pay.bank.example'] }]]), []],
])('a rule goes by its options: %j', (options, expected) => {
  const { findings } = lintFiles([{ file: 'a.yaml', text: ENTRY }], { rules: [rule], ...(options && { options }) });
  expect(findings.map(({ message }) => message)).toEqual(expected);
});
