import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { reasonOf } from '../files/file-error.ts';
import type { Probe } from '../traffic/probes/probe.ts';
import type { Io } from './io.ts';
import { UsageError } from './usage-error.ts';

/** The connections of a file (`-` is standard input): JSON objects in a list, or one on each line. */
export function readProbes(name: string, { cwd }: Pick<Io, 'cwd'>): readonly Probe[] {
  const text = readText(name, cwd);
  const values = text.trimStart().startsWith('[')
    ? parsed(text, name)
    : text.split('\n').flatMap((line, index) => (line.trim() === '' ? [] : [parsed(line, `${name}:${index + 1}`)]));
  if (!Array.isArray(values)) throw new UsageError(`${name} holds no list of connections`, FORM);
  return values.map((value, index) => probeIn(value, `${name}, connection ${index + 1}`));
}

const FORM = 'write objects such as {"from":{"namespace":"shop","labels":{}},"to":{"host":"api.example.com","port":443},"proto":"https"}';
const PROTOCOLS: readonly string[] = ['http', 'https', 'tls', 'tcp', 'mtls'] satisfies readonly Probe['proto'][];

function readText(name: string, cwd: string): string {
  try {
    return readFileSync(name === '-' ? 0 : resolve(cwd, name), 'utf8');
  } catch (error) {
    throw new UsageError(`cannot read ${name}: ${reasonOf(error)}`, 'name a file with connections in JSON');
  }
}

function parsed(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`${where} is no JSON`, FORM);
  }
}

function probeIn(value: unknown, where: string): Probe {
  const refuse = (problem: string): never => {
    throw new UsageError(`${where}: ${problem}`, FORM);
  };
  if (!isObject(value)) return refuse('is no object');
  const { from, to, proto, path, method, headers, hostHeader, sni, http2 } = value;
  if (!isObject(from) || typeof from['namespace'] !== 'string') return refuse('"from" names no namespace');
  const { namespace, labels = {}, serviceAccount, gateway } = from;
  if (!isTexts(labels)) return refuse('"from.labels" is no object of texts');
  if (!isObject(to) || typeof to['host'] !== 'string' || to['host'] === '') return refuse('"to" names no host');
  const { host, port, ip } = to;
  if (typeof port !== 'number' || !Number.isInteger(port) || port < 1 || port > 65_535) return refuse('"to.port" is no port');
  if (typeof proto !== 'string' || !PROTOCOLS.includes(proto)) return refuse(`"proto" is none of ${PROTOCOLS.join(', ')}`);
  if (headers !== undefined && !isTexts(headers)) return refuse('"headers" is no object of texts');
  const texts = { path, method, hostHeader, sni };
  const wrong = Object.entries({ ...texts, serviceAccount, gateway, ip }).find(([, text]) => text !== undefined && typeof text !== 'string');
  if (wrong) return refuse(`"${wrong[0]}" is no text`);
  return {
    from: { namespace, labels, ...written({ serviceAccount, gateway }) },
    to: { host, port, ...written({ ip }) },
    proto: proto as Probe['proto'],
    ...written(texts),
    ...(headers && { headers }),
    ...(http2 === true && { http2 }),
  };
}

/** Those that are given. The caller has seen to their types. */
function written(values: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(values).flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : [])));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): value is Readonly<Record<string, string>> {
  return isObject(value) && Object.values(value).every((text) => typeof text === 'string');
}
