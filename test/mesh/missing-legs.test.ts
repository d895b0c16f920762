import { describe, expect, test } from 'vitest';
import { legsOnNoPort, UnadmittedRoutes, unroutedHops } from '../../src/mesh/missing-legs.ts';
import { meshOf, only } from '../support/mesh-of.ts';

const gateway = (name: string, servers: string) => `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: ${name}, namespace: shop }
spec: { selector: { istio: egressgateway }, servers: [${servers}] }
---`;
const server = (port: number, host: string) => `{ port: { number: ${port}, name: p${port}, protocol: HTTP }, hosts: ["${host}"] }`;
const routes = (name: string, host: string, spec: string) => `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: ${name}, namespace: shop }
spec: { hosts: ["${host}"], ${spec} }
---`;
const OUT = 'route: [{ destination: { host: rates.example } }]';
const TO_GATEWAY = 'route: [{ destination: { host: istio-egressgateway.istio-system.svc.cluster.local, port: { number: 80 } } }]';

describe('G-6: rules for gateways on ports that no server has', () => {
  const found = (servers: string, http: string) => {
    const mesh = meshOf(gateway('out', servers) + routes('rates', 'rates.example', `gateways: [mesh, out], http: [${http}]`));
    return legsOnNoPort(mesh, only(mesh, 'VirtualService', 'rates')).map(
      ({ section, rule, match, gateway: { name } }) => `${section}[${rule}] ${match.port} ${name}`,
    );
  };
  test.each([
    [
      'all matches are for another port',
      server(80, '*'),
      `{ match: [{ gateways: [out], port: 443 }, { gateways: [out], port: 8443 }], ${OUT} }`,
      ['http[0] 443 out'],
    ],
    ['not where one is for a port that is there', server(80, '*'), `{ match: [{ gateways: [out], port: 443 }, { gateways: [out], port: 80 }], ${OUT} }`, []],
    ['not where one is for any port', server(80, '*'), `{ match: [{ gateways: [out], port: 443 }, { gateways: [out] }], ${OUT} }`, []],
    ['not where the rule is for sidecars as well', server(80, '*'), `{ match: [{ port: 443 }], ${OUT} }`, []],
    ['not where the Gateway is not in view', server(80, '*'), `{ match: [{ gateways: [edge/other], port: 443 }], ${OUT} }`, []],
    [
      'not where ports are template text',
      '{ port: { number: "{{ .Values.port }}", name: p, protocol: HTTP }, hosts: ["*"] }',
      `{ match: [{ gateways: [out], port: 443 }], ${OUT} }`,
      [],
    ],
  ])('%s', (_, servers, http, expected) => expect(found(servers, http)).toEqual(expected));
});

describe('G-4: a VirtualService that its Gateways do not admit', () => {
  const found = (text: string, gateways = 'out') => {
    const mesh = meshOf(text + routes('rates', 'rates.example', `gateways: [${gateways}], http: [{ ${OUT} }]`));
    const unadmitted = new UnadmittedRoutes(mesh).find(only(mesh, 'VirtualService', 'rates'));
    if (!unadmitted) return undefined;
    const { gateway: of, isForNobody, openTo, mayBeLeftOver } = unadmitted;
    return [of.name, isForNobody ? 'for nobody' : 'for others', ...(openTo ? [`open to ${openTo}`] : []), ...(mayBeLeftOver ? ['left over?'] : [])].join(', ');
  };
  const other = routes('quotes', 'quotes.example', `gateways: [out], http: [{ ${OUT} }]`);
  test.each([
    ['nor anybody else', gateway('out', server(80, 'quotes.example')), 'out', 'out, for nobody'],
    ['but another one', gateway('out', server(80, 'quotes.example')) + other, 'out', 'out, for others, left over?'],
    ['but another one, though it steers sidecars', gateway('out', server(80, 'quotes.example')) + other, 'mesh, out', 'out, for others'],
    [
      'nor does the second one',
      gateway('out', server(80, 'quotes.example')) + gateway('in', server(80, 'in.example')),
      'out, in',
      'out, for others, left over?',
    ],
    ['by namespace', gateway('out', server(80, 'bank/rates.example')), 'out', 'out, for nobody, open to bank'],
    ['not where the second one does', gateway('out', server(80, 'quotes.example')) + gateway('in', server(80, '*')), 'out, in', undefined],
    ['not where one is not in view', gateway('out', server(80, 'quotes.example')), 'out, in', undefined],
    ['not where its hosts are template text', gateway('out', server(80, '{{ .Values.host }}')), 'out', undefined],
  ])('%s', (_, text, gateways, expected) => expect(found(text, gateways)).toBe(expected));
});

describe('G-4: a host that is sent to a gateway without a route for it there', () => {
  const found = (http: string, more = '') => {
    const mesh = meshOf(gateway('out', server(80, '*.example')) + routes('rates', 'rates.example', `http: [{ ${http}${TO_GATEWAY} }]`) + more);
    return unroutedHops(mesh).map(({ hop, host }) => `${hop.virtualService.name} ${host}`);
  };
  test.each([
    ['nothing is bound to the Gateway', '', '', ['rates rates.example']],
    [
      'a second VirtualService as well',
      '',
      routes('quotes', 'quotes.example', `http: [{ ${TO_GATEWAY} }, { ${TO_GATEWAY} }]`),
      ['rates rates.example', 'quotes quotes.example'],
    ],
    ['not where another VirtualService is', '', routes('onward', 'rates.example', `gateways: [out], http: [{ ${OUT} }]`), []],
    ['not where that is for another host', '', routes('onward', 'quotes.example', `gateways: [out], http: [{ ${OUT} }]`), ['rates rates.example']],
    ['not where the sidecar rewrites the name', 'rewrite: { authority: quotes.example }, ', '', []],
    [
      'not where a template makes VirtualServices',
      '',
      '\n{{- if .Values.onward }}\napiVersion: networking.istio.io/v1\nkind: VirtualService\n{{- end }}\n',
      [],
    ],
  ])('%s', (_, http, more, expected) => expect(found(http, more)).toEqual(expected));
});
