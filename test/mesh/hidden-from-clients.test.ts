import { describe, expect, test } from 'vitest';
import { hiddenFromClients } from '../../src/mesh/hidden-from-clients.ts';
import { meshOf } from '../support/mesh-of.ts';

const namespace = (name: string, labels: string) => `
apiVersion: v1
kind: Namespace
metadata: { name: ${name}, labels: { ${labels} } }
---`;
/** Clients live in `shop`, and none in `config`. */
const NAMESPACES = namespace('shop', 'istio-injection: enabled') + namespace('config', 'team: mesh');
const gateway = `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: out, namespace: config }
spec: { selector: { istio: egressgateway }, servers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: [rates.example] }] }
---`;
const steering = (exportTo: string, owner = 'config') => `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: rates, namespace: ${owner} }
spec:
  hosts: [rates.example]
  gateways: [mesh, config/out]
  exportTo: [${exportTo}]
  http: [{ match: [{ gateways: [mesh] }], route: [{ destination: { host: istio-egressgateway.istio-system.svc.cluster.local, port: { number: 80 } } }] }]
---`;
const entry = (exportTo: string, owner = 'config', host = 'rates.example') => `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: rates, namespace: ${owner} }
spec: { hosts: ["${host}"], exportTo: [${exportTo}], ports: [{ number: 443, name: tls, protocol: TLS }], resolution: DNS }
---`;
const routed = `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: onward, namespace: config }
spec: { hosts: [rates.example], tls: [{ match: [{ sniHosts: [rates.example] }], route: [{ destination: { host: rates.example, port: { number: 443 } } }] }] }
---`;

const hidden = (text: string) =>
  hiddenFromClients(meshOf(text)).map(({ object, steersTo }) => `${object.kind} ${object.namespace} ${steersTo?.split('.')[0] ?? '-'}`);

describe('V-5: a way to a gateway is hidden from clients', () => {
  test.each([
    ['by a dot', NAMESPACES + gateway + steering('"."'), ['VirtualService config istio-egressgateway']],
    ['by the name of its own namespace', NAMESPACES + gateway + steering('config'), ['VirtualService config istio-egressgateway']],
    ['not where it is exported to them', NAMESPACES + gateway + steering('".", shop'), []],
    ['not where clients live', NAMESPACES + gateway + steering('"."', 'shop'), []],
    ['not by template text', NAMESPACES + gateway + steering('"{{ .Values.scope }}"'), []],
  ])('%s', (_, text, expected) => expect(hidden(text)).toEqual(expected));
});

describe('V-2: a ServiceEntry is hidden from clients', () => {
  test.each([
    ['by a dot', NAMESPACES + entry('"."'), ['ServiceEntry config -']],
    ['not where it is exported to all', NAMESPACES + entry('"*"'), []],
    ['not without exportTo, whose default is all', NAMESPACES + entry(''), []],
    ['not where clients live', NAMESPACES + entry('"."', 'shop'), []],
    ['not where a route leads to it', NAMESPACES + entry('"."') + routed, []],
    ['not where another entry registers the host', NAMESPACES + entry('"."') + entry('"*"', 'shop'), []],
    ['not where its hosts are template text', NAMESPACES + entry('"."', 'config', '{{ .Values.host }}'), []],
    ['not where no clients are in view', namespace('config', 'team: mesh') + entry('"."'), []],
  ])('%s', (_, text, expected) => expect(hidden(text)).toEqual(expected));
});
