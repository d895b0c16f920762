import { describe, expect, test } from 'vitest';
import type { Mesh } from '../../../src/index.ts';
import { failingPaths, reasonsOf } from '../../../src/traffic/probes/failing-paths.ts';
import { callText } from '../../../src/traffic/probes/path-text.ts';
import { meshOf } from '../../support/mesh-of.ts';

const EGRESS = 'istio-egressgateway.istio-system.svc.cluster.local';

const object = (kind: string, name: string, spec: string, namespace = 'app') => `---
apiVersion: ${kind === 'Service' ? 'v1' : 'networking.istio.io/v1'}
kind: ${kind}
metadata: {name: ${name}, namespace: ${namespace}}
spec: ${spec}
`;
const entry = (ports: string, more = '') => object('ServiceEntry', 'partner', `{hosts: [partner.example], resolution: DNS, ports: [${ports}]${more}}`);
const HTTP = '{number: 80, name: http, protocol: HTTP}';
const PLAIN = '{number: 80, name: http, protocol: HTTP, targetPort: 443}';
const HTTPS = '{number: 443, name: https, protocol: HTTPS}';
const routes = (http: string, more = '') => object('VirtualService', 'partner', `{hosts: [partner.example], http: [${http}]${more}}`);
const to = (host: string, more = '') => `route: [{destination: {host: ${host}${more}}}]`;
const rule = (policy: string, more = '') => object('DestinationRule', 'partner', `{host: partner.example, trafficPolicy: ${policy}${more}}`);
const SIMPLE = rule('{portLevelSettings: [{port: {number: 80}, tls: {mode: SIMPLE}}]}');
const gateway = (servers: string) => object('Gateway', 'egress', `{selector: {istio: egressgateway}, servers: [${servers}]}`);
const SERVER = '{port: {number: 80, name: http, protocol: HTTP}, hosts: [partner.example]}';
const LEGS = `{match: [{gateways: [mesh]}], ${to(EGRESS, ', port: {number: 80}')}}, {match: [{gateways: [app/egress]}], ${to('partner.example')}}`;
const THROUGH = routes(LEGS, ', gateways: [mesh, app/egress]');

const failuresIn = (mesh: Mesh) => [...failingPaths(mesh)].map(({ connection, path }) => `${callText(connection.probe)} ${path.outcome}@${path.at}`);

describe('connections that fail', () => {
  test.each([
    ['plain HTTP to TLS', entry(PLAIN), ['http://partner.example plaintext-to-tls@server']],
    ['TLS started', entry(PLAIN) + SIMPLE, []],
    ['nothing else than registered', entry(`${HTTP}, ${HTTPS}`), []],
    ['through a gateway', entry(HTTP) + gateway(SERVER) + THROUGH, []],
    [
      'a gateway that is in view and has no server for it',
      entry(HTTP) + gateway(SERVER.replace('partner', 'other')) + THROUGH,
      ['http://partner.example no-route@gateway'],
    ],
    // isInView
    ['a gateway that is not in view', entry(HTTP) + THROUGH, []],
    [
      'a port that the host in view lacks',
      entry(HTTP) + routes(`{${to('partner.example', ', port: {number: 81}')}}`),
      ['http://partner.example no-cluster@sidecar'],
    ],
    ['a port that only the assumed Service lacks', entry(HTTP) + routes(`{${to(EGRESS, ', port: {number: 81}')}}`), []],
    [
      'a subset of a host in view, without any rule in view',
      entry(HTTP) + routes(`{${to('partner.example', ', subset: a')}}`),
      ['http://partner.example no-cluster@sidecar'],
    ],
    ['a subset of a gateway, without any rule or Gateway in view', entry(HTTP) + routes(`{${to(EGRESS, ', port: {number: 80}, subset: a')}}`), []],
    [
      'a subset that the rule in view lacks',
      entry(HTTP) + routes(`{${to('partner.example', ', subset: a')}}`) + rule('{}', ', subsets: [{name: b}]'),
      ['http://partner.example no-cluster@sidecar'],
    ],
    ['a server in the mesh, which speaks what it pleases', entry(PLAIN, ', location: MESH_INTERNAL'), []],
    // isFedByHttp
    ['TLS around TLS', entry(HTTPS) + rule('{tls: {mode: SIMPLE}}'), ['https://partner.example double-tls@server']],
    [
      'TLS around what http routes send there',
      entry(`${HTTP}, ${HTTPS}`) +
        routes(`{${to('partner.example', ', port: {number: 443}')}}`) +
        rule('{portLevelSettings: [{port: {number: 443}, tls: {mode: SIMPLE}}]}'),
      [],
    ],
    // isSound
    ['template text on the way', entry(PLAIN) + routes(`{${to('partner.example')}, timeout: '{{ .Values.timeout }}'}`), []],
    ['one of two alternatives', entry(HTTP) + routes(`{${to('partner.example', ', port: {number: 81}')}}`) + routes(`{${to('partner.example')}}`), []],
  ])('%s', (_, text, expected) => expect(failuresIn(meshOf(text))).toEqual(expected));

  test('alternatives in other directories do not meet', () => {
    const refused = routes(`{${to('partner.example', ', port: {number: 81}')}}`);
    const files = { 'a/entry.yaml': entry(HTTP), 'a/routes.yaml': routes(`{${to('partner.example')}}`), 'b/entry.yaml': entry(HTTP), 'b/routes.yaml': refused };
    expect(failuresIn(meshOf(files))).toEqual([]);
  });

  test('none that depends on which of two objects is the older', () => {
    const other = routes(`{${to('partner.example')}}`).replace('name: partner,', 'name: other,');
    const refused = routes(`{${to('partner.example', ', port: {number: 81}')}}`);
    expect(failuresIn(meshOf(entry(HTTP) + refused + other))).toEqual([]);
    const dated = (text: string, year: number) => text.replace(/(namespace: app)/, `$1, creationTimestamp: '${year}-01-01T00:00:00Z'`);
    expect(failuresIn(meshOf(entry(HTTP) + dated(refused, 2020) + dated(other, 2021)))).toEqual(['http://partner.example no-cluster@sidecar']);
    expect(failuresIn(meshOf(entry(HTTP) + dated(refused, 2021) + dated(other, 2020)))).toEqual([]);
  });
});

describe('a connection that fails', () => {
  const text = entry(HTTP) + gateway(SERVER.replace('partner', 'other')) + THROUGH + SIMPLE + object('Sidecar', 'default', "{egress: [{hosts: ['*/*']}]}");
  const names = (resources: Iterable<{ readonly type: string; readonly name: string }>) => [...resources].map(({ type, name }) => `${type} ${name}`).sort();

  test('names what decided, and what is about it', () => {
    const [failing] = failingPaths(meshOf(text));
    if (!failing) throw new Error('it fails');
    expect(failing.last.proxy.kind).toBe('gateway');
    expect(failing.firstDestination?.path).toEqual(['spec', 'http', 0, 'route', 0, 'destination']);
    expect(failing.destination).toBeUndefined();
    expect(names(failing.resources)).toEqual(['Gateway egress', 'ServiceEntry partner', 'VirtualService partner']);
    expect(names(failing.concerned)).toEqual([
      'DestinationRule partner',
      'Gateway egress',
      'ServiceEntry partner',
      'Sidecar default',
      'VirtualService partner',
    ]);
    expect(reasonsOf(failing.path).every(({ resource }) => failing.resources.has(resource))).toBe(true);
    expect(failing.symptom).toBeDefined();
  });
});
