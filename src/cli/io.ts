import type { Progress } from './progress.ts';

/** What the commands know of the process that they run in. Tests give their own. */
export interface Io {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Writes to standard output. */
  readonly out: (text: string) => void;
  /** Writes to standard error: what is meant for the person, not for the next program. */
  readonly err: (text: string) => void;
  readonly outIsTerminal: boolean;
  readonly errIsTerminal: boolean;
  /** Width of the terminal; undefined where standard output is none. */
  readonly columns: number | undefined;
  /** Clock in milliseconds, for `--timing` and for the progress of long runs. */
  readonly now: () => number;
  /** Takes note of how far a run is; absent where nobody watches. */
  readonly progress?: Progress;
  /** Wipes the progress away. */
  readonly endProgress?: () => void;
  /** Calls back once, instead of ending the process, when the person wants to stop (Ctrl-C). */
  readonly onInterrupt: (listener: () => void) => void;
  /** The directory of the package, which holds package.json and docs/rules. */
  readonly packageRoot: string;
  /** Loads an ES module by its URL: the rules of plugins, and nothing else. */
  readonly importModule: (url: string) => Promise<unknown>;
}
