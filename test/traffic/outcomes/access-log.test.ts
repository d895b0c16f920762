import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAccessLog } from '../../../src/traffic/outcomes/access-log.ts';
import { parseClusterName } from '../../../src/traffic/outcomes/envoy-cluster.ts';

const TLS =
  '[2026-11-20T10:00:00.000Z] "- - -" 0 UF,URX - - "TLS_error:|268435703:SSL_routines:OPENSSL_internal:WRONG_VERSION_NUMBER" 0 0 12 - "-" "-" "-" "-" ' +
  '"203.0.113.7:443" outbound|443||api.bank.example 10.244.0.9:50001 198.51.100.3:443 10.244.0.9:41000 api.bank.example -';
const HTTP =
  '[2026-11-20T10:00:00.000Z] "GET /rates?day=1 HTTP/1.1" 404 NR route_not_found - "-" 0 0 0 - "10.244.0.9" "curl/8.5.0" "9d6d" "rates.bank.example" "-" ' +
  '- - 10.244.1.4:8080 10.244.0.9:41000 - -';
const WITH_MIXER =
  '[2020-03-01T10:00:00.000Z] "- - -" 0 - "-" "-" 702 1411 62 - "-" "-" "-" "-" "203.0.113.7:443" outbound|443||api.bank.example ' +
  '10.244.0.9:50001 198.51.100.3:443 10.244.0.9:41000 api.bank.example -';
const OLD = '[2018-06-14T11:46:23.596Z] "GET /rates HTTP/1.1" 301 - 0 0 3 1 "10.244.0.9" "curl/7.35.0" "ab7b" "rates.bank.example" "203.0.113.7:80"';
const OLD_TCP =
  '[2018-06-14T11:46:23.596Z] "- - -" 0 - 702 1411 62 - "-" "-" "-" "-" "203.0.113.7:443" outbound|443||api.bank.example 10.244.0.9:50001 ' +
  '198.51.100.3:443 10.244.0.9:41000 api.bank.example';

describe('parseAccessLog', () => {
  it('reads a TLS connection in the format of today', () => {
    expect(parseAccessLog(TLS)).toMatchObject({
      format: 'text',
      method: undefined,
      status: 0,
      flags: ['UF', 'URX'],
      failure: 'TLS_error:|268435703:SSL_routines:OPENSSL_internal:WRONG_VERSION_NUMBER',
      upstreamHost: '203.0.113.7:443',
      upstreamCluster: 'outbound|443||api.bank.example',
      downstreamLocal: { ip: '198.51.100.3', port: 443 },
      downstreamRemote: { ip: '10.244.0.9', port: 41_000 },
      serverName: 'api.bank.example',
    });
  });

  it('reads an HTTP request, behind what kubectl puts before the line', () => {
    expect(parseAccessLog(`[pod/web istio-proxy] ${HTTP}`)).toMatchObject({
      format: 'text',
      method: 'GET',
      path: '/rates?day=1',
      protocol: 'HTTP/1.1',
      status: 404,
      flags: ['NR'],
      details: 'route_not_found',
      authority: 'rates.bank.example',
      upstreamCluster: undefined,
      downstreamLocal: { ip: '10.244.1.4', port: 8080 },
      serverName: undefined,
    });
  });

  it.each([
    ['of Istio 1.3 to 1.5', WITH_MIXER, { format: 'text', flags: [], upstreamCluster: 'outbound|443||api.bank.example', serverName: 'api.bank.example' }],
    ['of Istio 1.0', OLD, { format: 'text-1.0', method: 'GET', status: 301, authority: 'rates.bank.example', upstreamHost: '203.0.113.7:80' }],
    [
      'of Istio 1.1',
      OLD_TCP,
      {
        format: 'text-1.0',
        upstreamCluster: 'outbound|443||api.bank.example',
        downstreamLocal: { ip: '198.51.100.3', port: 443 },
        serverName: 'api.bank.example',
      },
    ],
  ])('reads the text format %s', (_, line, expected) => {
    expect(parseAccessLog(line)).toMatchObject(expected);
  });

  it.each(['authority', 'authority_for'])('reads JSON that names the host %s', (key) => {
    const line = JSON.stringify({
      [key]: 'rates.bank.example',
      method: 'GET',
      path: '/',
      response_code: 503,
      response_flags: 'NC',
      response_code_details: 'cluster_not_found',
      upstream_cluster: 'outbound|80|blue|rates.bank.example',
      downstream_local_address: '[2001:db8::1]:80',
      requested_server_name: '-',
    });
    expect(parseAccessLog(line)).toMatchObject({
      format: 'json',
      authority: 'rates.bank.example',
      status: 503,
      flags: ['NC'],
      details: 'cluster_not_found',
      upstreamCluster: 'outbound|80|blue|rates.bank.example',
      downstreamLocal: { ip: '2001:db8::1', port: 80 },
      serverName: undefined,
    });
  });

  it.each(['', 'wrong version number', '{"level":"info","msg":"ready"}', '[2026-11-20T10:00:00Z] started', '{"authority":'])(
    'leaves other text alone: %s',
    (text) => {
      expect(parseAccessLog(text)).toBeUndefined();
    },
  );

  it('never throws, whatever is cut off or put in', () => {
    fc.assert(
      fc.property(fc.constantFrom(TLS, HTTP, OLD, OLD_TCP), fc.nat(400), fc.string(), (line, at, text) => {
        parseAccessLog(line.slice(0, at) + text + line.slice(at));
        parseAccessLog(line.slice(0, at));
      }),
    );
  });
});

describe('parseClusterName', () => {
  it.each([
    ['outbound|443||a.example', { port: 443, subset: '', host: 'a.example' }],
    ['outbound|80|blue|*.a.example', { port: 80, subset: 'blue', host: '*.a.example' }],
    ['PassthroughCluster', undefined],
    ['inbound|8080||', undefined],
    [undefined, undefined],
  ])('%s', (name, expected) => {
    expect(parseClusterName(name)).toEqual(expected);
  });
});
