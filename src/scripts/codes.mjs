// The page of codes, rules/codes.md: a part of rule-index.mjs.

/** What stands in the column of families for a rule that is gone. */
const RETIRED = 'retired';

/**
 * The page for the rules that there are. Codes of rules that are gone stay on it, so that nobody gives them away again.
 * @param rules each with code, name and family
 * @param before the page as it was
 * @throws where a rule has a code that belonged to another one that is gone, or two have the same
 */
export function codesPage(rules, before) {
  const rows = new Map();
  for (const { code, name, family } of rules) {
    if (rows.has(code)) throw new Error(`${rows.get(code)[1]} and ${name} have the same code, ${code}`);
    rows.set(code, [code, name, family]);
  }
  for (const [, code, name, family] of before.matchAll(/^\| (EL\d{3}) \| ([\w-]+) \| (\w+) \|$/gm)) {
    const [, owner] = rows.get(code) ?? [];
    if (owner === undefined) rows.set(code, [code, name, RETIRED]);
    else if (family === RETIRED && owner !== name) throw new Error(`${owner} has the code ${code}, which belonged to ${name}: take one that is free`);
  }
  return `# Codes

A code belongs to its rule for ever: it is never given to another one, not even when the rule is gone. Written by \`node src/scripts/rule-index.mjs\`.

| code | rule | family |
| --- | --- | --- |
${[...rows.values()]
  .sort()
  .map((row) => `| ${row.join(' | ')} |`)
  .join('\n')}
`;
}
