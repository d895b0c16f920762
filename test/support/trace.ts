import { type Answer, Answers } from '../../src/engine/answer.ts';
import { type Assumptions, type InputFile, lintMeshes, load, meshesOf, RULES } from '../../src/index.ts';
import type { Probe } from '../../src/traffic/probes/probe.ts';
import { readClient, readDestination } from '../../src/traffic/probes/probe-text.ts';

/** What `egress-lint trace` answers about texts. */
export function answersIn(files: readonly InputFile[], assumptions: Assumptions = {}): Answers {
  const loaded = load(files);
  const { meshes } = meshesOf(loaded, { assumptions });
  const { findings } = lintMeshes(loaded, meshes, { rules: RULES });
  return new Answers(meshes, { isOrderSaid: true, findings });
}

/** A connection as the command line takes it: `shop/app=web`, `https://api.example`. */
export function probeOf(from: string, to: string): Probe {
  const client = readClient(from);
  const destination = readDestination(to);
  if ('problem' in client || 'problem' in destination) throw new Error(`${from} ${to}`);
  return { from: client.value.from, ...destination.value };
}

/** An end in one line: `no-cluster 503 NC at sidecar`. */
export function endText({ outcome, code, flag, at }: Pick<Answer['expect'], 'outcome' | 'code' | 'flag' | 'at'>): string {
  return [outcome, code, flag, at && `at ${at}`].filter((part) => part !== undefined).join(' ');
}

/** The clusters by which proxies send, or how far it got. */
export function clustersOf({ hops }: Answer['expect']): readonly (string | undefined)[] {
  return hops.map(({ cluster, virtualHost, listener }) => cluster ?? virtualHost ?? listener);
}
