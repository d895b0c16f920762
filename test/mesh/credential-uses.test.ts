import { expect, test } from 'vitest';
import type { Assumptions } from '../../src/index.ts';
import { type CredentialPart, holdersOf, holdsPart } from '../../src/mesh/credential-uses.ts';
import { lintText } from '../support/lint-text.ts';
import { meshOf } from '../support/mesh-of.ts';

const secret = (kind: string, name: string, rest: string): string =>
  `---\napiVersion: ${API[kind] ?? 'v1'}\nkind: ${kind}\nmetadata: { name: ${name}, namespace: shop }\n${rest}\n`;

const API: Readonly<Record<string, string>> = {
  SealedSecret: 'bitnami.com/v1alpha1',
  ExternalSecret: 'external-secrets.io/v1',
  Certificate: 'cert-manager.io/v1',
};

/** The parts that what is in view makes of the Secret `bank` have. */
function partsOf(text: string): readonly CredentialPart[] {
  const { credentialHolders } = meshOf(text);
  return (['certificate', 'ca'] as const).filter((part) => holdersOf(credentialHolders, 'bank', part).some((holder) => holdsPart(holder, part)));
}

test.each([
  ['a TLS Secret', secret('Secret', 'bank', 'data: { tls.crt: QQ==, tls.key: QQ== }'), ['certificate']],
  ['with the generic names', secret('Secret', 'bank', 'stringData: { cert: a, key: b, cacert: c }'), ['certificate', 'ca']],
  ['half of each is none', secret('Secret', 'bank', 'data: { tls.crt: QQ==, key: QQ== }'), []],
  ['a CA of its own', secret('Secret', 'bank-cacert', 'data: { ca.crt: QQ== }'), ['ca']],
  ['a placeholder is filled by something', secret('Secret', 'bank', ''), ['certificate', 'ca']],
  ['keys of a SealedSecret are those of the Secret', secret('SealedSecret', 'bank', 'spec: { encryptedData: { cacert: Ag } }'), ['ca']],
  ['an ExternalSecret may name another Secret', secret('ExternalSecret', 'vault', 'spec: { target: { name: bank }, data: [{ secretKey: ca.crt }] }'), ['ca']],
  [
    'what it takes over as a whole may be anything',
    secret('ExternalSecret', 'bank', 'spec: { dataFrom: [{ extract: { key: bank } }] }'),
    ['certificate', 'ca'],
  ],
  ['a Certificate names its Secret', secret('Certificate', 'own', 'spec: { secretName: bank }'), ['certificate', 'ca']],
  ['and is none of its own name', secret('Certificate', 'bank', 'spec: { secretName: other }'), []],
])('%s', (_, text, expected) => expect(partsOf(text)).toEqual(expected));

const gateway = `---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: egress, namespace: shop }
spec:
  selector: { app: egress }
  servers:
    - port: { number: 443, name: https, protocol: HTTPS }
      hosts: [rates.bank.example]
      tls: { mode: MUTUAL, credentialName: bank }
`;

const service = (namespace: string): string => `---
apiVersion: v1
kind: Service
metadata: { name: egress, namespace: ${namespace} }
spec: { selector: { app: egress }, ports: [{ port: 443 }] }
`;

test('a gateway reads from the namespace of its Pods', () => {
  expect(meshOf(gateway + service('edge')).credentialUses.map(({ needs, reader }) => [needs, reader])).toEqual([
    [['certificate', 'ca'], { who: 'the gateway', namespace: 'edge', isInView: true }],
  ]);
});

test('of two namespaces neither is known to be the one', () => {
  expect(meshOf(gateway + service('edge') + service('border')).credentialUses).toEqual([]);
});

test('where the files are said to hold everything, a Secret that is missing is an error; what is assumed is there', () => {
  const text = gateway + service('edge');
  const found = (assumptions: Assumptions) =>
    lintText(text, {}, assumptions).flatMap(({ rule, severity }) => (rule === 'missing-credential' ? [severity] : []));
  expect(found({})).toEqual(['info']);
  expect(found({ closedWorld: true })).toEqual(['error']);
  expect(found({ closedWorld: true, secrets: [{ name: 'bank', namespace: 'edge' }] })).toEqual([]);
});
