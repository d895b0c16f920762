import type { ChalkInstance } from 'chalk';

export interface PageStyle {
  readonly chalk: ChalkInstance;
  /** Columns to fill. */
  readonly width: number;
}

/**
 * Lays out a page of documentation for a terminal. Knows the Markdown that the pages use: headings, paragraphs, lists, tables, fenced code,
 * and in the text code, bold and links.
 */
export function renderPage(markdown: string, style: PageStyle): string {
  const { chalk } = style;
  const blocks = splitBlocks(markdown).map((block) => {
    const heading = /^(#+) (.*)$/.exec(block);
    if (heading) return chalk.bold(heading[1] === '#' ? chalk.underline(inline(heading[2] ?? '', chalk)) : inline(heading[2] ?? '', chalk));
    if (block.startsWith('```')) return code(block, chalk);
    if (block.startsWith('|')) return table(block, style);
    if (/^(?:[-*]|\d+\.) /.test(block)) return list(block, style);
    return wrap(inline(block.replace(/\s*\n\s*/g, ' '), chalk), style.width, '', '');
  });
  return `${blocks.join('\n\n')}\n`;
}

/** Blocks stand between blank lines; a fence holds its blank lines together. */
function splitBlocks(markdown: string): readonly string[] {
  const blocks: string[] = [];
  for (const part of markdown.split(/^(```[^\n]*\n[\s\S]*?^```[ \t]*$)/m)) {
    if (part.startsWith('```')) blocks.push(part);
    else blocks.push(...part.split(/\n{2,}|(?<=^#+ [^\n]*)\n/m).map((block) => block.trim()));
  }
  return blocks.filter((block) => block !== '');
}

function code(block: string, chalk: ChalkInstance): string {
  const lines = block.split('\n').slice(1, -1);
  return lines.map((line) => (line === '' ? '' : `    ${/^\s*#/.test(line) ? chalk.dim(line) : line}`)).join('\n');
}

function list(block: string, style: PageStyle): string {
  const items = block.split(/\n(?=\s*(?:[-*]|\d+\.) )/);
  return items
    .map((item) => {
      const [, indent = '', mark = '', text = ''] = /^(\s*)([-*]|\d+\.) ([\s\S]*)$/.exec(item) ?? [];
      const lead = `${indent}${mark === '*' ? '-' : mark} `;
      return wrap(inline(text.replace(/\s*\n\s*/g, ' '), style.chalk), style.width, lead, ' '.repeat(lead.length));
    })
    .join('\n');
}

function table(block: string, { chalk }: PageStyle): string {
  const rows = block
    .split('\n')
    .map((line) =>
      line
        .replace(/^\||\|\s*$/g, '')
        .split(/(?<!\\)\|/)
        .map((cell) => inline(cell.trim().replaceAll('\\|', '|'), chalk)),
    )
    .filter((cells) => !cells.every((cell) => /^:?-+:?$/.test(cell)));
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((cells) => visibleLength(cells[column] ?? ''))));
  return rows
    .map((cells, row) => {
      const line = cells
        .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - visibleLength(cell)))
        .join('  ')
        .trimEnd();
      return row === 0 ? chalk.bold(line) : line;
    })
    .join('\n');
}

function inline(text: string, chalk: ChalkInstance): string {
  return text.replace(/(`+)(.+?)\1|\*\*(.+?)\*\*|\[([^\]]*)\]\(([^)]*)\)/g, (_, _ticks, code?: string, bold?: string, label?: string, target?: string) => {
    if (code !== undefined) return chalk.level === 0 ? `\`${code}\`` : chalk.cyan(code.replaceAll(' ', '\u00a0'));
    if (bold !== undefined) return chalk.bold(bold);
    const isAway = /^https?:/.test(target ?? '');
    return isAway && label !== target ? `${label} (${target})` : (label ?? '');
  });
}

/** Fills lines; a word that is longer than a line stands alone. */
function wrap(text: string, width: number, first: string, rest: string): string {
  const lines: string[] = [];
  let line = first;
  let length = first.length;
  let isEmpty = true;
  for (const word of text.split(' ')) {
    const wordLength = visibleLength(word);
    if (!isEmpty && length + 1 + wordLength > width) {
      lines.push(line);
      line = rest;
      length = rest.length;
      isEmpty = true;
    }
    line += isEmpty ? word : ` ${word}`;
    length += (isEmpty ? 0 : 1) + wordLength;
    isEmpty = false;
  }
  return [...lines, line].join('\n').replaceAll('\u00a0', ' ');
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character starts a color
const COLOR = /\u001b\[[\d;]*m/g;

function visibleLength(text: string): number {
  return text.replace(COLOR, '').length;
}
