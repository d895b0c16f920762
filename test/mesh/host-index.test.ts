import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HostIndex } from '../../src/mesh/host-index.ts';
import { isSubsetOf, isWildcard, overlaps } from '../../src/mesh/host-name.ts';

/** Hosts that share labels, suffixes and stars often, so that random ones meet. */
const host = fc
  .tuple(fc.constantFrom('', '', '*', '*.', '**'), fc.array(fc.constantFrom('a', 'b', 'ab', 'ba'), { maxLength: 3 }))
  .map(([star, labels]) => star + labels.join('.'));

function indexOf(hosts: readonly string[]): HostIndex<string> {
  return new HostIndex(hosts.map((each, i) => [each, `${each}#${i}`]));
}

function sorted(items: readonly string[]): readonly string[] {
  return [...items].sort();
}

/** The same question asked of every host in turn. */
function naive(hosts: readonly string[], fits: (host: string) => boolean): readonly string[] {
  return sorted(hosts.flatMap((each, i) => (fits(each) ? [`${each}#${i}`] : [])));
}

describe('finds what comparing with every host finds', () => {
  const anyHosts = fc.array(host, { maxLength: 12 });

  test('named', () => {
    fc.assert(
      fc.property(anyHosts, host, (hosts, asked) => {
        expect(sorted(indexOf(hosts).named(asked))).toEqual(naive(hosts, (each) => each === asked));
      }),
    );
  });

  test('covering (N-3), the most specific first', () => {
    fc.assert(
      fc.property(anyHosts, host, (hosts, asked) => {
        const found = indexOf(hosts).covering(asked);
        expect(sorted(found)).toEqual(naive(hosts, (each) => isSubsetOf(asked, each)));
        const texts = found.map((item) => item.replace(/#.*/, ''));
        const ranks = texts.map((text) => (text === asked ? Number.POSITIVE_INFINITY : text.length));
        expect(ranks).toEqual([...ranks].sort((a, b) => (a === b ? 0 : b - a)));
      }),
    );
  });

  test('mostSpecific (N-5)', () => {
    fc.assert(
      fc.property(anyHosts, host, (hosts, asked) => {
        const covering = hosts.filter((each) => isSubsetOf(asked, each));
        const wildcards = covering.filter((each) => each !== asked).sort((a, b) => b.length - a.length);
        const best = covering.includes(asked) ? asked : wildcards[0];
        expect(sorted(indexOf(hosts).mostSpecific(asked))).toEqual(naive(hosts, (each) => each === best));
      }),
    );
  });

  test('within (N-3)', () => {
    fc.assert(
      fc.property(anyHosts, host, (hosts, asked) => {
        const fits = (each: string): boolean => (isWildcard(asked) ? isSubsetOf(each, asked) : each === asked);
        expect(sorted(indexOf(hosts).within(asked))).toEqual(naive(hosts, fits));
      }),
    );
  });

  test('overlapping (N-2)', () => {
    fc.assert(
      fc.property(anyHosts, host, (hosts, asked) => {
        expect(sorted(indexOf(hosts).overlapping(asked))).toEqual(naive(hosts, (each) => overlaps(each, asked)));
      }),
    );
  });
});

describe('by example', () => {
  const index = indexOf(['rates.bank.example', '*.bank.example', '*.example', '*', 'bank.example', 'shop.example']);
  const texts = (items: readonly string[]): readonly string[] => items.map((item) => item.replace(/#.*/, ''));

  test('an exact name is covered by itself and by ever shorter wildcards', () => {
    expect(texts(index.covering('rates.bank.example'))).toEqual(['rates.bank.example', '*.bank.example', '*.example', '*']);
  });

  test('a wildcard is never covered by an exact name', () => {
    expect(texts(index.covering('*.bank.example'))).toEqual(['*.bank.example', '*.example', '*']);
  });

  test('the apex is not within its wildcard', () => {
    expect(texts(index.within('*.bank.example'))).not.toContain('bank.example');
  });

  test('items under one host keep their order', () => {
    const items: readonly [string, number][] = [
      ['a', 1],
      ['b', 2],
      ['a', 3],
    ];
    expect(new HostIndex(items).named('a')).toEqual([1, 3]);
  });
});
