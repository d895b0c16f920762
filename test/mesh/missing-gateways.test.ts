import { expect, test } from 'vitest';
import { matchesNaming, missingGateway } from '../../src/mesh/missing-gateways.ts';
import { meshOf, only } from '../support/mesh-of.ts';

const gateway = (namespace: string, name = 'out', api = 'networking.istio.io/v1') => `
apiVersion: ${api}
kind: Gateway
metadata: { name: "${name}", namespace: ${namespace} }
spec: { selector: { istio: egressgateway } }
---`;
const bound = (entry: string, namespace = 'namespace: shop') => `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: rates, ${namespace} }
spec: { hosts: [rates.example], gateways: [mesh, "${entry}"] }
---`;

function found(text: string, entry: string, { closedWorld = false, namespace = 'namespace: shop' } = {}): string | undefined {
  const mesh = meshOf(bound(entry, namespace) + text, { closedWorld });
  const missing = missingGateway(mesh, only(mesh, 'VirtualService', 'rates'), entry);
  if (!missing) return undefined;
  return 'gateway' in missing ? `${missing.state} ${missing.gateway.namespace}/${missing.gateway.name}` : missing.state;
}

test.each([
  ['nothing where it is in view', gateway('shop'), 'out', {}, undefined],
  ['nothing where the Gateway API has it', gateway('shop', 'out', 'gateway.networking.k8s.io/v1'), 'out', {}, undefined],
  ['nothing of mesh', '', 'mesh', {}, undefined],
  ['the namesake of another namespace', gateway('edge'), 'out', {}, 'elsewhere edge/out'],
  ['the namesake of another namespace than the one that is named', gateway('edge'), 'bank/out', {}, 'elsewhere edge/out'],
  ['none of two namesakes', gateway('edge') + gateway('bank'), 'out', {}, 'not-in-view'],
  ['a slip in the name', gateway('shop', 'egress-out'), 'egres-out', {}, 'near-miss shop/egress-out'],
  ['no slip in another namespace', gateway('edge', 'egress-out'), 'egres-out', {}, 'not-in-view'],
  ['nothing like it', gateway('shop', 'egress'), 'bank/out', {}, 'not-in-view'],
  ['that it does not exist, in a closed world', gateway('shop', 'egress'), 'bank/out', { closedWorld: true }, 'absent'],
  ['nothing where names are template text', gateway('edge') + gateway('bank', '{{ .Values.gateway }}'), 'out', { closedWorld: true }, 'not-in-view'],
  ['nothing of a bare name in an unknown namespace', gateway('edge'), 'out', { namespace: 'labels: {}' }, 'not-in-view'],
  ['what a name with a namespace means, whatever its own', gateway('edge'), 'bank/out', { namespace: 'labels: {}' }, 'elsewhere edge/out'],
])('N-9: the files show %s', (_, text, entry, options, expected) => expect(found(text, entry, options)).toBe(expected));

test('matches that repeat an entry are found, and no others', () => {
  const mesh = meshOf(`
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: rates, namespace: shop }
spec:
  hosts: [rates.example]
  gateways: [mesh, out]
  http: [{ match: [{ gateways: [mesh] }] }, { match: [{ port: 80 }, { gateways: [mesh, out] }] }]
  tls: [{ match: [{ gateways: [out] }] }]
`);
  expect(matchesNaming(only(mesh, 'VirtualService', 'rates'), 'out').map((path) => path.join('.'))).toEqual([
    'spec.http.1.match.1.gateways.1',
    'spec.tls.0.match.0.gateways.0',
  ]);
});
