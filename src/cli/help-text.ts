import type { Command, Option } from 'commander';
import { FORMAT_NAMES } from './formats.ts';

const HEAD = `egress-lint finds what breaks outbound traffic in an Istio mesh, in its YAML, before it is applied.

Usage: egress-lint [OPTIONS] [PATH...]
       egress-lint trace [PATH...] [--from WHO] --to URL
       egress-lint explain RULE|TEXT [PATH...]
       egress-lint rules [--format table|json|markdown]
       egress-lint init [DIR]
       egress-lint config print [PATH]
       egress-lint config schema
       egress-lint completions bash|zsh|fish

PATH is a file, a directory, a pattern in quotes, or - for standard input; without one, the current directory.

Examples:
  egress-lint k8s/                                            check every manifest below k8s/
  kustomize build overlays/prod | egress-lint -               check what another program renders
  egress-lint --format pretty --format sarif=out.sarif        read it here, and upload it to code scanning
  egress-lint trace k8s/ --from shop --to https://a.example   what becomes of one call, hop by hop
  egress-lint explain 'wrong version number' k8s/             what an error text or a log line means, and its cause here`;

const TAIL = `Formats:
  ${FORMAT_NAMES.join(', ')}

Exit status:
  0  nothing was found at or above the fail level
  1  something was found
  2  the run failed: wrong usage, a path that does not exist, nothing to read, an internal error

The other commands have options of their own: egress-lint trace --help.
To check a directory that is called like a command, write ./rules.
`;

/** The page behind `--help`: the options of a command under the headings that they were given. */
export function helpText(lint: Command, others: readonly Option[]): string {
  const groups = new Map<string, Option[]>();
  for (const option of [...lint.options, ...others]) {
    const heading = option.helpGroupHeading ?? 'Other:';
    groups.set(heading, [...(groups.get(heading) ?? []), option]);
  }
  const width = Math.max(...[...groups.values()].flat().map((option) => termOf(option).length));
  const sections = [...groups].map(([heading, options]) =>
    [heading, ...options.map((option) => `  ${termOf(option).padEnd(width)}  ${option.description}`)].join('\n'),
  );
  return [HEAD, ...sections, TAIL].join('\n\n');
}

/** Long flags stand below each other, whether or not there is a short one. */
function termOf({ flags }: Option): string {
  return flags.startsWith('--') ? `    ${flags}` : flags;
}
