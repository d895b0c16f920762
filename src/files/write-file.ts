import { closeSync, openSync, readSync, writeFileSync } from 'node:fs';

/**
 * Writes a file's new text in the encoding that the file has: UTF-8, or UTF-16 where its byte order mark says so. The mark is part of the text.
 * @throws what the file system throws
 */
export function writeTextFile(path: string, text: string): void {
  const mark = firstBytes(path);
  if (mark[0] === 0xff && mark[1] === 0xfe) writeFileSync(path, Buffer.from(text, 'utf16le'));
  else if (mark[0] === 0xfe && mark[1] === 0xff) writeFileSync(path, Buffer.from(text, 'utf16le').swap16());
  else writeFileSync(path, text);
}

function firstBytes(path: string): Buffer {
  const bytes = Buffer.alloc(2);
  const descriptor = openSync(path, 'r');
  try {
    readSync(descriptor, bytes, 0, 2, 0);
  } finally {
    closeSync(descriptor);
  }
  return bytes;
}
