import { describe, expect, test } from 'vitest';
import { load } from '../../src/index.ts';
import { type Summary, summaryLine, summaryOf } from '../../src/report/summary.ts';
import { finding, marked, place } from './support.ts';

const nothing: Summary = { files: 3, documents: 14, resources: 12, errors: 0, warnings: 0, infos: 0, suppressed: 0 };

describe('summaryLine', () => {
  test.each<[string, Partial<Summary>, boolean]>([
    ['ok: no findings in 12 resources of 3 files', {}, false],
    ['ok: no findings (2 suppressed) in 12 resources of 3 files', { suppressed: 2 }, false],
    ['ok: no errors or warnings (1 info hidden) in 1 resource of 1 file', { infos: 1, resources: 1, files: 1 }, false],
    ['2 errors, 1 warning (3 infos hidden) in 12 resources of 3 files', { errors: 2, warnings: 1, infos: 3 }, false],
    ['2 errors, 1 warning, 3 infos in 12 resources of 3 files', { errors: 2, warnings: 1, infos: 3 }, true],
    ['1 error (1 info hidden, 4 suppressed) in 12 resources of 3 files', { errors: 1, infos: 1, suppressed: 4 }, false],
    ['2 warnings in 12 resources of 3 files', { warnings: 2 }, true],
    ['1 info in 12 resources of 3 files', { infos: 1 }, true],
    ['nothing to check: no Istio resource was found in 3 files', { resources: 0 }, false],
    ['1 error in 1 file; no Istio resource was found', { resources: 0, files: 1, errors: 1 }, false],
    ['nothing to check: no YAML file was found', { resources: 0, files: 0, documents: 0 }, false],
  ])('%s', (line, counts, showInfos) => expect(summaryLine({ ...nothing, ...counts }, showInfos)).toBe(line));
});

test('summaryOf counts files, documents of all kinds, resources of ours, and findings by severity', () => {
  const text = 'apiVersion: networking.istio.io/v1\nkind: Sidecar\nmetadata: { name: a }\n---\nkind: CronTab\n---\n# nothing\n';
  const location = place(marked('a.yaml', '«kind»'));
  const findings = [finding({ location }), finding({ location, severity: 'info' }), finding({ location, severity: 'info' })];
  expect(summaryOf(load([{ file: 'a.yaml', text }]), findings, 7)).toEqual({
    files: 1,
    documents: 2,
    resources: 1,
    errors: 1,
    warnings: 0,
    infos: 2,
    suppressed: 7,
  });
});
