import type { Location, Severity } from '../engine/finding.ts';
import type { Paint } from './paint.ts';
import type { SourceLines } from './source-lines.ts';
import { type Cell, cellsOf, displayWidth, printableLine, wrap } from './terminal-text.ts';

/** A place to underline, with a few words beside it ('' for none). */
export interface Label {
  readonly location: Location;
  readonly text: string;
  /** The place that a finding is about: `^^^` in its severity's color; others get `---`. */
  readonly primary?: Severity;
}

export interface FrameLayout {
  /** How many digits the line numbers take. */
  readonly digits: number;
  /** Of the terminal, in columns. */
  readonly width: number;
  readonly paint: Paint;
}

/** Lines of code are cropped to this many columns at least and at most, whatever the terminal's width. */
const LEAST_CODE = 40;
const MOST_CODE = 200;
/** Multi-line places show as many lines as this from each end. */
const SHOWN_OF_BLOCK = 2;

/**
 * The lines of one file in which labels stand, each followed by a row for each label; lines in between are folded into `...`.
 * @returns rows of text, without the arrow line that names the file
 */
export function codeFrame(lines: SourceLines, labels: readonly Label[], layout: FrameLayout): readonly string[] {
  const byLine = new Map<number, Mark[]>();
  for (const label of labels) {
    for (const mark of marksOf(label, lines)) byLine.set(mark.line, [...(byLine.get(mark.line) ?? []), mark]);
  }
  const rows = [bar(layout)];
  let last: number | undefined;
  for (const number of [...byLine.keys()].sort((a, b) => a - b)) {
    if (last !== undefined && number === last + 2) rows.push(...numbered(lines, last + 1, [], layout));
    else if (last !== undefined && number > last + 2) rows.push(layout.paint.gutter('...'));
    rows.push(...numbered(lines, number, byLine.get(number) ?? [], layout));
    last = number;
  }
  return rows;
}

/** The empty row of a frame: `   |`. */
export function bar({ digits, paint }: FrameLayout, sign = '|'): string {
  return paint.gutter(`${' '.repeat(digits)} ${sign}`);
}

/** The part of a label that falls on one line, in UTF-16 offsets of that line. */
interface Mark {
  readonly line: number;
  readonly start: number;
  readonly end: number;
  /** Said on the last line of a label only. */
  readonly text: string;
  readonly primary: Severity | undefined;
}

/** One mark for a place within a line; for one of several lines a mark for each line shown of it. */
function marksOf({ location, text, primary }: Label, lines: SourceLines): readonly Mark[] {
  const { startLine, endLine } = location;
  const marks: Mark[] = [];
  for (let line = startLine; line <= endLine; line++) {
    if (line === startLine + SHOWN_OF_BLOCK && line < endLine - SHOWN_OF_BLOCK + 1) line = endLine - SHOWN_OF_BLOCK + 1;
    const content = lines.line(line);
    const start = line === startLine ? location.start - content.start : content.text.search(/\S|$/);
    const end = line === endLine ? location.end - content.start : content.text.trimEnd().length;
    // A block scalar's span ends at the start of the line after it: nothing of that line belongs to it.
    if (line > startLine && end <= start) continue;
    marks.push({ line, start: Math.max(0, start), end: Math.max(start, end), text: '', primary });
  }
  const lastMark = marks.pop();
  return lastMark ? [...marks, { ...lastMark, text }] : [];
}

/** A line of code under its number, and the rows of its marks. A long line is shown in as many crops as its marks need. */
function numbered(lines: SourceLines, number: number, marks: readonly Mark[], layout: FrameLayout): readonly string[] {
  const { text } = lines.line(number);
  const { paint, digits } = layout;
  const room = Math.min(MOST_CODE, Math.max(LEAST_CODE, layout.width - digits - 3));
  const gutter = paint.gutter(`${String(number).padStart(digits)} |`);
  return cropsOf(text, marks, room).flatMap(({ crop, marks: shown }) => [
    crop.text === '' ? gutter : `${gutter} ${crop.text}`,
    ...shown.flatMap((mark) => underlined(crop, mark, layout)),
  ]);
}

/** What is shown of a line: cells `first` to before `last`, with an ellipsis where something is left out. */
interface Crop {
  readonly text: string;
  readonly cells: readonly Cell[];
  /** Columns before the first cell: those of the ellipsis. */
  readonly indent: number;
}

/** Far beyond what a crop can show; keeps the work on a line of a megabyte small. */
const REACH = 2000;

function cropsOf(line: string, marks: readonly Mark[], room: number): readonly { crop: Crop; marks: readonly Mark[] }[] {
  const whole = line.length <= REACH ? cellsOf(line) : undefined;
  if (whole && widthOf(whole) <= room) return [{ crop: { text: textOf(whole).trimEnd(), cells: whole, indent: 0 }, marks }];
  if (marks.length === 0) return [{ crop: cropAround(line, 0, 0, room), marks }];
  const crops: { crop: Crop; marks: Mark[] }[] = [];
  for (const mark of marks) {
    const fitting = crops.find(({ crop }) => shows(crop, mark, line));
    if (fitting) fitting.marks.push(mark);
    else crops.push({ crop: cropAround(line, mark.start, mark.end, room), marks: [mark] });
  }
  return crops;
}

/** The piece of a long line that shows an offset range, or as much of its beginning as fits, and a little of what stands before it. */
function cropAround(line: string, start: number, end: number, room: number): Crop {
  const from = Math.max(0, start - REACH);
  const cells = cellsOf(line.slice(from, Math.max(start, Math.min(end, start + REACH)) + REACH)).map((cell) => ({
    ...cell,
    start: cell.start + from,
    end: cell.end + from,
  }));
  const inner = room - 2;
  const marked = widthOf(cells.filter((cell) => cell.start >= start && cell.start < end));
  let first = cells.findIndex((cell) => cell.end > start);
  if (first === -1) first = cells.length;
  let last = first;
  let taken = 0;
  const lead = Math.max(Math.floor(inner / 4), Math.min(Math.floor(inner / 2), inner - marked));
  const widthAt = (index: number): number => cells[index]?.width ?? 0;
  while (first > 0 && taken + widthAt(first - 1) <= lead) taken += widthAt(--first);
  while (last < cells.length && taken + widthAt(last) <= inner) taken += widthAt(last++);
  while (first > 0 && taken + widthAt(first - 1) <= inner) taken += widthAt(--first);
  const shown = cells.slice(first, last);
  const before = (shown[0]?.start ?? 0) > 0 ? '…' : '';
  const after = (shown.at(-1)?.end ?? line.length) < line.length ? '…' : '';
  return { text: `${before}${textOf(shown)}${after}`.trimEnd(), cells: shown, indent: before.length };
}

function shows({ cells }: Crop, mark: Mark, line: string): boolean {
  const from = cells[0]?.start ?? 0;
  const to = cells.at(-1)?.end ?? 0;
  return from <= mark.start && (mark.end <= to || (mark.start < to && mark.end > line.length));
}

/** The row of a mark: its underline, and its text beside it, or below where there is little room. */
function underlined(crop: Crop, mark: Mark, layout: FrameLayout): readonly string[] {
  const before = crop.indent + widthOf(crop.cells.filter((cell) => cell.end <= mark.start));
  const length = Math.max(1, widthOf(crop.cells.filter((cell) => cell.end > mark.start && cell.start < mark.end)));
  const paint = mark.primary ? layout.paint.severity[mark.primary] : layout.paint.related;
  const underline = paint((mark.primary ? '^' : '-').repeat(length));
  const row = (column: number, text: string): string => `${bar(layout)} ${' '.repeat(column)}${text}`;
  const text = printableLine(mark.text);
  if (text === '') return [row(before, underline)];

  const room = layout.width - layout.digits - 3;
  const beside = room - before - length - 1;
  if (displayWidth(text) <= beside) return [row(before, `${underline} ${paint(text)}`)];
  if (beside >= LEAST_CODE) {
    const [first = '', ...rest] = wrap(text, beside);
    return [row(before, `${underline} ${paint(first)}`), ...rest.map((line) => row(before + length + 1, paint(line)))];
  }
  const column = Math.max(0, Math.min(before, room - LEAST_CODE));
  return [row(before, underline), ...wrap(text, Math.max(room - column, LEAST_CODE)).map((line) => row(column, paint(line)))];
}

function widthOf(cells: readonly Cell[]): number {
  let width = 0;
  for (const cell of cells) width += cell.width;
  return width;
}

function textOf(cells: readonly Cell[]): string {
  return cells.map((cell) => cell.text).join('');
}
