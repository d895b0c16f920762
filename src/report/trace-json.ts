import type { Answer, ToldTrace } from '../engine/answer.ts';
import type { Location } from '../engine/finding.ts';
import type { Trace, TracedEnd, TracedField } from '../engine/trace.ts';
import { jsonLine } from './json-text.ts';

/** An answer in one line of JSON, described by docs/trace.schema.json. Version 1 only ever gains properties. */
export function answerLine(answer: Answer): string {
  return jsonLine({ version: 1, ...answerData(answer) });
}

function answerData({ mesh, clients, when, assumptions, others, asWritten, elsewhere, ...trace }: Answer): Readonly<Record<string, unknown>> {
  return {
    mesh,
    clients,
    ...traceData(trace),
    when,
    assumptions,
    others: others?.map(toldData),
    asWritten: asWritten && {
      refused: asWritten.refused.map(({ location, ...rest }) => ({ ...rest, location: locationData(location) })),
      stories: asWritten.stories.map(toldData),
    },
    elsewhere: elsewhere?.map(answerData),
  };
}

/** A trace as findings and answers hold it. */
export function traceData({ probe, expect, symptom }: Trace): Readonly<Record<string, unknown>> {
  return { probe, expect: endData(expect), symptom };
}

function toldData({ when, expect, symptom }: ToldTrace): unknown {
  return { when, expect: endData(expect), symptom };
}

function endData({ hops, because, others, ...end }: TracedEnd): unknown {
  return {
    ...end,
    hops: hops.map(({ decidedBy, ...hop }) => ({ ...hop, decidedBy: decidedBy.map(fieldData) })),
    because: because && fieldData(because),
    others: others?.map(endData),
  };
}

function fieldData({ location, ...field }: TracedField): unknown {
  return { ...field, location: locationData(location) };
}

function locationData({ file, startLine, startColumn, endLine, endColumn }: Location): unknown {
  return { file, startLine, startColumn, endLine, endColumn };
}
