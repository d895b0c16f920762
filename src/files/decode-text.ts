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

/** Says where the first bad byte is: where decoding puts a replacement character that the file does not hold itself. */
function notUtf8(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  let at = 0;
  let line = 1;
  for (const character of text) {
    if (character === '\ufffd' && !bytes.subarray(at, at + 3).equals(REPLACEMENT)) break;
    if (character === '\n') line++;
    at += Buffer.byteLength(character);
  }
  const byte = (bytes[at] ?? 0).toString(16).toUpperCase().padStart(2, '0');
  return `it is not UTF-8: byte 0x${byte} on line ${line} (saved as Latin-1 or Windows-1252?)`;
}

const REPLACEMENT = Buffer.from('\ufffd');
