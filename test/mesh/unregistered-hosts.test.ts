import { expect, test } from 'vitest';
import { unregisteredDestinations } from '../../src/mesh/unregistered-hosts.ts';
import { meshOf, only } from '../support/mesh-of.ts';

const entry = (host: string) => `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: e, namespace: shop }
spec: { hosts: ["${host}"], ports: [{ number: 80, name: http, protocol: HTTP }], resolution: NONE }
---`;
const alias = (target: string) => `
apiVersion: v1
kind: Service
metadata: { name: rates, namespace: shop }
spec: { type: ExternalName, externalName: ${target} }
---`;
const routes = (...hosts: readonly string[]) => `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: rates, namespace: shop }
spec: { hosts: [rates.example], http: [${hosts.map((host) => `{ route: [{ destination: { host: ${host} } }] }`).join(', ')}] }
---`;

function found(text: string, closedWorld = false): readonly string[] {
  const mesh = meshOf(text, { closedWorld });
  return unregisteredDestinations(mesh, only(mesh, 'VirtualService', 'rates')).map(({ host, unregistered }) => {
    const { why } = unregistered;
    const more = why === 'near-miss' ? ` of ${unregistered.found}` : why === 'external' && unregistered.isMissed ? ', missed' : '';
    return `${host}: ${why}${more}`;
  });
}

test.each([
  ['in view', entry('rates.example') + routes('rates.example'), false, []],
  ['an alias of what is not', alias('rates.example') + routes('rates'), false, ['rates.shop.svc.cluster.local: alias']],
  ['an alias of what is', alias('rates.example') + entry('rates.example') + routes('rates'), false, []],
  ['part of a wildcard', entry('*.example') + routes('rates.example'), false, ['rates.example: within-wildcard']],
  ['a slip', entry('rates.example') + routes('rates.exmple'), false, ['rates.exmple: near-miss of rates.example']],
  ['a slip, in a closed world', entry('rates.example') + routes('rates.exmple'), true, ['rates.exmple: near-miss of rates.example']],
  ['outside, beside entries', entry('quotes.example') + routes('rates.example'), false, ['rates.example: external, missed']],
  ['outside, with nothing beside', routes('rates.example'), false, ['rates.example: external']],
  ['outside, where names are template text', entry('{{ .Values.host }}') + routes('rates.example'), false, ['rates.example: external']],
  ['a Service', routes('backend'), false, ['backend.shop.svc.cluster.local: not-in-view']],
  ['a Service, in a closed world', routes('backend'), true, ['backend.shop.svc.cluster.local: absent']],
  ['a stock gateway', routes('istio-egressgateway.istio-system.svc.cluster.local'), true, []],
  ['told of once', routes('a.example', 'a.example', 'b.example'), false, ['a.example: external', 'b.example: external']],
])('R-20: a destination is %s', (_, text, closedWorld, expected) => expect(found(text, closedWorld)).toEqual(expected));
