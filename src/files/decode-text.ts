import { isUtf8 } from 'node:buffer';

/** A file's text, or why it has none. */
export type Decoded = { readonly text: string } | { readonly unreadable: string };

/** Larger files are no manifests; the limit keeps one stray dump from taking all memory. */
export const MAX_BYTES = 128 * 1024 * 1024;

/**
 * Decodes UTF-8, or UTF-16 where a byte order mark says so. The mark stays in the text, so that offsets are those of the file.
 * Nothing is replaced or guessed: bytes that are not text give a reason.
 */
export function decodeText(bytes: Buffer): Decoded {
  if (bytes.length > MAX_BYTES) return tooLarge(bytes.length);
  const wide = (bytes[0] === 0xff && bytes[1] === 0xfe && 'utf-16le') || (bytes[0] === 0xfe && bytes[1] === 0xff && 'utf-16be');
  if (wide) return decodeWide(bytes, wide);
  const nul = bytes.indexOf(0);
  if (nul !== -1) return { unreadable: `it is binary: byte ${nul + 1} is NUL (UTF-16 is read only with a byte order mark)` };
  if (!isUtf8(bytes)) return { unreadable: notUtf8(bytes) };
  return { text: bytes.toString('utf8') };
}

/** The reason for a file of that many bytes. */
export function tooLarge(size: number): { readonly unreadable: string } {
  const mebibytes = (bytes: number): string => (bytes / 1024 / 1024).toFixed(0);
  return { unreadable: `it is too large: ${mebibytes(size)} MiB, the limit is ${mebibytes(MAX_BYTES)} MiB` };
}

function decodeWide(bytes: Buffer, encoding: string): Decoded {
  try {
    const text = new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes);
    return text.includes('\0') ? { unreadable: 'it is binary: it holds NUL characters' } : { text };
  } catch {
    return { unreadable: `it is not valid ${encoding.toUpperCase()}, though its byte order mark says so` };
  }
}

/** Finds the first bad byte by halving: every prefix that ends before it, on a character's border, is valid. */
function notUtf8(bytes: Buffer): string {
  let valid = 0;
  let invalid = bytes.length;
  while (invalid - valid > 1) {
    const middle = (valid + invalid) >> 1;
    if (isUtf8(bytes.subarray(0, characterStart(bytes, middle)))) valid = middle;
    else invalid = middle;
  }
  const at = characterStart(bytes, valid);
  let line = 1;
  for (let i = bytes.indexOf(10); i !== -1 && i < at; i = bytes.indexOf(10, i + 1)) line++;
  const byte = (bytes[at] ?? 0).toString(16).toUpperCase().padStart(2, '0');
  return `it is not UTF-8: byte 0x${byte} on line ${line} (saved as Latin-1 or Windows-1252?)`;
}

function characterStart(bytes: Buffer, at: number): number {
  let start = at;
  while (start > 0 && at - start < 3 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start--;
  return start;
}
