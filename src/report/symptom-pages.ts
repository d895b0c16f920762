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
