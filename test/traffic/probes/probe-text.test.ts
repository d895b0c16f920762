import { describe, expect, test } from 'vitest';
import { readClient, readDestination, writeClient, writeDestination } from '../../../src/traffic/probes/probe-text.ts';

describe('who connects', () => {
  test.each([
    ['shop', { namespace: 'shop', labels: {} }],
    ['shop@payments', { namespace: 'shop', labels: {}, serviceAccount: 'payments' }],
    ['shop/app=web,tier=front', { namespace: 'shop', labels: { app: 'web', tier: 'front' } }],
    ['shop/app.kubernetes.io/name=web@payments', { namespace: 'shop', labels: { 'app.kubernetes.io/name': 'web' }, serviceAccount: 'payments' }],
    ['gateway:istio-system/istio-egressgateway', { namespace: 'istio-system', labels: {}, gateway: 'istio-egressgateway' }],
  ])('%s', (text, from) => {
    expect(readClient(text)).toEqual({ value: { from } });
    expect(writeClient(from)).toBe(text);
  });

  test('a name is left to be looked up', () => {
    expect(readClient('shop/checkout@pay')).toEqual({ value: { from: { namespace: 'shop', labels: {}, serviceAccount: 'pay' }, name: 'checkout' } });
  });

  test.each(['', '/web', 'Shop!', 'shop@', 'shop/app=web,', 'shop/a=b=c', 'gateway:istio-system', 'shop/no name'])('%j is refused', (text) =>
    expect(readClient(text)).toHaveProperty('problem'),
  );
});

describe('where to', () => {
  test.each([
    ['https://api.example.com', { to: { host: 'api.example.com', port: 443 }, proto: 'https' }],
    ['http://api.example.com:8080/v2?x=1', { to: { host: 'api.example.com', port: 8080 }, proto: 'http', path: '/v2?x=1' }],
    ['tcp://db.example.com:5432', { to: { host: 'db.example.com', port: 5432 }, proto: 'tcp' }],
    ['tls://db.example.com', { to: { host: 'db.example.com', port: 443 }, proto: 'tls' }],
    ['mtls://[2001:db8::1]:8443', { to: { host: '2001:db8::1', port: 8443 }, proto: 'mtls' }],
  ] as const)('%s', (text, destination) => {
    expect(readDestination(text)).toEqual({ value: destination });
    expect(writeDestination(destination)).toBe(text);
  });

  test('without a scheme it is https', () => expect(readDestination('api.example.com')).toEqual(readDestination('https://api.example.com')));

  test.each(['', 'ftp://a.example', 'tcp://a.example', 'http://', 'http://a.example:0', 'http://a.example:99999', 'http://[a.example]', 'http://a b'])(
    '%j is refused',
    (text) => expect(readDestination(text)).toHaveProperty('problem'),
  );
});
