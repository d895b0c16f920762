/** The first few of some words as a list for a message: `a, b, c and 2 more`. What stands twice is told once. */
export function listed(words: Iterable<string>, shown = 3): string {
  const all = [...new Set(words)];
  const rest = all.length - shown;
  return rest > 0 ? `${all.slice(0, shown).join(', ')} and ${rest} more` : all.join(', ');
}
