import { type InputFile, load, Mesh } from '../../src/index.ts';
import { type RecordedAnswer, recordedAnswer } from '../../src/traffic/outcomes/recorded-answer.ts';
import { answerProbe, type Probe } from '../../src/traffic/probes/probe.ts';
import { TrafficModel } from '../../src/traffic/traffic-model.ts';

/** A mesh with connections, and what Istio makes of each. */
export interface ConformanceCase {
  readonly id: string;
  readonly tags: readonly string[];
  readonly files: readonly { readonly name: string; readonly text: string }[];
  /** A MeshConfig, laid over Istio's defaults and over what the files hold. */
  readonly mesh?: Readonly<Record<string, unknown>>;
  readonly probes: readonly (Probe & { readonly expect: RecordedAnswer })[];
}

export interface CaseAnswer {
  readonly id: string;
  readonly probes: readonly RecordedAnswer[];
}

/** What the traffic model makes of a case. Files count in the order in which they stand, which decides about age (N-17). */
export function answerCase({ id, files, mesh, probes }: ConformanceCase): CaseAnswer {
  const inputs = files.map(({ name, text }, index): InputFile => ({ file: `${String(index).padStart(6, '0')}/${name}`, text, named: true }));
  const loaded = new Mesh(load(inputs), mesh ? { meshConfig: { settings: mesh } } : {});
  const model = new TrafficModel(loaded, { assumesStockGateways: false });
  return { id, probes: probes.map((probe) => asRecorded(recordedAnswer(answerProbe(model, probe)))) };
}

/** The recorder counts Envoy's enum of redirects on from 301: it writes 304 for 307 (TEMPORARY_REDIRECT) and 305 for 308 (PERMANENT_REDIRECT), which no proxy sends. */
const RECORDED_REDIRECTS: ReadonlyMap<number | undefined, number> = new Map([
  [307, 304],
  [308, 305],
]);

function asRecorded(answer: RecordedAnswer): RecordedAnswer {
  const code = answer.detail === 'redirect' ? RECORDED_REDIRECTS.get(answer.code) : undefined;
  return { ...answer, ...(code !== undefined && { code }), ...(answer.others && { others: answer.others.map(asRecorded) }) };
}

/** The cases of a file in JSON lines. */
export function casesIn(text: string): readonly ConformanceCase[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as ConformanceCase);
}
