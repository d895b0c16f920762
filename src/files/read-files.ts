import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { stdin } from 'node:process';
import type { InputFile } from '../mesh/load.ts';
import { type Decoded, decodeText, MAX_BYTES, tooLarge } from './decode-text.ts';
import type { FoundFile } from './discover.ts';
import { reasonOf } from './file-error.ts';

/**
 * Reads files and standard input. What cannot be read is there with its reason; a JSON file that nobody named is left out unless it
 * could be a Kubernetes object.
 */
export async function readFiles(found: readonly FoundFile[]): Promise<readonly InputFile[]> {
  const files: InputFile[] = [];
  for (const { path, file, named, unreadable } of found) {
    const mayBeOther = !named && /\.json$/i.test(path);
    const read = unreadable === undefined ? await readOne(path, mayBeOther) : { unreadable };
    if (!read) continue;
    if ('unreadable' in read) files.push({ file, text: '', named, unreadable: read.unreadable });
    else files.push({ file, text: read.text, named });
  }
  return files;
}

/** @param mayBeOther whether to leave out what does not look like a Kubernetes object */
async function readOne(path: string, mayBeOther: boolean): Promise<Decoded | undefined> {
  try {
    const bytes = path === '-' ? await readStdin() : readBytes(path);
    if (typeof bytes === 'number') return tooLarge(bytes);
    return mayBeOther && !bytes.includes('"apiVersion"') ? undefined : decodeText(bytes);
  } catch (error) {
    return { unreadable: reasonOf(error) };
  }
}

/** A file's bytes, or how many there are if they are too many. */
function readBytes(path: string): Buffer | number {
  const descriptor = openSync(path, 'r');
  try {
    const { size } = fstatSync(descriptor);
    return size > MAX_BYTES ? size : readFileSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

async function readStdin(): Promise<Buffer | number> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stdin) {
    chunks.push(chunk as Buffer);
    size += (chunk as Buffer).length;
    if (size > MAX_BYTES) return size;
  }
  return Buffer.concat(chunks);
}
