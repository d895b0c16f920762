import { compareText } from '../text/compare-text.ts';

/** A page of docs/symptoms: an error text, what it means, and what may cause it. */
export interface SymptomPage {
  /** File name without `.md`. */
  readonly name: string;
  readonly title: string;
  /** Texts by which people meet it. */
  readonly seenAs: readonly string[];
  /** The rules that it names as causes, in its order. */
  readonly rules: readonly string[];
  readonly markdown: string;
}

/** Reads a page. @throws where it lacks its title or the list "Seen as": a page that nobody could find */
export function parseSymptomPage(name: string, markdown: string): SymptomPage {
  const title = /^# (.*)$/m.exec(markdown)?.[1];
  const seenAs = [...section(markdown, 'Seen as').matchAll(/^- `(.*)`$/gm)].map(([, text = '']) => text);
  if (title === undefined || seenAs.length === 0) throw new Error(`docs/symptoms/${name}.md has no title, or nothing under "Seen as"`);
  const rules = [...section(markdown, 'Causes in the configuration').matchAll(/^- \[([a-z0-9-]+)\]/gm)].map(([, rule = '']) => rule);
  return { name, title, seenAs, rules, markdown };
}

/**
 * The pages that fit a text, the best first: those of which the text holds the longest words. Short codes such as `NR` count only as words of their own.
 * A text that is a part of what a page is seen as fits too, where it is long enough to mean something.
 */
export function symptomsFor(text: string, pages: readonly SymptomPage[]): readonly SymptomPage[] {
  const wanted = normal(text);
  const scored = pages.map((page) => ({
    page,
    score: Math.max(...[page.name.replaceAll('-', ' '), page.title, ...page.seenAs].map((seen) => scoreOf(wanted, normal(seen)))),
  }));
  return scored
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || compareText(a.page.name, b.page.name))
    .map(({ page }) => page);
}

/** Something that can be asked for by its name, and what it is about. */
export interface Explained {
  readonly name: string;
  readonly title: string;
  /** In all the words by which people may meet it. */
  readonly about: string;
}

/** More that is only near is a guess too many. */
const MAX_NEAR = 4;
/** One word in common says nothing. */
const LEAST_COMMON = 2;
/** Words that tell the same begin alike: blocked, blocking. */
const STEM = 5;

/**
 * What shares the most telling words with a text that fits none, the best first: people also tell in words of their own what they see.
 * A word tells the more the less often it is used.
 */
export function nearInWords(text: string, explained: readonly Explained[]): readonly Explained[] {
  const told = stemsOf(text);
  const words = explained.map(({ name, title, about }) => stemsOf(`${name} ${title} ${about}`));
  const weight = (stem: string): number => Math.log(explained.length / Math.max(1, words.filter((has) => has.has(stem)).length));
  const scored = explained.map((each, at) => {
    const common = [...told].filter((stem) => words[at]?.has(stem));
    return { each, common: common.length, score: common.reduce((sum, stem) => sum + weight(stem), 0) };
  });
  return scored
    .filter(({ common, score }) => common >= LEAST_COMMON && score > 0)
    .sort((a, b) => b.score - a.score || compareText(a.each.name, b.each.name))
    .slice(0, MAX_NEAR)
    .map(({ each }) => each);
}

/** A page, by what it says before it names causes. */
export function explainedBy({ name, title, seenAs, markdown }: SymptomPage): Explained {
  return { name, title, about: [...seenAs, section(markdown, 'What it means')].join(' ') };
}

function stemsOf(text: string): ReadonlySet<string> {
  const words =
    text
      .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
      .toLowerCase()
      .match(/[\p{L}\p{N}]{3,}/gu) ?? [];
  return new Set(words.filter((word) => !COMMON.has(word)).map((word) => word.slice(0, STEM)));
}

const COMMON: ReadonlySet<string> = new Set(
  'and are but can does for from has have into its more not other our out than that the their them then there they this those was what when where which while who why will with you your'.split(
    ' ',
  ),
);

/** Shorter parts of a text fit too much. */
const LEAST_PART = 4;

function scoreOf(text: string, seen: string): number {
  if (text === seen) return 1000 + seen.length;
  if (hasWords(text, seen)) return seen.length;
  return text.length >= LEAST_PART && hasWords(seen, text) ? text.length : 0;
}

/** Whether a text holds another one between word boundaries. */
function hasWords(text: string, words: string): boolean {
  for (let at = text.indexOf(words); at !== -1; at = text.indexOf(words, at + 1)) {
    if (!isWord(text[at - 1]) && !isWord(text[at + words.length])) return true;
  }
  return false;
}

function isWord(character: string | undefined): boolean {
  return character !== undefined && /[\p{L}\p{N}]/u.test(character);
}

function normal(text: string): string {
  return text
    .toLowerCase()
    .replace(/[\s_]+/g, ' ')
    .trim();
}

function section(markdown: string, heading: string): string {
  const [, after = ''] = markdown.split(`## ${heading}\n`, 2);
  return after.split('\n## ', 1)[0] ?? '';
}
