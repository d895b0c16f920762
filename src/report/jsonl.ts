import { findingData } from './json.ts';
import { jsonLine } from './json-text.ts';
import { type Report, shownFindings } from './report.ts';

/** JSON Lines, for programs that read as they go: each finding of `--format json` in a line of its own. Nothing found is no line. */
export const jsonl: Report = (input) => shownFindings(input).map(findingData).map(jsonLine).join('');
