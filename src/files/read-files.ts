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
    const read = unreadable === undefined ? await readOne(path) : { unreadable };
    if ('unreadable' in read) files.push({ file, text: '', named, unreadable: read.unreadable });
    else if (named || !/\.json$/i.test(path) || read.text.includes('"apiVersion"')) files.push({ file, text: read.text, named });
  }
  return files;
}

async function readOne(path: string): Promise<Decoded> {
  try {
    return path === '-' ? await readStdin() : readFile(path);
  } catch (error) {
    return { unreadable: reasonOf(error) };
  }
}

function readFile(path: string): Decoded {
  const descriptor = openSync(path, 'r');
  try {
    const stats = fstatSync(descriptor);
    return stats.size > MAX_BYTES ? tooLarge(stats.size) : decodeText(readFileSync(descriptor));
  } finally {
    closeSync(descriptor);
  }
}

async function readStdin(): Promise<Decoded> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stdin) {
    chunks.push(chunk as Buffer);
    size += (chunk as Buffer).length;
    if (size > MAX_BYTES) return tooLarge(size);
  }
  return decodeText(Buffer.concat(chunks));
}
