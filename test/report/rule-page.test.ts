import { describe, expect, test } from 'vitest';
import { pageMarkdown, pagePlainText, sectionPlainText } from '../../src/report/rule-page.ts';

const page = `# unused-host (EL998)

A host that **nobody** calls, see [other](other-rule.md#why) and [Istio](https://istio.example/docs).

## Why

The \`hosts\` of an entry
are matched ([details](other-rule.md)).

Second paragraph.

## Wrong

\`\`\`yaml
# a comment
kind: Sidecar # \`x\`
\`\`\`
`;

describe('pageMarkdown', () => {
  test('loses its title, and links that would lead nowhere', () => {
    const text = pageMarkdown(page, undefined);
    expect(text).toMatch(/^A host that \*\*nobody\*\* calls, see other and \[Istio\]\(https:\/\/istio\.example\/docs\)\.\n/);
    expect(text).toContain('```yaml\n# a comment\nkind: Sidecar # `x`\n```');
  });

  test('links to where its neighbors are published', () => {
    expect(pageMarkdown(page, 'https://lint.example/docs/rules/unused-host.md')).toContain('[other](https://lint.example/docs/rules/other-rule.md#why)');
  });

  test('has one kind of line ends', () => expect(pageMarkdown(page.replaceAll('\n', '\r\n'), undefined)).toBe(pageMarkdown(page, undefined)));
});

test('pagePlainText has neither marks nor links, and leaves code alone', () => {
  expect(pagePlainText(page)).toBe(
    [
      'A host that nobody calls, see other and Istio.',
      '',
      'Why',
      '',
      'The hosts of an entry',
      'are matched (details).',
      '',
      'Second paragraph.',
      '',
      'Wrong',
      '',
      '# a comment',
      'kind: Sidecar # `x`',
    ].join('\n'),
  );
});

describe('sectionPlainText', () => {
  test('is the first paragraph, in one line', () => expect(sectionPlainText(page, 'Why')).toBe('The hosts of an entry are matched (details).'));
  test('is empty where the section is missing or begins with code', () => {
    expect(sectionPlainText(page, 'Right')).toBe('');
    expect(sectionPlainText(page, 'Wrong')).toBe('');
  });
});
