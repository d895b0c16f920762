/** Localities `region/zone/subzone`, with `*` at the end for what is left open (validateLocalities). */

/**
 * Finds the first locality that is malformed or overlaps with an earlier one.
 * @param order whether they stand in a list; the keys of a map come to Istio in any order, so that only what it refuses in each of them is certain
 * @param report told the locality, what it must be, and its index
 */
export function localities(list: readonly string[], order: 'list' | 'map', report: (locality: string, expected: string, index: number) => void): void {
  const seen: (readonly string[])[] = [];
  for (const [index, locality] of list.entries()) {
    const expected = expectedLocality(locality, seen, order);
    if (expected !== undefined) {
      report(locality, expected, index);
      return;
    }
    seen.push(partsOf(locality));
  }
}

function expectedLocality(locality: string, seen: readonly (readonly string[])[], order: 'list' | 'map'): string | undefined {
  const star = locality.indexOf('*');
  if (star !== -1 && star !== locality.length - 1) return "a locality whose only '*' is its last character";
  const parts = partsOf(locality);
  if (parts.includes('')) return "a locality 'region/zone/subzone' without empty parts";
  const isTaken = seen.some((earlier) => overlap(earlier, parts) && (order === 'list' || overlap(parts, earlier)));
  return isTaken ? 'apart from the localities before it, one of which covers it or lies within it' : undefined;
}

/** Everything behind the second slash is the subzone. */
function partsOf(locality: string): readonly string[] {
  const [region = '', zone, ...subzone] = locality.split('/');
  if (zone === undefined) return [region];
  return subzone.length === 0 ? [region, zone] : [region, zone, subzone.join('/')];
}

/** Whether Istio refuses `later` behind `earlier`: one covers the other. A `*` that comes later is taken for the rest, and fine. */
function overlap(earlier: readonly string[], later: readonly string[]): boolean {
  if (earlier[0] === '*') return true;
  if (earlier[0] !== later[0]) return false;
  for (const level of [1, 2]) {
    const zone = earlier[level] ?? '*';
    if (zone === '*' || later[level] === undefined) return true;
    if (zone !== later[level]) return false;
  }
  return true;
}
