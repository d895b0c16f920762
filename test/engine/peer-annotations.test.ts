import { describe, expect, test } from 'vitest';
import { lintText } from '../support/lint-text.ts';

/** Mistakes with codes of istioctl, of Kiali, and of both. */
const text = (annotations: string): string => `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata:
  name: rates
  namespace: shop
  annotations: ${annotations}
spec:
  hosts: [rates.bank.example]
  ports: [{ number: 5432, name: db, protocol: TCP }]
  resolution: DNS
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: rates
  namespace: shop
  annotations: ${annotations}
spec:
  hosts: [rates.bank.example]
  gateways: [edge]
  exportTo: [Shop_]
  tcp:
    - route: [{ destination: { host: rates.bank.example, subset: none } }]
`;

function rules(annotations: string): readonly string[] {
  return [...new Set(lintText(text(annotations)).map(({ rule }) => rule))].sort();
}

const all = ['malformed-value', 'port-captures-all-hosts', 'undefined-subset', 'unknown-export-namespace', 'unknown-gateway'];
const without = (...names: readonly string[]): readonly string[] => all.filter((name) => !names.includes(name));

describe('annotations that are for other tools silence what they call by a code of theirs', () => {
  test.each([
    ['nothing', '{}', all],
    ['one code', '{ galley.istio.io/analyze-suppress: IST0134 }', without('port-captures-all-hosts')],
    ['several', '{ galley.istio.io/analyze-suppress: "IST0134, IST0101" }', without('port-captures-all-hosts', 'undefined-subset', 'unknown-gateway')],
    ['a code of no rule', '{ galley.istio.io/analyze-suppress: IST0118 }', all],
    ['half a code', '{ galley.istio.io/analyze-suppress: IST01 }', all],
    ['all of istioctl', '{ galley.istio.io/analyze-suppress: "*" }', ['unknown-export-namespace']],
    ['nothing of istioctl', '{ galley.istio.io/analyze-suppress: "" }', all],
    ['a code of Kiali', '{ kiali.io/ignore-validations: "KIA1102" }', without('unknown-gateway')],
    ['all of Kiali', '{ kiali.io/ignore-validations: "" }', ['malformed-value', 'port-captures-all-hosts']],
    ["a code of the other's", '{ kiali.io/ignore-validations: IST0134, galley.istio.io/analyze-suppress: KIA1102 }', all],
  ])('%s', (_, annotations, expected) => expect(rules(annotations)).toEqual(expected));
});
