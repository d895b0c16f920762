/**
 * The candidate of which a name is a slip of the pen: one letter more, less, other or swapped with its neighbor, or a separator lost.
 * Stricter than {@link import('./nearest.ts').nearest}: names of resources and hosts come in series (`egress-1`, `eu-api`, `gateway-east`), so digits and words of
 * less than four letters are never slips, and neither are names that differ in two words.
 * @returns undefined where nothing is; else the first
 */
export function slipOf(name: string, candidates: Iterable<string>): string | undefined {
  for (const candidate of candidates) if (isSlip(name, candidate)) return candidate;
  return undefined;
}

const SEPARATORS = /[^a-z\d]+/;
const SHORTEST_WORD = 4;

function isSlip(a: string, b: string): boolean {
  // Whatever is a slip is one edit of the whole name; nearly all candidates are done with here.
  if (a === b || !isOneEdit(a.toLowerCase(), b.toLowerCase())) return false;
  const words = a.toLowerCase().split(SEPARATORS);
  const others = b.toLowerCase().split(SEPARATORS);
  if (words.length !== others.length) return words.join('') === others.join('');
  const differing = words.flatMap((word, i) => (word === others[i] ? [] : [[word, others[i] ?? ''] as const]));
  const [only] = differing;
  if (!only) return true;
  const [word, other] = only;
  if (differing.length > 1 || Math.min(word.length, other.length) < SHORTEST_WORD) return false;
  return word.replace(/\D/g, '') === other.replace(/\D/g, '') && isOneEdit(word, other);
}

/** Whether one letter inserted, deleted, replaced or swapped with its neighbor makes one text of the other, or none at all. */
function isOneEdit(a: string, b: string): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (long.length - short.length > 1) return false;
  let start = 0;
  while (start < short.length && short[start] === long[start]) start++;
  const rest = short.slice(start);
  if (short.length < long.length) return rest === long.slice(start + 1);
  const isSwap = short[start] === long[start + 1] && short[start + 1] === long[start] && short.slice(start + 2) === long.slice(start + 2);
  return isSwap || rest.slice(1) === long.slice(start + 1);
}
