import type { LogMatch } from '../engine/log-match.ts';
import { describe } from '../traffic/outcomes/symptoms.ts';
import { writeClient, writeDestination } from '../traffic/probes/probe-text.ts';
import { outcomeText, proxyText } from './outcome-text.ts';

/** What a line of an access log means in a configuration, in sentences; the proxies on the way begin with a space. */
export function logMatchText({ answer, when, end, hop, differences }: LogMatch): readonly string[] {
  const { probe, symptom } = answer;
  const way = `${writeClient(probe.from)} → ${writeDestination(probe)}`;
  const hops = end.hops.map(
    (each, index) =>
      `  ${index + 1} ${proxyText(each)}: ${each.cluster ?? each.virtualHost ?? each.listener ?? 'no listener'}${hop === index ? '   ← wrote the line' : ''}`,
  );
  const decided = end.hops[hop ?? end.hops.length - 1]?.decidedBy.at(-1);
  const place =
    decided &&
    `${decided.resource.kind} ${decided.resource.namespace}/${decided.resource.name}, ${decided.path} (${decided.location.file}:${decided.location.startLine})`;
  const verdict =
    hop === undefined
      ? [
          'The line does not fit these files:',
          ...differences.map((difference) => `  ${difference}`),
          'Either other configuration was in force when it was written (not applied yet, or not in these files), or the client is another one: try --from.',
        ]
      : ['The line fits these files.', ...(place === undefined ? [] : [`What decided last at that proxy: ${place}.`])];
  return [
    `${way}${when === '' ? '' : ` with ${when}`}`,
    ...hops,
    `  ${outcomeText(end)}`,
    ...verdict,
    ...(end === answer.expect ? [`People see: ${describe(symptom)}.`] : []),
  ];
}
