import { load, YAMLException } from 'js-yaml';
import type { Span } from '../text/source-text.ts';
import { kubernetesSchema } from './scalars.ts';
import { hasTemplateLines, maskTemplates } from './template-text.ts';

/** One document of a multi-document text. Its parse tree is not kept: {@link import('./locate.ts').locate} parses again where a position is asked for. */
export interface YamlDocument extends Span {
  /** Plain data as Kubernetes' YAML reader would have it; text of templates is masked (template-text.ts). */
  readonly value: unknown;
}

/** A document that is not YAML. */
export interface SyntaxProblem extends Span {
  readonly message: string;
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
  /** Whether to report documents that neither parse nor say a kind; false for files that a directory walk came upon. */
  readonly strict?: boolean;
}

/** Deeper than any Kubernetes object; bounds the parser's recursion. */
const MAX_DEPTH = 100;
/** Bounds what aliases may expand to, as kubectl's YAML reader does ("document contains excessive aliasing"). */
const MAX_EXPANDED_NODES = 400_000;

/**
 * Reads multi-document YAML or JSON. Never throws: what cannot be parsed is a problem with its place, and hides no other document.
 * A `---` at column 0 ends a document in every context (YAML 1.2, 9.1.2), so documents are split before they are parsed.
 */
export function readYaml(text: string, options: ReadOptions): YamlContents {
  const documents: YamlDocument[] = [];
  const problems: SyntaxProblem[] = [];
  const templates: TemplateDocument[] = [];
  let count = 0;
  for (const span of splitDocuments(text)) {
    const chunk = text.slice(span.start, span.end);
    if (isBlank(chunk)) continue;
    count++;
    const kind = rootKind(chunk);
    if (kind !== undefined && !options.wants(kind)) continue;
    if (hasTemplateLines(chunk)) {
      if (kind !== undefined || mentionsMesh(chunk)) templates.push({ ...span, kind });
      continue;
    }
    const result = parse(chunk);
    if ('value' in result) {
      if (result.value !== null && result.value !== undefined) documents.push({ ...span, value: result.value });
      else count--;
      continue;
    }
    if (chunk.includes('{{')) templates.push({ ...span, kind });
    else if (kind !== undefined || options.strict || mentionsMesh(chunk)) {
      problems.push({ message: result.message, start: span.start + result.start, end: span.start + result.end });
    }
  }
  return { documents, problems, templates, count };
}

/** Where the documents of a text lie; markers excluded, directives (`%YAML`) left with the document before them, where they are harmless. */
function splitDocuments(text: string): Span[] {
  const spans: Span[] = [];
  let start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  if (text.startsWith('---', start) && isMarkerEnd(text.charCodeAt(start + 3))) start += 3;
  for (let at = text.indexOf('\n---', start); at !== -1; at = text.indexOf('\n---', at + 4)) {
    if (!isMarkerEnd(text.charCodeAt(at + 4))) continue;
    spans.push({ start, end: at + 1 });
    start = at + 4;
  }
  spans.push({ start, end: text.length });
  return spans;
}

/** A document marker is followed by white space or the end of the text. */
function isMarkerEnd(unit: number): boolean {
  return unit === 32 || unit === 9 || unit === 10 || unit === 13 || Number.isNaN(unit);
}

/** Comments and directives only. */
function isBlank(chunk: string): boolean {
  return !/^[ \t]*[^\s#%.]|^[ \t]*\.(?!\.\.)/m.test(chunk) || /^\s*\.\.\.\s*$/.test(chunk);
}

const KIND_LINE = /^kind:[ \t]*(["']?)([A-Za-z]\w*)\1[ \t]*(?:#.*)?\r?$/gm;

/**
 * The document's kind, if exactly one line says it at column 0. In a block mapping at the root such a line can only be the root key:
 * block scalars and continuation lines are indented.
 */
function rootKind(chunk: string): string | undefined {
  KIND_LINE.lastIndex = 0;
  const first = KIND_LINE.exec(chunk);
  if (!first || KIND_LINE.exec(chunk)) return undefined;
  return first[2];
}

/** Whether a document that does not say its kind plainly is likely one of ours. */
function mentionsMesh(chunk: string): boolean {
  return /^\s*["']?apiVersion["']?\s*:.*(?:istio\.io|gateway\.networking\.k8s\.io)/m.test(chunk);
}

function parse(chunk: string): { value: unknown } | (Span & { message: string }) {
  try {
    const value = load(maskTemplates(stripDirectives(chunk)), { schema: kubernetesSchema(), maxDepth: MAX_DEPTH, maxTotalMergeKeys: 10_000 });
    if (chunk.includes('*') && expandsTooFar(value))
      return { message: 'its aliases refer to themselves or expand to too much data', start: 0, end: firstLineEnd(chunk) };
    return { value };
  } catch (error) {
    if (!(error instanceof YAMLException)) return { message: String(error instanceof Error ? error.message : error), start: 0, end: firstLineEnd(chunk) };
    const start = Math.min(error.mark?.position ?? 0, Math.max(0, chunk.length - 1));
    return { message: plainWords(error.reason), start, end: Math.min(chunk.length, start + 1) };
  }
}

/** The parser wants a `---` after directives, which the split took away. Blanked, so that offsets stay. */
function stripDirectives(chunk: string): string {
  if (!/^(?:%|\.\.\.)/m.test(chunk)) return chunk;
  return chunk.replace(/^%.*$|^\.\.\.(?=\s|$)/gm, (line) => '#'.padEnd(line.length, ' '));
}

function firstLineEnd(chunk: string): number {
  const lead = chunk.length - chunk.trimStart().length;
  const end = chunk.indexOf('\n', lead);
  return end === -1 ? chunk.length : end;
}

/** The parser's reasons in words that say what to look for. */
function plainWords(reason: string): string {
  if (/tab character/i.test(reason)) return 'a tab is used for indentation; YAML allows only spaces';
  if (/bad indentation of a mapping entry/.test(reason)) return "bad indentation, or a ': ' inside of an unquoted value";
  if (/nesting exceeded/.test(reason)) return `nested more than ${MAX_DEPTH} levels deep`;
  if (/duplicated mapping key/.test(reason)) return 'the same key stands twice in one mapping';
  if (/complex keys/.test(reason)) return 'a mapping is used as a key; is this template text without quotes?';
  return reason;
}

/** Counts nodes as they would be with every alias written out; shared nodes are counted once and remembered. */
function expandsTooFar(root: unknown): boolean {
  const sizes = new Map<object, number>();
  const open = new Set<object>();
  const size = (value: unknown): number => {
    if (typeof value !== 'object' || value === null) return 1;
    const known = sizes.get(value);
    if (known !== undefined) return known;
    if (open.has(value)) return Number.POSITIVE_INFINITY;
    open.add(value);
    let total = 1;
    for (const child of Object.values(value)) {
      total += size(child);
      if (total > MAX_EXPANDED_NODES) break;
    }
    open.delete(value);
    sizes.set(value, total);
    return total;
  };
  return size(root) > MAX_EXPANDED_NODES;
}
