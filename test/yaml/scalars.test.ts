import { expect, test } from 'vitest';
import { resolvePlainScalar, resolveScalar } from '../../src/yaml/scalars.ts';

/** What go-yaml v2 makes of unquoted text, checked with sigs.k8s.io/yaml 1.6. */
const TABLE: readonly (readonly [value: unknown, ...sources: string[]])[] = [
  [null, '', '~', 'null', 'Null', 'NULL'],
  [true, 'y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'],
  [false, 'n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'],
  // decimal, signed, with underscores wherever they stand
  [443, '443', '+443', '4_43', '443_', '4__43'],
  [-1, '-1', '-_1', '-0x1', '-0b1', '-01'],
  [0, '0', '-0', '+0', '00', '0_', '0x0', '0b0', '0o0'],
  [511, '0777', '+0777', '0_777', '0o777', '0O777', '0x1FF', '0x1ff', '0X1ff', '0x_1FF'],
  [5, '0b101', '0B101', '0b1_01', '05', '5.', '5.0', '0.5e1'],
  [8, '08', '8', '8.0'],
  [0.5, '.5', '0.5', '+.5', '5e-1', '5E-1', '0.5_0'],
  [1000.5, '1_000.5', '1000.5'],
  [1e5, '1e5', '1E+5', '1.e5', '1_0e4', '1_0e0_4'],
  [2 ** 64, '18446744073709551616', '+18446744073709551616'],
  [Number.POSITIVE_INFINITY, '.inf', '.Inf', '.INF', '+.inf'],
  [Number.NEGATIVE_INFINITY, '-.inf', '-.Inf', '-.INF'],
  [Number.NaN, '.nan', '.NaN', '.NAN'],
];

/** Text: neither base 60, nor dates, nor other spellings, nor numbers that 64 bits or a float cannot hold. */
const TEXT = [
  ...['nULL', 'tRUE', 'yEs', 'oN', '~x', 'yes!', 'nope', 'none', '-no'],
  ...['12:30', '12:30:45', '190:20:30.15', '2001-12-14', '2001-12-14T21:59:43Z', '2001-12-14 21:59:43.10 -5'],
  ...['=', '<<', '-', '+', '.', '..', '_1', '0x', '0b', '0o', '0o8', '0b2', '0xZZ', '0x10000000000000000', '-0x8000000000000001'],
  ...['1e', '1e999', '-1e999', '.5_x', '._5', '.inf.', 'inf', '+inf', 'nan', '1,000', '10.0.0.0', '10.0.0.0/8', '0.0.0.0', '1.2.3', 'v1', '443s', '١'],
  ...['istio-system', '*.bank.example', './*', 'NaN', 'Infinity', 'true ', 'constructor', '__proto__', 'toString'],
];

test.each(TABLE.flatMap(([value, ...sources]) => sources.map((source) => [source, value] as const)))('%j is %j', (source, value) => {
  expect(resolvePlainScalar(source)).toEqual(value);
});

test.each(TEXT)('%j stays text', (source) => {
  expect(resolvePlainScalar(source)).toBe(source);
});

test('zero has no sign: JSON would write it as another number', () => {
  expect(Object.is(resolvePlainScalar('-0'), 0)).toBe(true);
});

test.each([
  ['quoted text stays text', '443', false, undefined, '443'],
  ['a tag makes a number of quoted text', '443', false, 'tag:yaml.org,2002:int', 443],
  ['a tag makes text of a number', '443', true, 'tag:yaml.org,2002:str', '443'],
  ['the tag that means nothing makes text', '443', true, '!', '443'],
  ['tags of our own make text', 'yes', true, '!Ref', 'yes'],
  ['dates stay text', '2001-12-14', true, 'tag:yaml.org,2002:timestamp', '2001-12-14'],
])('%s', (_, source, isPlain, tag, expected) => {
  expect(resolveScalar(source, isPlain, tag)).toBe(expected);
});

test('digits without end take no time', () => {
  const start = performance.now();
  for (const text of ['9'.repeat(20_000), `0x${'f'.repeat(1_000_000)}`, '_'.repeat(1_000_000), `1${'_'.repeat(1_000_000)}x`, `-${'1'.repeat(1_000_000)}.`]) {
    resolvePlainScalar(text);
  }
  expect(performance.now() - start).toBeLessThan(2000);
});
