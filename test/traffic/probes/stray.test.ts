import { describe, expect, test } from 'vitest';
import { failingPaths } from '../../../src/traffic/probes/failing-paths.ts';
import { meshOf } from '../../support/mesh-of.ts';

const object = (kind: string, namespace: string, spec: string, name = 'rates') => `---
apiVersion: networking.istio.io/v1
kind: ${kind}
metadata: {name: ${name}, namespace: ${namespace}}
spec: ${spec}
`;
const entry = (namespace: string, more = '') =>
  object('ServiceEntry', namespace, `{hosts: [rates.bank.example], resolution: DNS, ports: [{number: 80, name: http, protocol: HTTP}]${more}}`);
const EGRESS = 'istio-egressgateway.istio-system.svc.cluster.local';
const GATEWAY = object('Gateway', 'edge', '{selector: {istio: egressgateway}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}]}');
const steering = (namespace: string, match = 'gateways: [mesh]', more = '') =>
  object(
    'VirtualService',
    namespace,
    `{hosts: [rates.bank.example], gateways: [mesh, edge/rates]${more}, http: [
      {match: [{${match}}], route: [{destination: {host: ${EGRESS}, port: {number: 80}}}]},
      {match: [{gateways: [edge/rates]}], route: [{destination: {host: rates.bank.example, port: {number: 80}}}]}]}`,
  );
const sidecar = (namespace: string, hosts: string, more = '') =>
  object('Sidecar', namespace, `{egress: [{hosts: [${hosts}]}]${more}}`, `sidecar${more.length}`);

/** What is left out, by which Sidecar, and whether a gateway is missed. */
function straysIn(text: string) {
  return [...failingPaths(meshOf(text))].flatMap(({ stray, connection: { probe } }) =>
    stray
      ? [
          `${probe.from.namespace}: ${stray.sidecar.namespace} leaves out ${stray.hidden.type} ${stray.hidden.namespace}${stray.hop ? ', past the gateway' : ''}`,
        ]
      : [],
  );
}

const OWN = entry('shop') + GATEWAY + steering('shop');

describe('a connection that misses what is there for it', () => {
  test.each([
    ['everything is seen', OWN, []],
    ['the own namespace is not listed', OWN + sidecar('shop', "'istio-system/*'"), ['shop: shop leaves out VirtualService shop, past the gateway']],
    ['it is listed', OWN + sidecar('shop', "'istio-system/*', './*'"), []],
    ['the own entry, without any gateway', entry('shop') + sidecar('shop', "'istio-system/*'"), ['shop: shop leaves out ServiceEntry shop']],
    ['an entry for other namespaces alone', entry('shop', ', exportTo: [pay]') + sidecar('shop', "'istio-system/*'"), []],
    ['other hosts of the namespace are listed one by one', entry('shop') + sidecar('shop', "'./other.example'"), []],
    ['nothing is imported on purpose', OWN + sidecar('shop', "'~/*'"), []],
    ['another Sidecar of the namespace', OWN + sidecar('shop', "'istio-system/*'") + sidecar('shop', "'./*'", ', workloadSelector: {labels: {app: web}}'), []],
    ['routes of another namespace to a host that is not known either', entry('shop') + GATEWAY + steering('edge') + sidecar('shop', "'./other.example'"), []],
    [
      'routes for another port',
      entry('shop') + GATEWAY + steering('shop', 'gateways: [mesh], port: 8080') + sidecar('shop', "'istio-system/*'"),
      ['shop: shop leaves out ServiceEntry shop'],
    ],
    [
      'routes that the client may not see',
      entry('shop') + GATEWAY + steering('edge', 'gateways: [mesh]', ', exportTo: [edge, istio-system]') + sidecar('shop', "'./*'"),
      [],
    ],
    [
      'the Sidecar of the mesh leaves it out for everybody',
      entry('edge') +
        GATEWAY +
        steering('edge') +
        object('DestinationRule', 'shop', '{host: rates.bank.example}') +
        sidecar('istio-system', "'istio-system/*'"),
      ['edge: istio-system leaves out VirtualService edge, past the gateway', 'shop: istio-system leaves out VirtualService edge, past the gateway'],
    ],
    ['but not for all', entry('edge') + GATEWAY + steering('edge') + sidecar('istio-system', "'istio-system/*'") + sidecar('pay', "'edge/*'"), []],
  ])('%s', (_, text, expected) => expect(straysIn(text)).toEqual(expected));
});
