/** What the commands know of the process that they run in. Tests give their own. */
export interface Io {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Writes to standard output. */
  readonly out: (text: string) => void;
  /** Writes to standard error: what is meant for the person, not for the next program. */
  readonly err: (text: string) => void;
  readonly outIsTerminal: boolean;
  /** Width of the terminal; undefined where standard output is none. */
  readonly columns: number | undefined;
  /** Clock in milliseconds, for `--timing`. */
  readonly now: () => number;
  /** The directory of the package, which holds package.json and docs/rules. */
  readonly packageRoot: string;
}
