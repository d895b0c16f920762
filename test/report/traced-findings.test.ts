import { describe, expect, test } from 'vitest';
import { json } from '../../src/report/json.ts';
import { pretty } from '../../src/report/pretty.ts';
import { sarif } from '../../src/report/sarif.ts';
import { sarifProblems, undescribed } from './schemas.ts';
import { lintedInput } from './support.ts';

const TEXT = `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: rates, namespace: shop }
spec:
  hosts: [rates.bank.example]
  ports: [{ number: 443, name: tls, protocol: TLS }]
  resolution: DNS
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: rates, namespace: shop }
spec:
  host: rates.bank.example
  trafficPolicy: { tls: { mode: SIMPLE } }
`;

describe('a finding for which a connection fails', () => {
  const input = { ...lintedInput([{ file: 'a.yaml', text: TEXT }]), paths: ['k8s/my files'] };

  test('has the connection in JSON', () => {
    const data = JSON.parse(json(input));
    expect(undescribed(data)).toEqual([]);
    const [{ trace }] = data.findings;
    expect(trace.probe).toMatchObject({ from: { namespace: 'shop' }, to: { host: 'rates.bank.example', port: 443 }, proto: 'tls' });
    expect(trace.expect).toMatchObject({ outcome: 'double-tls', at: 'server', hops: [{ proxy: 'sidecar', cluster: 'outbound|443||rates.bank.example' }] });
    const places = trace.expect.hops[0].decidedBy.map(
      ({ path, location }: { path: string; location: { startLine: number } }) => `${path} ${location.startLine}`,
    );
    expect(places).toContain('spec.trafficPolicy.tls 14');
  });

  test('has it as a path of steps in SARIF', () => {
    const data = JSON.parse(sarif(input));
    expect(sarifProblems(data)).toEqual([]);
    const [{ codeFlows }] = data.runs[0].results;
    expect(codeFlows[0].message.text).toMatch(/^shop → tls:\/\/rates\.bank\.example: double-tls at the server/);
    const steps = codeFlows[0].threadFlows[0].locations;
    expect(steps.map(({ executionOrder }: { executionOrder: number }) => executionOrder)).toEqual(steps.map((_: unknown, index: number) => index + 1));
    expect(steps[0].location).toMatchObject({
      physicalLocation: { artifactLocation: { uri: 'a.yaml' }, region: { startLine: 5 } },
      message: { text: 'sidecar: ServiceEntry shop/rates registers the host.' },
    });
  });

  test('has its way in one line for people, and the command that tells it', () => {
    const text = pretty(input);
    expect(text).toContain('= path: shop → sidecar → rates.bank.example:443 ✗ double-tls\n');
    expect(text).toContain("egress-lint trace 'k8s/my files' --from shop --to tls://rates.bank.example\n");
  });
});
