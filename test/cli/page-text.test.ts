import { Chalk } from 'chalk';
import { expect, test } from 'vitest';
import { renderPage } from '../../src/cli/page-text.ts';

const PAGE = `# some-rule (EL101)

A sentence that is long enough to be
broken into lines with \`code\` in it.

| severity | fix |
| -------- | --- |
| error    | safe, \`a|b\` |

## Wrong

\`\`\`yaml
# comment
kind: Sidecar

spec: {}
\`\`\`

- one item that is too long for a single line
- **two**, see [the page](other.md) and [Istio](https://istio.example/docs)
`;

test('lays a page out for a terminal', () => {
  expect(renderPage(PAGE.replace('a|b', 'ab'), { chalk: new Chalk({ level: 0 }), width: 40 })).toBe(`some-rule (EL101)

A sentence that is long enough to be
broken into lines with \`code\` in it.

severity  fix
error     safe, \`ab\`

Wrong

    # comment
    kind: Sidecar

    spec: {}

- one item that is too long for a single
  line
- two, see the page and Istio
  (https://istio.example/docs)
`);
});

test('counts columns without colors, and breaks no code', () => {
  const plain = renderPage('Some `code with spaces` here and\n**there**.\n', { chalk: new Chalk({ level: 0 }), width: 20 });
  const colored = renderPage('Some `code with spaces` here and\n**there**.\n', { chalk: new Chalk({ level: 1 }), width: 20 });
  expect(plain).toBe('Some `code with\nspaces` here and\nthere.\n');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character starts a color
  expect(colored.replace(/\u001b\[\d+m/g, '')).toBe('Some\ncode with spaces\nhere and there.\n');
});
