import { expect, test } from 'vitest';
import { nearest } from '../../src/text/nearest.ts';

const fields = ['hosts', 'addresses', 'ports', 'location', 'resolution', 'endpoints', 'workloadSelector', 'exportTo', 'subjectAltNames'];

test.each([
  ['a letter too many', 'hostss', 'hosts'],
  ['a letter missing', 'host', 'hosts'],
  ['another letter', 'portz', 'ports'],
  ['neighbors swapped', 'resoltuion', 'resolution'],
  ['case', 'workloadselector', 'workloadSelector'],
  ['case and a letter', 'exportto', 'exportTo'],
  ['an underscore', 'export_to', 'exportTo'],
  ['several letters of a long word', 'subjectAlternatNames', 'subjectAltNames'],
  ['too far', 'gateways', undefined],
  ['nothing in common', 'x', undefined],
  ['nothing at all', '', undefined],
  ['a short word has room for one letter only', 'pots', 'ports'],
])('%s: %s', (_, word, expected) => {
  expect(nearest(word, fields)).toBe(expected);
});

test.each([
  ['the same word wins over its own variants', 'TLS', ['tls', 'TLS', 'TLSS'], 'TLS'],
  ['of equally close ones the first', 'bat', ['cat', 'rat'], 'cat'],
  ['case counts less than a letter', 'simple', ['SAMPLE', 'SIMPLE'], 'SIMPLE'],
  ['no candidates', 'a', [], undefined],
])('%s', (_, word, candidates, expected) => {
  expect(nearest(word, candidates)).toBe(expected);
});

test('very long words of different lengths cost nothing', () => {
  const start = performance.now();
  nearest('a'.repeat(5_000_000), fields);
  expect(performance.now() - start).toBeLessThan(100);
});
