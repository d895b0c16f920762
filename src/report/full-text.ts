import type { Finding } from '../engine/finding.ts';
import { findingNotes } from './finding-notes.ts';
import { printableLines } from './terminal-text.ts';

/** One of the things that are said of a finding, under its name: `symptom`, `note`, `help`, `see`. */
export interface Remark {
  readonly name: 'symptom' | 'note' | 'help' | 'see';
  readonly text: string;
}

/** What there is to say of a finding besides its message, in the order in which it is printed. Where places have no picture, `see` names them. */
export function remarksOf(finding: Finding): readonly Remark[] {
  const { symptom, help, related } = finding;
  return [
    ...(symptom === undefined ? [] : [{ name: 'symptom', text: clean(symptom) } as const]),
    ...findingNotes(finding).map((text): Remark => ({ name: 'note', text: clean(text) })),
    ...related.map(({ message, location }): Remark => ({ name: 'see', text: clean(`${location.file}:${location.startLine}: ${message}`) })),
    ...(help === undefined ? [] : [{ name: 'help', text: clean(help) } as const]),
  ];
}

/** A finding's message and remarks as plain text, for formats whose viewers show nothing else of it. */
export function fullText(finding: Finding): string {
  return [clean(finding.message), ...remarksOf(finding).map(({ name, text }) => `${name}: ${text}`)].join('\n');
}

function clean(text: string): string {
  return printableLines(text.trim()).join('\n');
}
