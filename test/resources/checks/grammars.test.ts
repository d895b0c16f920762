import { describe, expect, test } from 'vitest';
import { parseDuration } from '../../../src/resources/checks/duration.ts';
import { expectedHostName, isFqdn, isWildcardDomain } from '../../../src/resources/checks/host-name.ts';
import { isIpAddress, isIpOrCidr } from '../../../src/resources/checks/ip-address.ts';
import { isLabelKey } from '../../../src/resources/checks/label.ts';
import { expectedRegex } from '../../../src/resources/checks/regular-expression.ts';
import { problemsOf } from './told.ts';

describe('host names', () => {
  test.each(['a', 'a.example', 'A.example.', 'a-1.b', '1.a', 'a.99999999999999999999'])('%j is one', (name) => expect(isFqdn(name)).toBe(true));
  test.each(['', '.', 'a..b', '-a.b', 'a-.b', 'a_b', '1', 'a.1', '*.a', `${'a'.repeat(64)}.b`, 'ä.example', `${'a.'.repeat(128)}b`])('%j is none', (name) => {
    expect(isFqdn(name)).toBe(false);
  });
  test.each(['*', '*.a', '*.', '*a.b', '*-a.b', '1', '1.a'])('%j is a wildcard domain', (name) => expect(isWildcardDomain(name)).toBe(true));
  test.each(['*.*', 'a.*', '**', '*.1', 'a*.b'])('%j is none', (name) => expect(isWildcardDomain(name)).toBe(false));

  test.each([
    ['https://a.example/b', "without the scheme 'https://'"],
    ['a.example/b', "without '/'"],
    ['198.51.100.7', 'not an IP address'],
    ['198.51.100.0/24', 'not an IP address'],
    ['a.example:443', "without the port ':443'"],
    ['a b', 'without spaces'],
    ['a_b', "without '_'"],
    ['a.*.b', "'*' may stand only once, at the very start"],
    ['a.1', 'whose last part is not a number'],
    ['', 'it is empty'],
  ])('of %j it says what is wrong', (name, words) => expect(expectedHostName(name, true)).toContain(words));

  test.each([
    ['ServiceEntry', { hosts: ['198.51.100.7'], ports: [{ number: 80, name: 'http', protocol: 'HTTP' }] }, 'spec.addresses'],
    ['ServiceEntry', { hosts: ['198.51.100.0/24'], ports: [{ number: 80, name: 'http', protocol: 'HTTP' }] }, 'spec.addresses'],
    ['VirtualService', { hosts: ['a.example'], http: [{ route: [{ destination: { host: '198.51.100.7' } }] }] }, 'the ServiceEntry that has this address'],
  ])('of an address in a %s it says where it belongs', (kind, spec, words) => {
    expect(problemsOf(kind, spec)).toMatchObject([{ type: 'malformed-value', refusedBy: 'webhook', remedy: expect.stringContaining(words) }]);
  });
});

describe('addresses', () => {
  test.each(['0.0.0.0', '255.255.255.255', '::', '::1', '1::', '1:2:3:4:5:6:7:8', '::ffff:1.2.3.4', 'fe80::1%eth0', 'ABCD::'])('%j is one', (text) => {
    expect(isIpAddress(text)).toBe(true);
  });
  test.each([
    '',
    '1.2.3',
    '1.2.3.4.5',
    '01.2.3.4',
    '256.1.1.1',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8::',
    '12345::',
    '::1%',
    '::1.2.3',
    '1.2.3.4%a',
  ])('%j is none', (text) => expect(isIpAddress(text)).toBe(false));
  test.each(['10.0.0.1/8', '::/0', '::1/128', '10.0.0.0/0'])('%j is a range', (text) => expect(isIpOrCidr(text)).toBe(true));
  test.each(['10.0.0.0/33', '::/129', '10.0.0.0/08', '10.0.0.0/+8', '10.0.0.0/', '10.0.0.0/8/8', 'fe80::1%a/64'])('%j is none', (text) => {
    expect(isIpOrCidr(text)).toBe(false);
  });
});

describe('durations', () => {
  test.each([
    ['10s', 10_000_000_000n],
    ['1m30.5s', 90_500_000_000n],
    ['1500us', 1_500_000n],
    ['.5ms', 500_000n],
    ['5.s', 5_000_000_000n],
    ['-1h', -3_600_000_000_000n],
    ['0', 0n],
    ['2µs', 2_000n],
    ['1ns', 1n],
  ])('%j', (text, nanoseconds) => expect(parseDuration(text)).toBe(nanoseconds));
  test.each(['', '10', '10 s', '1d', '.s', 's', '1s2', '--1s', '10S', '3000000h'])('%j is none', (text) => expect(parseDuration(text)).toBeUndefined());
});

describe('regular expressions', () => {
  test.each([
    'a',
    '^/v[0-9]+/.*$',
    '(?i)a',
    '(?P<n>a)',
    '(?:a|b)?',
    'a{2,3}',
    'a{,3}',
    '[[:alpha:]-]',
    '\\d\\.\\x41',
    '\\pL',
    '[^]a]',
    '\\Qa+\\E*',
    'a*?',
    '{',
  ])('%j is one', (text) => {
    expect(expectedRegex(text)).toBeUndefined();
  });
  test.each([
    ['*', 'nothing to repeat'],
    ['|*', 'nothing to repeat'],
    ['a**', 'one after the other'],
    ['(', 'never closed'],
    [')', "without a '('"],
    ['[a', 'never closed'],
    ['[z-a]', 'backwards'],
    ['(?=a)', 'look-ahead'],
    ['(?<=a)', 'look-behind'],
    ['(a)\\1', 'backreferences'],
    ['\\', 'ends in a single'],
    ['\\y', 'not supported'],
    ['a{1001}', 'exceeds 1000'],
    ['(a{100}){11}', 'nested repetitions'],
    ['[[:word:]][[:nope:]]', 'no class'],
    ['', 'empty'],
    ['a'.repeat(1025), 'at most 1024 bytes'],
    ['ä'.repeat(513), 'at most 1024 bytes'],
  ])('%j is none', (text, words) => expect(expectedRegex(text)).toContain(words));
});

describe('labels', () => {
  test.each(['app', 'app.kubernetes.io/name', 'A_b-c.d', 'a'.repeat(63)])('%j is a key', (key) => expect(isLabelKey(key)).toBe(true));
  test.each(['', '-a', 'a/', '/a', 'a b', 'a/b/c', 'a_b/c', 'a'.repeat(64), `${'a.'.repeat(130)}b/c`])('%j is none', (key) =>
    expect(isLabelKey(key)).toBe(false),
  );
});

describe('values of headers', () => {
  const problems = (value: string) =>
    problemsOf('VirtualService', {
      hosts: ['a.example'],
      http: [{ route: [{ destination: { host: 'a' } }], headers: { request: { set: { 'x-a': value } } } }],
    });
  test.each(['', 'plain', '%HOSTNAME%', '100%%', '%REQ(x-a)%', '%DYNAMIC_METADATA(["a", "b"])%', 'a\tb', '%A(x) %'])('%j passes', (value) => {
    expect(problems(value)).toEqual([]);
  });
  test.each(['100%', '%HOSTNAME', '%A(', '%A()%', '%A(["b"] x)%', '%A([b])%', '%A("x" y)%', 'a\u0000b', '%A()x%'])('%j does not', (value) => {
    expect(problems(value)).toHaveLength(1);
  });
});
