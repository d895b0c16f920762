import { describe, expect, test } from 'vitest';
import { expectedConnections } from '../../../src/traffic/probes/expected-connections.ts';
import { callText } from '../../../src/traffic/probes/path-text.ts';
import { meshOf } from '../../support/mesh-of.ts';

const entry = (ports: string, more = '', host = 'partner.example') => `---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: partner, namespace: app}
spec: {hosts: ['${host}'], resolution: DNS, ports: [${ports}]${more}}
`;
const port = (number: number, protocol: string) => `{number: ${number}, name: p-${number}, protocol: ${protocol}}`;
const HTTP = entry(port(80, 'HTTP'));

const object = (kind: string, name: string, namespace: string, spec: string) => `---
apiVersion: ${kind === 'Pod' || kind === 'Namespace' ? 'v1' : 'networking.istio.io/v1'}
kind: ${kind}
metadata: {name: ${name}${namespace && `, namespace: ${namespace}`}${kind === 'Pod' || kind === 'Namespace' ? `, labels: ${spec}` : ''}}
${kind === 'Pod' ? 'spec: {containers: [{name: app, image: app}]}' : kind === 'Namespace' ? '' : `spec: ${spec}`}
`;
const routes = (host: string, section: string, more = '') => object('VirtualService', 'routes', 'shop', `{hosts: ['${host}'], ${section}${more}}`);
const TO = 'route: [{destination: {host: partner.example}}]';

/** Each call, once. */
function callsIn(text: string): readonly string[] {
  return [...new Set([...expectedConnections(meshOf(text))].map(({ probe }) => callText(probe)))];
}

/** Who calls, in the order in which they are looked at. */
function clientsIn(text: string): readonly string[] {
  return [
    ...new Set(
      [...expectedConnections(meshOf(text))].map(({ probe: { from } }) =>
        [from.namespace, ...Object.entries(from.labels).map(([key, value]) => `${key}=${value}`)].join(' '),
      ),
    ),
  ];
}

describe('calls that are expected', () => {
  test.each([
    ['a port is spoken to as it is declared', HTTP, ['http://partner.example']],
    ['TLS that holds HTTP, or something else', entry(`${port(443, 'HTTPS')}, ${port(8443, 'TLS')}`), ['https://partner.example', 'tls://partner.example:8443']],
    ['a port of no known use', entry(port(5432, 'TCP')), ['tcp://partner.example:5432']],
    ['HTTP declared on a port for TLS: who knows what clients speak', entry(port(443, 'HTTP')), []],
    ['TLS declared on a port for plaintext', entry(port(80, 'TLS')), []],
    ['bytes on a port for TLS', entry(port(443, 'TCP')), []],
    ['no protocol', entry('{number: 8443, name: p}'), []],
    ['a name within a wildcard', entry(port(80, 'HTTP'), '', '*.partner.example').replace('DNS', 'NONE'), ['http://any.partner.example']],
    ['a name of a Service', entry(port(80, 'HTTP'), '', 'a.app.svc.cluster.local'), []],
    ['template text', entry(port(80, 'HTTP')).replace('name: p-80', "name: '{{ .Values.port }}'"), []],
    ['an entry that Istio refuses', entry(port(80, 'HTTP'), ', endpoints: [{address: 10.0.0.1}]').replace('DNS', 'NONE'), []],
    ['a host that only routes know', routes('other.example', `http: [{${TO}}]`), ['http://other.example']],
    [
      'a server name that only routes know',
      routes('other.example', `tls: [{match: [{port: 443, sniHosts: [other.example]}], ${TO}}]`),
      ['https://other.example'],
    ],
    ['bytes of an unknown host', routes('other.example', `tcp: [{${TO}}]`), []],
    ['routes for a gateway alone', routes('other.example', `http: [{${TO}}]`, ', gateways: [app/egress]'), []],
    ['rules for a gateway alone', routes('other.example', `http: [{match: [{gateways: [app/egress]}], ${TO}}]`, ', gateways: [mesh, app/egress]'), []],
    ['template text of routes', routes('other.example', `http: [{timeout: '{{ .Values.timeout }}', ${TO}}]`), []],
    ['routes of a Service', routes('web', `http: [{${TO}}]`), []],
    ['routes of an address', routes('10.0.0.1', `http: [{${TO}}]`), []],
    ['routes of a registered host', HTTP + routes('partner.example', `http: [{${TO}}]`), ['http://partner.example']],
  ])('%s', (_, text, calls) => expect(callsIn(text)).toEqual(calls));
});

describe('clients that are looked at', () => {
  const INJECTED = '{istio-injection: enabled}';
  const rule = (namespace: string, more = '') => object('DestinationRule', `rule-${namespace}`, namespace, `{host: partner.example${more}}`);
  test.each([
    ['those beside the entry', HTTP, ['app']],
    ['and beside what is about the host', HTTP + routes('partner.example', `http: [{${TO}}]`) + rule('pay'), ['app', 'shop', 'pay']],
    ['one other whose Pods get sidecars', HTTP + object('Namespace', 'web', '', INJECTED) + object('Namespace', 'api', '', INJECTED), ['app', 'web']],
    ['not one that has Pods, with or without sidecars', HTTP + object('Pod', 'web', 'web', '{app: web}'), ['app']],
    ['but one to whose Pods a rule is exported', HTTP + object('Pod', 'web', 'web', '{app: web}') + rule('app', ', exportTo: [web]'), ['app', 'web']],
    ['not where Pods are gateways', HTTP + object('Pod', 'egress', 'app', '{istio: egressgateway}') + object('Pod', 'web', 'web', '{app: web}'), ['web']],
    ['not in the root namespace', HTTP.replace('namespace: app', 'namespace: istio-system'), ['default']],
    ['not of what is bound to a waypoint', HTTP.replace('metadata: {', 'metadata: {labels: {istio.io/use-waypoint: way-out}, '), []],
    [
      'but those with sidecars',
      HTTP.replace('metadata: {', 'metadata: {labels: {istio.io/use-waypoint: way-out}, ') + object('Namespace', 'app', '', INJECTED),
      ['app'],
    ],
    ['not in ambient mode', HTTP + object('Namespace', 'app', '', '{istio.io/dataplane-mode: ambient}'), []],
    [
      'those whom a Sidecar tells apart',
      HTTP + object('Sidecar', 'some', 'app', "{workloadSelector: {labels: {app: web}}, egress: [{hosts: ['./*']}]}"),
      ['app', 'app app=web'],
    ],
    [
      'but not those whom no Pod in view is one of',
      HTTP + rule('app', ', workloadSelector: {matchLabels: {app: web}}') + object('Pod', 'api', 'app', '{app: api}'),
      ['app'],
    ],
    ['those whom a rule is for, alone', HTTP + rule('app', ', workloadSelector: {matchLabels: {app: web}}'), ['app app=web']],
  ])('%s', (_, text, clients) => expect(clientsIn(text)).toEqual(clients));

  test('are few, however many namespaces have something about the host', () => {
    const sidecar = (namespace: string) => object('Sidecar', 'some', namespace, "{workloadSelector: {labels: {app: web}}, egress: [{hosts: ['./*']}]}");
    const many = Array.from(
      { length: 30 },
      (_, index) => rule(`team-${index}`) + sidecar(`team-${index}`) + sidecar(`team-${index}`).replace(/web/, 'api').replace('some', 'more'),
    ).join('');
    expect(clientsIn(HTTP + many).length).toBeLessThanOrEqual(8);
  });
});
