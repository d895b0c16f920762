import { describe, expect, test } from 'vitest';
import { problemsOf, told } from './told.ts';

const entry = (...exportTo: unknown[]) => ({ hosts: ['rates.bank.example'], exportTo });
const rule = (...exportTo: unknown[]) => ({ host: 'rates.bank.example', exportTo });
const own = (...exportTo: unknown[]) => ({ ...rule(...exportTo), workloadSelector: { matchLabels: { app: 'web' } } });

describe('exportTo of a ServiceEntry (SE31)', () => {
  test.each([[[]], [['.']], [['*']], [['~']], [['.', 'pay']], [['no-such-namespace']]])('%j passes', (list) => {
    expect(told('ServiceEntry', entry(...list))).toEqual([]);
  });

  test.each([
    [['pay', 'pay'], ['webhook malformed-value spec.exportTo[1]']],
    [['shop', '.'], ['webhook conflicting-fields spec.exportTo[1]']],
    [['.', '*'], ['webhook conflicting-fields spec.exportTo[1]']],
    [['~', 'pay'], ['webhook conflicting-fields spec.exportTo[0]']],
    [['*', '*'], ['webhook malformed-value spec.exportTo[1]']],
    [['Pay_1'], ['webhook malformed-value spec.exportTo[0]']],
    [[''], ['webhook malformed-value spec.exportTo[0]']],
  ])('%j does not', (list, expected) => {
    expect(told('ServiceEntry', entry(...list))).toEqual(expected);
  });

  test('the own namespace is not known where the document does not say it', () => {
    expect(told('ServiceEntry', entry('default', '.'), { namespace: undefined })).toEqual([]);
  });

  test('a repetition names the place of the first', () => {
    expect(problemsOf('ServiceEntry', entry('pay', 'pay'))[0]).toMatchObject({ others: [['spec', 'exportTo', 0]] });
  });
});

describe('exportTo of others (VS30, DR)', () => {
  test("'~' is for ServiceEntries", () => expect(told('DestinationRule', rule('~'))).toEqual(['webhook malformed-value spec.exportTo[0]']));
});

describe('exportTo beside a workloadSelector (DR20)', () => {
  test.each([[[]], [['.']], [['shop']]])('%j passes', (list) => expect(told('DestinationRule', own(...list))).toEqual([]));
  test.each([[['*']], [['pay']], [['.', 'pay']]])('%j does not', (list) => {
    expect(told('DestinationRule', own(...list))).toEqual(['webhook conflicting-fields spec.exportTo']);
  });
  test('a namespace may be the own one where the document does not say which that is', () => {
    expect(told('DestinationRule', own('pay'), { namespace: undefined })).toEqual([]);
    expect(told('DestinationRule', own('pay', '.'), { namespace: undefined })).toEqual(['webhook conflicting-fields spec.exportTo']);
  });
});
