import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { RULES } from '../../rules/index.ts';
import { lintSettings } from '../config/apply.ts';
import { adviceFor } from '../engine/advice.ts';
import { type Answer, Answers, allDelivered } from '../engine/answer.ts';
import { lintMeshes } from '../engine/lint.ts';
import { answerLine } from '../report/trace-json.ts';
import { traceText } from '../report/trace-text.ts';
import { clientNamed } from '../traffic/probes/clients.ts';
import type { Probe } from '../traffic/probes/probe.ts';
import { type ReadText, readClient, readDestination } from '../traffic/probes/probe-text.ts';
import { colorLevel } from './color.ts';
import { CLEAN, FOUND } from './exit-status.ts';
import type { Io } from './io.ts';
import type { TraceFlags } from './program.ts';
import { readProbes } from './read-probes.ts';
import { readTree, type Tree } from './read-tree.ts';
import { UsageError } from './usage-error.ts';

/** Text for people is wrapped at this width where no terminal says its own. */
const DEFAULT_WIDTH = 100;

/** `egress-lint trace PATH… --from WHO --to URL`: what Istio does with a connection. Gives the exit status: 0 if it arrives whatever is left open, 1 if not. */
export async function traceCommand(paths: readonly string[], flags: TraceFlags, io: Io): Promise<number> {
  const wanted = wantedOf(paths, flags, io);
  const tree = await readTree(paths, flags, io);
  const { findings } = lintMeshes(tree.files, tree.division.meshes, { rules: RULES, ...lintSettings(tree.settings), least: 'warning' });
  const answers = new Answers(tree.division.meshes, { isOrderSaid: flags.assumeOrder === 'file', findings });
  const told = answersTo(wanted, answers);
  if (flags.format === 'json') io.out(told.map(answerLine).join(''));
  else io.out(traceText({ answers: told, advice: (answer) => adviceFor(answer, findings), terminal: terminalOf(flags, tree, io) }));
  return told.every(allDelivered) ? CLEAN : FOUND;
}

/** What is asked. */
type Wanted =
  | { readonly kind: 'probes'; readonly probes: readonly Probe[] }
  | { readonly kind: 'client'; readonly destination: Omit<Probe, 'from'>; readonly from: string }
  | { readonly kind: 'classes'; readonly destination: Omit<Probe, 'from'> };

function wantedOf(paths: readonly string[], flags: TraceFlags, io: Io): Wanted {
  if (flags.probes !== undefined) {
    if (flags.to !== undefined || flags.from !== undefined)
      throw new UsageError('--probes says where connections come from and go to', 'leave out --from and --to');
    if (flags.probes === '-' && paths.includes('-')) throw new UsageError('standard input cannot hold both files and connections', 'name a file for --probes');
    return { kind: 'probes', probes: readProbes(flags.probes, io) };
  }
  if (flags.to === undefined) throw new UsageError('trace has to be told where the connection goes', 'add --to URL, for example --to https://api.example.com');
  const destination = { ...readOr(readDestination(flags.to), '--to'), ...requestOf(flags) };
  const { to } = destination;
  const dialled = { ...destination, to: { ...to, ...(flags.ip !== undefined && { ip: flags.ip }) } };
  if (flags.from === undefined) return { kind: 'classes', destination: dialled };
  readOr(readClient(flags.from), '--from');
  return { kind: 'client', destination: dialled, from: flags.from };
}

function readOr<T>(read: ReadText<T>, flag: string): T {
  if ('problem' in read) throw new UsageError(`${flag}: ${read.problem}`, read.hint);
  return read.value;
}

/** Host is what the connection is routed by; the other headers are matched by routes. */
function requestOf({ header = [], method, sni, http2 }: TraceFlags): Partial<Probe> {
  const headers = header.map((text): readonly [string, string] => {
    const [, name, value = ''] = /^([^:\s]+)\s*:\s*(.*)$/.exec(text) ?? [];
    if (name === undefined) throw new UsageError(`--header: '${text}' has no colon`, 'write NAME:VALUE');
    return [name, value];
  });
  const host = headers.find(([name]) => name.toLowerCase() === 'host')?.[1];
  const others = headers.filter(([name]) => name.toLowerCase() !== 'host');
  return {
    ...(others.length > 0 && { headers: Object.fromEntries(others) }),
    ...(host !== undefined && { hostHeader: host }),
    ...(method !== undefined && { method: method.toUpperCase() }),
    ...(sni !== undefined && { sni }),
    ...(http2 && { http2 }),
  };
}

function answersTo(wanted: Wanted, answers: Answers): readonly Answer[] {
  switch (wanted.kind) {
    case 'probes':
      return wanted.probes.map((probe) => answers.answer(probe));
    case 'classes':
      return answers.classes(wanted.destination);
    case 'client':
      return [answers.answer({ from: clientIn(wanted.from, answers), ...wanted.destination })];
    default:
      return wanted satisfies never;
  }
}

/** The client that `--from` means in the files. */
export function clientIn(text: string, answers: Answers): Probe['from'] {
  const { from, name } = readOr(readClient(text), '--from');
  if (name === undefined) return from;
  for (const { model } of answers.models) {
    const found = clientNamed(model, from, name);
    if (found) return found;
  }
  throw new UsageError(`--from: no Pod or workload ${from.namespace}/${name} is in the files`, `name its labels: --from ${from.namespace}/app=${name}`);
}

function terminalOf({ color }: TraceFlags, { root }: Tree, io: Io): Parameters<typeof traceText>[0]['terminal'] {
  const level = colorLevel(color, io.env, io.outIsTerminal);
  return {
    color: level,
    width: (io.outIsTerminal && io.columns) || DEFAULT_WIDTH,
    hyperlinks: io.outIsTerminal && level > 0 && !io.env['CI'] && io.env['TERM'] !== 'dumb',
    fileUrl: (file) => pathToFileURL(resolve(root, file)).href,
  };
}
