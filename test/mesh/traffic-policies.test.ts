import { describe, expect, test } from 'vitest';
import { policiesOf, tlsAround, tlsSettingsOf } from '../../src/mesh/traffic-policies.ts';
import { meshOf, only } from '../support/mesh-of.ts';

const ruleOf = (spec: string) =>
  only(
    meshOf(`
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: r, namespace: shop }
spec: { host: a.example, ${spec} }`),
    'DestinationRule',
    'r',
  );

const PORT = 'portLevelSettings: [{ port: { number: 80 }, tls: { mode: MUTUAL, credentialName: c } }]';

test('finds every tls mapping with its path', () => {
  const rule = ruleOf(`trafficPolicy: { tls: { mode: SIMPLE }, ${PORT} }, subsets: [{ name: a }, { name: b, trafficPolicy: { tls: { mode: DISABLE } } }]`);
  expect(tlsSettingsOf(rule).map(({ tls, path }) => `${tls.mode} ${path.join('.')}`)).toEqual([
    'SIMPLE spec.trafficPolicy.tls',
    'MUTUAL spec.trafficPolicy.portLevelSettings.0.tls',
    'DISABLE spec.subsets.1.trafficPolicy.tls',
  ]);
});

describe('the TLS around settings for port 80', () => {
  const around = (spec: string): readonly (string | undefined)[] => {
    const rule = ruleOf(spec);
    return policiesOf(rule).map((policy) => tlsAround(rule, policy, 80)?.tls.mode);
  };
  const subset = (policy: string) => `subsets: [{ name: s, trafficPolicy: { ${policy} } }]`;

  test.each([
    ['the policy of the host', 'trafficPolicy: { tls: { mode: SIMPLE } }', ['SIMPLE']],
    ['not the settings themselves', `trafficPolicy: { ${PORT} }`, [undefined]],
    ['none', 'trafficPolicy: { loadBalancer: { simple: RANDOM } }', [undefined]],
    ['that of the subset', `trafficPolicy: { tls: { mode: SIMPLE } }, ${subset('tls: { mode: DISABLE }')}`, ['SIMPLE', 'DISABLE']],
    ['that of the host for a subset', `trafficPolicy: { tls: { mode: SIMPLE } }, ${subset('loadBalancer: { simple: RANDOM }')}`, ['SIMPLE', 'SIMPLE']],
    [
      "that of the host's port for a subset",
      `trafficPolicy: { tls: { mode: SIMPLE }, ${PORT} }, ${subset('loadBalancer: { simple: RANDOM }')}`,
      ['SIMPLE', 'MUTUAL'],
    ],
    ['none for a subset of a host without policy', subset('loadBalancer: { simple: RANDOM }'), [undefined]],
  ])('is %s', (_, spec, expected) => expect(around(spec)).toEqual(expected));
});
