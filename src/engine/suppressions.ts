import type { LoadedFile } from '../mesh/load.ts';
import type { Resource } from '../resources/resource.ts';
import { lineAt, nextLineStart } from '../text/lines.ts';
import { nearest } from '../text/nearest.ts';
import type { SourceText, Span } from '../text/source-text.ts';
import { type Directive, directivesIn, VERBS } from './directives.ts';
import type { Finding } from './finding.ts';
import { PeerAnnotations } from './peer-annotations.ts';
import { placeOf } from './place.ts';
import type { Change, Place, RuleMeta, SuppressionUse } from './rule.ts';

/** What is known of the rules of a run. */
export interface KnownRules {
  readonly metas: readonly RuleMeta[];
  readonly isOff: (meta: RuleMeta) => boolean;
}

/** Which findings a person has silenced, in comments or annotations. */
export interface Suppressions {
  /**
   * Whether a finding is silenced; what silences it counts as used from then on.
   * @param resources those that the finding speaks of
   */
  readonly covers: (finding: Finding, resources: readonly Resource[]) => boolean;
  /** Whether a comment in one of the resources' files, or an annotation of theirs, may silence what is said of them. */
  readonly mayCover: (resources: readonly Resource[]) => boolean;
  /** What came of each comment and annotation, once {@link covers} has seen every finding. */
  readonly uses: (known: KnownRules) => readonly SuppressionUse[];
}

/** One comment or annotation. */
interface Suppression {
  readonly names: readonly Name[];
  readonly covers: (finding: Finding, resources: readonly Resource[]) => boolean;
  readonly at: Place;
  /** Whether everything that it reaches was judged in full: nothing unread, no template text. */
  readonly isJudged: boolean;
  /** The verb of a comment that is none of those that exist. */
  readonly unknownVerb?: string;
  /** The change that leaves these names only; without any, nothing of it. */
  readonly keeping: (names: readonly Name[]) => Change;
  /** The names that have silenced something; '*' where it names none. */
  readonly used: Set<string>;
}

interface Name {
  readonly text: string;
  readonly at: Place;
}

const ANNOTATION = 'egress-lint/ignore';
const ALL = '*';

/**
 * Reads `# egress-lint-disable-next-line NAME, … -- reason` (also `-line`, `-file`) and the annotation `egress-lint/ignore: "NAME: reason"`.
 * A comment's scope is the YAML node on its line, with everything that is nested in it; above the first line of a document, the document.
 * A finding is silenced where any of its places, or any of its resources, is. Annotations of other tools count as well ({@link PeerAnnotations}).
 */
export function suppressionsIn(files: readonly LoadedFile[], metas: readonly RuleMeta[]): Suppressions {
  const peers = new PeerAnnotations(files, metas);
  const byFile = new Map<string, readonly Suppression[]>();
  const byResource = new Map<string, Suppression>();
  for (const file of files) {
    const comments = directivesIn(file).map((directive) => ofComment(file, directive));
    if (comments.length > 0) byFile.set(file.source.file, comments);
    if (!file.source.text.includes(ANNOTATION)) continue;
    for (const resource of file.resources) {
      const annotation = resource.annotations[ANNOTATION];
      if (annotation !== undefined) byResource.set(placeOf(resource), ofAnnotation(resource, annotation));
    }
  }
  return {
    covers: (finding, resources) => {
      const places = [finding.location, ...finding.related.map((related) => related.location)];
      const comments = [...new Set(places.map((place) => place.file))].flatMap((file) => byFile.get(file) ?? []);
      const annotations = byResource.size === 0 ? [] : [...new Set(resources.flatMap((resource) => byResource.get(placeOf(resource)) ?? []))];
      let isCovered = peers.covers(finding.rule, resources);
      for (const each of [...comments, ...annotations]) {
        if (!each.covers(finding, resources)) continue;
        const named = namesOf(each, finding);
        for (const name of named) each.used.add(name);
        isCovered ||= named.length > 0;
      }
      return isCovered;
    },
    mayCover: (resources) =>
      peers.mayCover(resources) ||
      resources.some((resource) => (byResource.size > 0 && byResource.has(placeOf(resource))) || byFile.has(resource.source.file.file)),
    uses: (known) => [...[...byFile.values()].flat(), ...byResource.values()].map((each) => useOf(each, known)),
  };
}

/** The names by which a suppression silences a finding. What the linter says of suppressions has to be named: else they would silence that as well. */
function namesOf({ names }: Suppression, finding: Finding): readonly string[] {
  const isAboutSuppressions = ABOUT_SUPPRESSIONS.includes(finding.rule);
  if (names.length === 0) return isAboutSuppressions ? [] : [ALL];
  return names.map((name) => name.text).filter((text) => (text === ALL ? !isAboutSuppressions : [finding.rule, finding.code].some((id) => same(id, text))));
}

/** The rules that report on suppressions. */
const ABOUT_SUPPRESSIONS = ['unused-suppression', 'unknown-rule-name'];

function same(id: string, text: string): boolean {
  return id.toLowerCase() === text.toLowerCase();
}

function ofComment({ source, resources }: LoadedFile, directive: Directive): Suppression {
  const { span, verb, lines, documents } = directive;
  const reached = resources.filter((resource) => documents.includes(resource.source.document));
  const names = directive.names.map(({ text, start, end }) => ({ text, at: { file: source, span: { start, end } } }));
  const isKnownVerb = (VERBS as readonly string[]).includes(verb);
  return {
    names,
    used: new Set(),
    at: { file: source, span },
    ...(!isKnownVerb && { unknownVerb: verb }),
    isJudged: reached.length > 0 && reached.every((resource) => resource.templates.length === 0),
    covers: (finding) =>
      lines !== undefined &&
      [finding.location, ...finding.related.map((related) => related.location)].some(
        (place) => place.file === source.file && lines.from <= place.startLine && place.startLine <= lines.to,
      ),
    keeping: (kept) => {
      const first = directive.names[0];
      const last = directive.names.at(-1);
      if (kept.length === 0 || !first || !last) return { do: 'write', at: { file: source, span: withItsLine(source, span) }, text: '' };
      return { do: 'write', at: { file: source, span: { start: first.start, end: last.end } }, text: kept.map((name) => name.text).join(', ') };
    },
  };
}

/** A comment with its line, if nothing else stands there, else with the spaces before it. */
function withItsLine({ text }: SourceText, span: Span): Span {
  const line = lineAt(text, span.start);
  if (text.slice(line.start, span.start).trim() === '') return { start: line.start, end: nextLineStart(text, span.end) };
  const before = text.slice(line.start, span.start).trimEnd();
  return { start: line.start + before.length, end: span.end };
}

function ofAnnotation(resource: Resource, annotation: string): Suppression {
  const at = { resource, path: ['metadata', 'annotations', ANNOTATION] } as const;
  const entries = annotation.split(/[\n;]/).flatMap((entry) => {
    const names = (entry.split(':', 1)[0] ?? '').split(/[\s,]+/).filter((name) => name !== '');
    return names.length === 0 ? [] : [{ names, reason: entry.includes(':') ? entry.slice(entry.indexOf(':') + 1).trim() : '' }];
  });
  return {
    names: entries.flatMap(({ names }) => names.map((text) => ({ text, at }))),
    used: new Set(),
    at: { ...at, part: 'key' },
    isJudged: entries.length > 0 && resource.templates.length === 0,
    // Without a name an annotation silences nothing: an empty value is more likely left over than meant for every rule.
    covers: (_, resources) => entries.length > 0 && resources.some((each) => placeOf(each) === placeOf(resource)),
    keeping: (kept) => {
      if (kept.length === 0) return { do: 'remove', at };
      const left = entries.flatMap(({ names, reason }) => {
        const own = names.filter((name) => kept.some((each) => each.text === name));
        return own.length === 0 ? [] : [own.join(', ') + (reason === '' ? '' : `: ${reason}`)];
      });
      return { do: 'replace', at, value: left.join('; ') };
    },
  };
}

function useOf(suppression: Suppression, { metas, isOff }: KnownRules): SuppressionUse {
  const { names, used, at, isJudged, unknownVerb } = suppression;
  const metaOf = (text: string): RuleMeta | undefined => metas.find((meta) => same(meta.name, text) || same(meta.code, text));
  const unknown = names.filter(({ text }) => text !== ALL && !metaOf(text));
  // A rule that is off might have been silenced here, and so might any rule where all are meant; few mean those that have to be turned on.
  const mayBeUsed = (text: string): boolean => {
    const meta = metaOf(text);
    return meta ? isOff(meta) || meta.family === 'linter' : metas.some((each) => isOff(each) && !each.isOptIn);
  };
  const isUnused = ({ text }: { readonly text: string }): boolean => !used.has(text) && !mayBeUsed(text);
  const unused = names.filter((name) => !unknown.includes(name) && isUnused(name));
  const isWhole = names.length === 0 ? isUnused({ text: ALL }) : unused.length === names.length;
  const isReported = isJudged && unknownVerb === undefined;
  return {
    at,
    unused: isReported ? unused.map((name) => name.text) : [],
    isUnused: isReported && isWhole,
    removal: suppression.keeping(names.filter((name) => !unused.includes(name))),
    unknown: unknown.map((name) => ({ name: name.text, at: name.at, meant: nearest(name.text, ids(metas)) })),
    ...(unknownVerb !== undefined && { unknownVerb: { verb: unknownVerb, meant: nearest(unknownVerb, VERBS) } }),
  };
}

function ids(metas: readonly RuleMeta[]): readonly string[] {
  return metas.flatMap(({ name, code }) => [name, code]);
}
