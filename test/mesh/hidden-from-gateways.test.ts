import { describe, expect, test } from 'vitest';
import { hiddenFromGateways } from '../../src/mesh/hidden-from-gateways.ts';
import { meshOf } from '../support/mesh-of.ts';

const gateway = `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: out, namespace: shop }
spec: { selector: { istio: egressgateway }, servers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: [rates.example] }] }
---`;
/** Steers sidecars to the stock gateway, and from there to port 443. */
const routes = (exportTo: string) => `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: rates, namespace: shop }
spec:
  hosts: [rates.example]
  gateways: [mesh, out]
  exportTo: [${exportTo}]
  http:
  - match: [{ gateways: [mesh], port: 80 }]
    route: [{ destination: { host: istio-egressgateway.istio-system.svc.cluster.local, port: { number: 80 } } }]
  - match: [{ gateways: [out], port: 80 }]
    route: [{ destination: { host: rates.example, port: { number: 443 } } }]
---`;
const entry = (exportTo: string, owner = 'shop') => `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: rates, namespace: ${owner} }
spec: { hosts: [rates.example], exportTo: [${exportTo}], ports: [{ number: 80, name: http, protocol: HTTP }, { number: 443, name: tls, protocol: TLS }], resolution: DNS }
---`;
const rule = (exportTo: string, mode = 'SIMPLE', owner = 'shop') => `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: rates, namespace: ${owner} }
spec: { host: rates.example, exportTo: [${exportTo}], trafficPolicy: { tls: { mode: ${mode} } } }
---`;

const hidden = (text: string) =>
  hiddenFromGateways(meshOf(gateway + text)).map(
    ({ object, namespace, route, certain }) => `${object.kind} ${namespace} ${route ? `http[${route.rule}]` : '-'} ${certain ? 'certain' : 'likely'}`,
  );

describe('what exportTo hides from the gateway', () => {
  test.each([
    ['V-5: routes', routes('"."') + entry('"*"'), ['VirtualService istio-system - certain']],
    ['V-10: the entry to which they lead', routes('"*"') + entry('"."'), ['ServiceEntry istio-system http[1] certain']],
    ['D-2: the rule that starts TLS', routes('"*"') + entry('"*"') + rule('"."'), ['DestinationRule istio-system http[1] certain']],
    ['nothing that is exported to all', routes('"*"') + entry('"*"') + rule('"*"'), []],
    ['nothing that is exported to the namespace of its Pods', routes('istio-system') + entry('istio-system') + rule('istio-system'), []],
    ['V-10: no entry of which another copy is exported', routes('"*"') + entry('"."') + entry('"*"', 'bank'), []],
    ['D-2: no rule that starts no TLS', routes('"*"') + entry('"*"') + rule('"."', 'DISABLE'), []],
    ['D-2: no rule of a namespace that it never looks in', routes('"*"') + entry('"*"') + rule('"."', 'SIMPLE', 'bank'), []],
    ['nothing by template text', routes('"{{ .Values.scope }}"') + entry('"*"'), []],
  ])('%s', (_, text, expected) => expect(hidden(text)).toEqual(expected));
});
