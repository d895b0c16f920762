import type { Answer } from './answer.ts';
import { type Finding, type ResourceId, reaches } from './finding.ts';
import type { TracedEnd, TracedField } from './trace.ts';

/** More than these nobody reads at once. */
const MOST = 3;

/** The findings that explain why a connection fails, the most telling first: at a field that decided, at an object on the way, or about the host. */
export function adviceFor(answer: Answer, findings: readonly Finding[]): readonly Finding[] {
  const { probe, expect, others = [], asWritten } = answer;
  const ends = [expect, ...others.map((story) => story.expect)];
  const fields = ends.flatMap(fieldsOf);
  const places = new Set(fields.map(({ location }) => `${location.file}:${location.startLine}`));
  const objects = new Set([...fields.map(({ resource }) => resource), ...(asWritten?.refused ?? []).map(({ resource }) => resource)].map(keyOf));
  const scored = findings
    .filter(({ severity }) => reaches(severity, 'warning'))
    .map((finding) => ({ finding, score: scoreOf(finding, places, objects, probe.to.host.toLowerCase()) }))
    .filter(({ score }) => score > 0);
  const sorted = scored.sort((a, b) => b.score - a.score).map(({ finding }) => finding);
  // One mistake that is made again and again in an object is told once.
  return [...new Map([...sorted].reverse().map((finding) => [`${finding.rule} ${finding.message}`, finding])).values()].reverse().slice(0, MOST);
}

function fieldsOf({ hops, because, others = [] }: TracedEnd): readonly TracedField[] {
  return [...hops.flatMap(({ decidedBy }) => decidedBy), ...(because ? [because] : []), ...others.flatMap(fieldsOf)];
}

function scoreOf(
  { severity, resource, location, related, message, symptom = '' }: Finding,
  places: ReadonlySet<string>,
  objects: ReadonlySet<string>,
  host: string,
): number {
  const isAtField = places.has(`${location.file}:${location.startLine}`);
  const isOnTheWay = resource !== undefined && objects.has(keyOf(resource));
  const isRelated = related.some((each) => each.resource !== undefined && objects.has(keyOf(each.resource)));
  const namesHost = `${message} ${symptom} ${related.map((each) => each.message).join(' ')}`.toLowerCase().includes(host);
  const score = (isAtField ? 8 : 0) + (isOnTheWay ? 4 : 0) + (namesHost ? 3 : 0) + (isRelated ? 2 : 0);
  return score === 0 ? 0 : score + (severity === 'error' ? 1 : 0);
}

function keyOf({ kind, namespace, name }: ResourceId): string {
  return `${kind} ${namespace}/${name}`;
}
