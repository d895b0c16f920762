/** The Markdown page of a rule, docs/rules/NAME.md, made fit for places outside of the repository. */

const TITLE = /^# .*\n+/;
const RELATIVE_LINK = /\[([^\]\n]*)\]\((?!https?:)([^)\s]*)\)/g;

/**
 * The page without its title, which viewers show on their own. Links to other pages lead nowhere from there: they become absolute, or plain text.
 * @param url where the page is published, if it is
 */
export function pageMarkdown(page: string, url: string | undefined): string {
  return unified(page)
    .replace(TITLE, '')
    .replace(RELATIVE_LINK, (_, text: string, target: string) => (url === undefined ? text : `[${text}](${new URL(target, url).href})`))
    .trim();
}

/** The page as plain text: headings and code stay as lines of their own. */
export function pagePlainText(page: string): string {
  return unmarked(unified(page).replace(TITLE, '')).trim();
}

/** The first paragraph of a section as one line of plain text; '' where there is no such section. */
export function sectionPlainText(page: string, heading: string): string {
  const [, section = ''] = unified(page).split(`\n## ${heading}\n`);
  const [paragraph = ''] = section.trim().split(/\n\s*\n/, 1);
  return /^(?:```|#|\|)/.test(paragraph) ? '' : unmarked(paragraph).replace(/\s+/g, ' ').trim();
}

function unified(page: string): string {
  return page.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n');
}

/** Code between fences stays as it is: there `#` begins a comment. */
function unmarked(markdown: string): string {
  return markdown
    .split(/^```.*\n/m)
    .map((part, index) => (index % 2 === 0 ? unmarkedProse(part) : part))
    .join('');
}

function unmarkedProse(prose: string): string {
  return prose
    .replace(/^#+ /gm, '')
    .replace(/\[([^\]\n]*)\]\([^)\s]*\)/g, '$1')
    .replace(/`([^`\n]*)`/g, '$1')
    .replace(/\*\*([^*\n]+)\*\*/g, '$1');
}
