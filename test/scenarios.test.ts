import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { outsideData } from './support/data.ts';
import { lintFiles } from './support/lint-text.ts';

const data = outsideData('scenarios');

/** What must be reported about the configurations that this project was started for, at warning or above: `line:column severity rule`. Nothing else may be. */
const SCENARIOS: readonly (readonly [files: readonly string[], expected: readonly string[]])[] = [
  [['aks-sidecar-ssl-error/question.yaml'], ['17:3 error unknown-field']],
  [['aks-sidecar-ssl-error/answer.yaml'], ['17:3 error unknown-field', '34:7 error sidecar-host-format', '39:7 error sidecar-host-format']],
  [['aks-sidecar-ssl-error/star-namespace.yaml'], []],
  [['asm-http-egress-gateway/registry-only-without-service-entry.yaml'], []],
  [['asm-http-egress-gateway/service-entry-only.yaml'], []],
  [['asm-http-egress-gateway/through-gateway.yaml'], []],
  [['istio-1.0-egress-gateway/http-plain.yaml'], []],
  [['istio-1.0-egress-gateway/tls-origination-plain.yaml'], []],
  [['istio-1.0-egress-gateway/passthrough-plain.yaml'], ['55:7 error snake-case-field', '67:7 error snake-case-field']],
  [['istio-1.0-egress-gateway/http-mtls.yaml'], ['32:13 warning mismatched-client-tls']],
  [['istio-1.0-egress-gateway/tls-origination-mtls.yaml'], ['32:13 warning mismatched-client-tls']],
  [['istio-1.0-egress-gateway/passthrough-mtls.yaml'], ['29:13 warning mismatched-client-tls', '67:7 error snake-case-field']],
  [['istio-1.0-egress-gateway/network-policy.yaml'], []],
  [['istio-egress-gateway/http.yaml'], []],
  [['istio-egress-gateway/https-passthrough.yaml'], []],
  [['istio-egress-gateway/https-passthrough.yaml', 'istio-egress-gateway/network-policy.yaml'], []],
  [['istio-egress-gateway/https-passthrough.yaml', 'istio-egress-gateway/network-policy-without-subset.yaml'], ['60:17 warning undefined-subset']],
  [['istio-egress-gateway/install.yaml'], []],
  [['asm-external-mtls/step3-http-through-gateway.yaml'], ['37:13 warning missing-client-mtls']],
  [['asm-external-mtls/step4-mtls-origination.yaml'], ['37:13 warning missing-client-mtls']],
  [['asm-external-mtls/step5-authorization.yaml'], ['37:13 warning missing-client-mtls']],
];

describe.skipIf(data === undefined)('scenarios (skipped without EGRESS_LINT_DATA)', () => {
  test.each(SCENARIOS)('%s', (files, expected) => {
    const { findings } = lintFiles(files.map((file) => ({ file, text: readFileSync(`${data}/${file}`, 'utf8'), named: true })));
    const reported = findings.filter((finding) => finding.severity !== 'info');
    expect(reported.map(({ location, severity, rule }) => `${location.startLine}:${location.startColumn} ${severity} ${rule}`)).toEqual(expected);
  });

  test.each(['step3-http-through-gateway.yaml', 'step4-mtls-origination.yaml', 'step5-authorization.yaml'])(
    '%s, where the gateway is declared to get mesh mTLS',
    (name) => {
      const file = `asm-external-mtls/${name}`;
      const gateway = { name: 'istio-egressgateway', namespace: 'istio-system', labels: { istio: 'egressgateway' }, tlsMode: 'istio' as const };
      const { findings } = lintFiles([{ file, text: readFileSync(`${data}/${file}`, 'utf8'), named: true }], {}, { gateways: [gateway] });
      expect(findings.filter(({ severity }) => severity !== 'info')).toEqual([]);
    },
  );

  test('the misplaced field of the question lies at exactly the columns of its key', () => {
    const file = 'aks-sidecar-ssl-error/question.yaml';
    const { findings } = lintFiles([{ file, text: readFileSync(`${data}/${file}`, 'utf8'), named: true }]);
    const [finding] = findings.filter(({ rule }) => rule === 'unknown-field');
    expect(finding?.location).toMatchObject({ startLine: 17, startColumn: 3, endLine: 17, endColumn: 24 });
  });
});
