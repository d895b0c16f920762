import { nearest } from './nearest.ts';

/** Words shorter than this begin or end too many others. */
const MIN_PART = 4;

/** The name that was probably meant by a word: one with nearly the same letters, or the only one that starts or ends with the word. */
export function meantAmong(word: string, names: readonly string[]): string | undefined {
  const close = nearest(word, names);
  if (close !== undefined || word.length < MIN_PART) return close;
  const part = word.toLowerCase();
  const longer = names.filter((name) => name.toLowerCase().startsWith(part) || name.toLowerCase().endsWith(part));
  return longer.length === 1 ? longer[0] : undefined;
}
