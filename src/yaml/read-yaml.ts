import { load, YAMLException } from 'js-yaml';
import { lineStarts, positionAt, type Span } from '../text/source-text.ts';
import { DUPLICATE_KEY, explain } from './explain.ts';
import { kubernetesSchema } from './scalars.ts';
import { joinLines } from './scan.ts';
import { isBlank, readableText, rootKind, saysNoKind, splitDocuments } from './split.ts';
import { hasTemplateLines, isBrokenTemplate } from './template-text.ts';

/** One document of a multi-document text. Its parse tree is not kept: {@link import('./locate.ts').locate} parses again where a position is asked for. */
export interface YamlDocument extends Span {
  /**
   * Plain data as Kubernetes' YAML reader would have it; text of templates is masked (template-text.ts). Aliases share what they stand for.
   * What has been released is parsed anew each time.
   */
  readonly value: unknown;
  /** Lets go of the value, of which there are as many as documents. Undefined where it was not read from a text. */
  readonly release?: () => void;
}

/** Not a literal with a getter: V8 would give each such object a hidden class of its own. */
class ReadDocument implements YamlDocument {
  readonly start: number;
  readonly end: number;
  private readonly text: string;
  private kept: { readonly value: unknown } | undefined;

  constructor(text: string, { start, end }: Span, value: unknown) {
    this.text = text;
    this.start = start;
    this.end = end;
    this.kept = { value };
  }

  get value(): unknown {
    if (this.kept) return this.kept.value;
    const again = parse(this.text.slice(this.start, this.end));
    return 'value' in again ? again.value : undefined;
  }

  release(): void {
    this.kept = undefined;
  }
}

/** What is wrong with a document as YAML. */
export interface SyntaxProblem extends Span {
  /** What to look for at the place, in plain words; lower case, no full stop. */
  readonly message: string;
  /** A second place that the message speaks of: where a key stands first that stands here again. */
  readonly other?: Span;
  /** Whether the document is among {@link YamlContents.documents} nevertheless: a key that stands twice is read as kubectl reads it, the last one wins. */
  readonly isRead: boolean;
}

/** A document whose lines depend on a template engine; it is not read. */
export interface TemplateDocument extends Span {
  readonly kind: string | undefined;
}

export interface YamlContents {
  readonly documents: readonly YamlDocument[];
  readonly problems: readonly SyntaxProblem[];
  readonly templates: readonly TemplateDocument[];
  /** All non-empty documents, those of other kinds included. */
  readonly count: number;
}

export interface ReadOptions {
  /** Which values of the root key `kind` are worth parsing; documents of other kinds are skipped unparsed, errors and all. */
  readonly wants: (kind: string) => boolean;
  /** Whether a document that surely says no kind is of use all the same; without this every such document is parsed. */
  readonly wantsKindless?: (chunk: string) => boolean;
  /** Whether a document holds what must not be shown: then no problem and no template text of it is shown at its place, but at its kind. */
  readonly hides?: (chunk: string) => boolean;
  /** Whether to report documents that neither parse nor say a kind; false for files that a directory walk came upon. */
  readonly strict?: boolean;
}

/** Deeper than any Kubernetes object; bounds the parser's recursion. */
const MAX_DEPTH = 100;

/**
 * Reads multi-document YAML or JSON. Never throws: what cannot be parsed is a problem with its place, and hides no other document.
 * Documents are split before they are parsed (split.ts), and only those that may be of a wanted kind are parsed at all.
 */
export function readYaml(text: string, options: ReadOptions): YamlContents {
  const documents: YamlDocument[] = [];
  const problems: SyntaxProblem[] = [];
  const templates: TemplateDocument[] = [];
  let count = 0;
  let lines: readonly number[] | undefined;
  for (const span of splitDocuments(text)) {
    const chunk = text.slice(span.start, span.end);
    if (isBlank(chunk)) continue;
    count++;
    const kind = rootKind(chunk);
    if (kind === undefined ? isUseless(chunk, options) : !options.wants(kind)) continue;
    const isHidden = (): boolean => options.hides?.(chunk) ?? false;
    const isOurs = (): boolean => kind !== undefined || mentionsMesh(chunk);
    if (hasTemplateLines(chunk)) {
      if (isOurs()) templates.push({ ...(isHidden() ? kindLine(chunk, span) : span), kind });
      continue;
    }
    const result = parse(chunk);
    if ('value' in result) {
      if (result.value === null || result.value === undefined) count--;
      else documents.push(new ReadDocument(text, span, result.value));
    } else if (isBrokenTemplate(chunk)) {
      if (isOurs()) templates.push({ ...(isHidden() ? kindLine(chunk, span) : span), kind });
      continue;
    }
    if (!result.failure || !(isOurs() || options.strict)) continue;
    lines ??= lineStarts(text);
    const problem = problemOf(chunk, span.start, lines, result.failure, 'value' in result);
    problems.push(...(isHidden() ? withoutPlace(problem, kindLine(chunk, span), positionAt(lines, problem.start).line) : [problem]));
  }
  // Kept for as long as the run: without the room that a growing list has to spare.
  return { documents: documents.slice(), problems: problems.slice(), templates: templates.slice(), count };
}

/** Whether a document without a kind need not be parsed. */
function isUseless(chunk: string, { wantsKindless, strict }: ReadOptions): boolean {
  return wantsKindless !== undefined && !strict && saysNoKind(chunk) && !wantsKindless(chunk) && !mentionsMesh(chunk);
}

/** The same at another place, where that can be shown; a document on one line is all secret. */
function withoutPlace({ isRead }: SyntaxProblem, place: Span, line: number): readonly SyntaxProblem[] {
  if (place.start === place.end) return [];
  const what = isRead ? 'a key stands twice in one mapping: ' : '';
  return [{ ...place, message: `${what}look at line ${line}, which is not shown because secrets may stand there`, isRead }];
}

/** The line that says the kind of a document, or of the first object in it; an empty span where that is said amid other things. */
function kindLine(chunk: string, { start }: Span): Span {
  const found = /^[ \t-]*["']?kind["']?[ \t]*:[ \t]*["']?\w+["']?[ \t]*(?:#.*)?$/m.exec(chunk);
  return found ? { start: start + found.index, end: start + found.index + found[0].length } : { start, end: start };
}

/** Whether a document that does not say its kind plainly is likely one of ours. */
function mentionsMesh(chunk: string): boolean {
  return /(?:^[ \t-]*|[{,][ \t]*)["']?apiVersion["']?[ \t]*:[ \t]*["']?[\w./-]*(?:istio\.io|gateway\.networking\.k8s\.io)/m.test(chunk);
}

/** @param lines where the lines of the whole text start */
function problemOf(chunk: string, offset: number, lines: readonly number[], failure: Failure, isRead: boolean): SyntaxProblem {
  const { message, start, end, other } = explain(chunk, failure.reason, failure.position, (at) => positionAt(lines, offset + at).line);
  const inText = (part: Span): Span => ({ start: offset + part.start, end: offset + part.end });
  return { message, ...inText({ start, end }), ...(other && { other: inText(other) }), isRead };
}

interface Failure {
  /** The parser's own reason. */
  readonly reason: string;
  readonly position: number;
}

type Parsed = { readonly value: unknown; readonly failure?: Failure } | { readonly failure: Failure };

function parse(chunk: string): Parsed {
  const text = readableText(chunk);
  const first = loadOnce(text);
  if ('value' in first) return first;
  const joined = joinLines(text);
  if (joined === undefined) return first;
  const again = loadOnce(joined.values);
  if (!('value' in again)) return first;
  return again.failure ? { value: again.value, ...failureOf(loadOnce(joined.positions)) } : again;
}

/** Reads a document; where a key stands twice, the last one wins, and that is said. */
function loadOnce(text: string): Parsed {
  const first = tryLoad(text);
  if ('value' in first || first.failure.reason !== DUPLICATE_KEY) return first;
  const again = tryLoad(text, true);
  return 'value' in again ? { value: again.value, failure: first.failure } : again;
}

function failureOf({ failure }: Parsed): { failure?: Failure } {
  return failure ? { failure } : {};
}

/** @param json whether a key may stand twice */
function tryLoad(text: string, json = false): Parsed {
  try {
    const value = load(text, { schema: kubernetesSchema(), maxDepth: MAX_DEPTH, maxTotalMergeKeys: 10_000, json });
    const excess = text.includes('&') && text.includes('*') ? aliasExcess(value) : undefined;
    return excess === undefined ? { value } : { failure: { reason: excess, position: text.search(/\*[^\s*]/) } };
  } catch (error) {
    if (!(error instanceof YAMLException)) return { failure: { reason: String(error instanceof Error ? error.message : error), position: 0 } };
    return { failure: { reason: error.reason, position: Math.min(error.mark?.position ?? 0, text.length) } };
  }
}

/** Aliases within aliases deeper than this are no configuration. */
const MAX_ALIASED_DEPTH = 200;

/**
 * Why the aliases of a document are too much, as kubectl's YAML reader decides it (go-yaml v2, `allowedAliasRatio`): small documents may consist
 * of aliases by 99 %, large ones by 10 %. Sizes are counted with every alias written out; shared nodes are counted once and remembered.
 */
function aliasExcess(root: unknown): string | undefined {
  const sizes = new Map<object, number>();
  const open = new Set<object>();
  let own = 0;
  const size = (value: unknown, depth: number): number => {
    if (typeof value !== 'object' || value === null) return 1;
    const known = sizes.get(value);
    if (known !== undefined) return known;
    if (open.has(value) || depth > MAX_ALIASED_DEPTH) return Number.POSITIVE_INFINITY;
    open.add(value);
    const children = Object.values(value);
    const keys = Array.isArray(value) ? 0 : children.length;
    let total = 1 + keys;
    for (const child of children) total += size(child, depth + 1);
    own += keys + children.length;
    open.delete(value);
    sizes.set(value, total);
    return total;
  };
  const total = size(root, 0);
  if (total === Number.POSITIVE_INFINITY) return 'endless alias';
  if (total < 1000) return undefined;
  const allowed = 0.99 - 0.89 * (Math.min(Math.max(total - 400_000, 0), 3_600_000) / 3_600_000);
  return (total - own) / total > allowed ? 'excessive aliasing' : undefined;
}
