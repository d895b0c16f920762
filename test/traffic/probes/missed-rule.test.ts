import { describe, expect, test } from 'vitest';
import { failingPaths } from '../../../src/traffic/probes/failing-paths.ts';
import { missedRule } from '../../../src/traffic/probes/missed-rule.ts';
import { meshOf } from '../../support/mesh-of.ts';

const ENTRY = `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: partner, namespace: shop}
spec: {hosts: [partner.example], resolution: DNS, ports: [{number: 80, name: http, protocol: HTTP, targetPort: 443}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: partner, namespace: pay}
spec: {hosts: [partner.example], http: [{route: [{destination: {host: partner.example}}]}]}
`;
const rule = (namespace: string, more = '', port = 80) => `---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: partner, namespace: ${namespace}}
spec: {host: partner.example, trafficPolicy: {portLevelSettings: [{port: {number: ${port}}, tls: {mode: SIMPLE}}]}${more}}
`;

/** Why clients of a namespace leave out the rules in view; undefined where the call works. */
function whyNotIn(namespace: string, text: string): readonly unknown[] | undefined {
  const mesh = meshOf(ENTRY + text);
  const failing = [...failingPaths(mesh)].find(({ connection }) => connection.probe.from.namespace === namespace);
  if (!failing) return undefined;
  const missed = missedRule(mesh.rulesWithTls.covering('partner.example'), failing.last, mesh);
  return [missed?.at.path.join('.'), missed?.why];
}

describe('a rule that does not hold where it is needed', () => {
  test.each<[string, string, string, readonly unknown[] | undefined]>([
    ['none in view', 'shop', '', [undefined, undefined]],
    ['one that holds', 'shop', rule('shop'), undefined],
    [
      'one that is for some clients',
      'pay',
      rule('shop', ', workloadSelector: {matchLabels: {app: web}}') + rule('web'),
      ['spec.workloadSelector', 'holds only for the workloads that its selector picks'],
    ],
    [
      'one where nobody looks',
      'shop',
      rule('web'),
      ['metadata.namespace', 'stands in namespace web, where proxies of shop do not look for rules of this host'],
    ],
    ['one that is not exported', 'pay', rule('shop', ", exportTo: ['.']"), ['spec.exportTo', 'is not exported to namespace pay']],
    ['one for another port', 'shop', rule('shop', '', 443), ['spec.trafficPolicy.portLevelSettings', 'says nothing of port 80']],
  ])('%s', (_, namespace, text, why) => expect(whyNotIn(namespace, text)).toEqual(why));
});
