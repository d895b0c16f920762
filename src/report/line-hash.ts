/**
 * The hashes by which GitHub code scanning recognizes an alert after lines have moved (`primaryLocationLineHash`), as its upload action works
 * them out: if ours differed, the action would warn of each.
 *
 * A line's hash is a polynomial with base 37 modulo 2^64 over the 100 UTF-16 units from its start on, across line ends, spaces and tabs left
 * out, CR and CRLF read as LF; 65535 marks the end of the text, zeros follow. It is written in hexadecimal, with `:n` for the n-th line that
 * has this hash. Lines of blanks only start at their line end.
 */

const WINDOW = 100;
const BASE = 37n;
const END_OF_TEXT = '\uffff';

/**
 * @param wanted 1-based lines; each gets its hash
 * @returns for a line beyond the text undefined
 */
export function lineHashes(text: string, wanted: ReadonlySet<number>): (line: number) => string | undefined {
  const units = `${text.replace(/\r\n?/g, '\n').replace(/[ \t]/g, '')}${END_OF_TEXT}`;
  const hashes = new Map<number, string>();
  // Lines with the same window have the same hash, and in practice only they do: the windows are counted, so that few need hashing.
  const seen = new Map<string, number>();
  let line = 1;
  for (let start = 0; start < units.length; start = afterLine(units, start)) {
    const window = units.slice(start, start + WINDOW);
    const count = (seen.get(window) ?? 0) + 1;
    seen.set(window, count);
    if (wanted.has(line)) hashes.set(line, `${polynomial(window)}:${count}`);
    line++;
  }
  return (number) => hashes.get(number);
}

/** Where the next line starts; the text's length after the last. */
function afterLine(units: string, start: number): number {
  const end = units.indexOf('\n', start);
  return end === -1 ? units.length : end + 1;
}

function polynomial(window: string): string {
  let hash = 0n;
  for (let i = 0; i < WINDOW; i++) hash = BigInt.asUintN(64, hash * BASE + BigInt(i < window.length ? window.charCodeAt(i) : 0));
  return hash.toString(16);
}
