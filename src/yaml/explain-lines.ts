import { columnOf, lineAbove, lineAt, withoutBlanks } from '../text/lines.ts';
import type { Span } from '../text/source-text.ts';
import { type Explanation, type Failed, restOfLineFrom } from './failed.ts';

/** Mistakes that show in how a line stands to the lines above it. */
export function tab({ text, reason, position, line }: Failed): Explanation | undefined {
  const before = lineAt(text, Math.max(0, line.start - 1));
  for (const { start, end } of [line, before]) {
    const lead = /^[ \t]*/.exec(text.slice(start, end))?.[0] ?? '';
    const at = lead.indexOf('\t');
    if (at !== -1) return { message: TAB, start: start + at, end: start + lead.lastIndexOf('\t') + 1 };
  }
  return /tab character/.test(reason) ? { message: TAB, start: position, end: position + 1 } : undefined;
}

const TAB = 'a tab stands in the indentation; YAML wants spaces there';

/** `message: error: no route`: a second `: ` on a line. */
export function colonInValue({ text, position, line }: Failed): Explanation | undefined {
  if (text[position] !== ':') return undefined;
  const before = text.slice(line.start, position);
  const key = /^[ \t]*(?:[-?][ \t]+)*(?:"[^"]*"|'[^']*'|[^\s"'#][^#]*?):[ \t]+(?=\S)/.exec(before);
  if (!key) return undefined;
  return {
    message: "an unquoted value holds ': ', which would start another key: put the value in quotes",
    ...restOfLineFrom(text, line.start + key[0].length),
  };
}

/** A line without a colon above or at the place: `hosts` or `port:80`. */
export function missingColon({ text, reason, position, line }: Failed): Explanation | undefined {
  if (/expected ':' after/.test(reason)) {
    const content = withoutBlanks(text, line);
    return { message: "this line is neither a key (no ': ' behind it) nor a list item (no '- ' in front)", ...content };
  }
  if (text[position] !== ':') return undefined;
  const above = withoutBlanks(text, lineAbove(text, line));
  const words = text.slice(above.start, above.end);
  const own = withoutBlanks(text, line);
  if (words === '' || words.startsWith('- ') || words.startsWith('#')) return undefined;
  if (/^[\w-]+:[^\s/:]/.test(words)) return { message: `a space is missing behind the colon in '${words}'`, ...above };
  if (/^[^:]+$/.test(words) && columnOf(text, above.start) <= columnOf(text, own.start)) return { message: `a colon is missing behind '${words}'`, ...above };
  return undefined;
}

/** A list item that stands among the keys of a mapping, or the other way round. */
export function listBesideKeys({ text, line }: Failed): Explanation | undefined {
  const own = withoutBlanks(text, line);
  const isItem = /^-(?:\s|$)/.test(text.slice(own.start, own.start + 2));
  for (let above = lineAbove(text, line); above.start < own.start; above = lineAbove(text, above)) {
    const content = withoutBlanks(text, above);
    if (content.end > content.start && text[content.start] !== '#') {
      const difference = columnOf(text, content.start) - columnOf(text, own.start);
      const aboveIsItem = /^-(?:\s|$)/.test(text.slice(content.start, content.start + 2));
      if (difference === 0 && isItem !== aboveIsItem)
        return { message: "list items ('- …') and keys stand side by side at one level; indent one of them", ...own };
      if (difference <= 0) return undefined;
    }
    if (above.start === 0) return undefined;
  }
  return undefined;
}

/** A line that starts at a column at which nothing above it starts. */
export function indentation({ text, reason, position, line }: Failed): Explanation | undefined {
  if (!/indentation|multiline key|end of the stream/.test(reason)) return undefined;
  const own = withoutBlanks(text, line);
  if (position > own.start && text[position] !== ':')
    return { message: 'this belongs to nothing on its line; does the value need quotes?', ...restOfLineFrom(text, position) };
  const indent = columnOf(text, own.start);
  const columns = columnsAbove(text, line);
  if (columns.length > 0 && !columns.includes(indent)) {
    const fitting = columns.length === 1 ? columns[0] : `${columns.slice(0, -1).join(', ')} or ${columns.at(-1)}`;
    return { message: `this line is indented by ${indent}; those above it that it could belong to are indented by ${fitting}`, ...own };
  }
  return /indentation of a/.test(reason) ? { message: 'the indentation of this line does not fit the lines above it', ...own } : undefined;
}

/** The columns at which a line may go on with what is open above it, the nearest first. */
function columnsAbove(text: string, line: Span): readonly number[] {
  const columns: number[] = [];
  let least = Number.POSITIVE_INFINITY;
  for (let above = line; above.start > 0 && least > 0; ) {
    above = lineAbove(text, above);
    const content = withoutBlanks(text, above);
    if (content.end === content.start || text[content.start] === '#') continue;
    const outer = content.start - above.start;
    const dash = /^-[ ]+(?=[^\n\r]{0,200}?:(?:\s|$))/.exec(text.slice(content.start, content.end + 1))?.[0].length ?? 0;
    if (dash > 0 && outer + dash < least) columns.push(outer + dash);
    if (outer < least) columns.push(outer);
    least = Math.min(least, outer);
  }
  return columns;
}

/** A second value where the document has ended: a `---` is missing. */
export function secondRoot(failed: Failed): Explanation | undefined {
  if (!/end of the stream/.test(failed.reason)) return undefined;
  return { message: "the document ended before this; two documents need a line '---' between them", ...restOfLineFrom(failed.text, failed.position) };
}
