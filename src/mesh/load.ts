import { findFileKind, findKind, isReadKind } from '../resources/kinds.ts';
import { Outlines } from '../resources/outlines.ts';
import { type Resource, resourcesIn, settle } from '../resources/resource.ts';
import { compareText } from '../text/compare-text.ts';
import type { SourceText } from '../text/source-text.ts';
import { readYaml, type YamlContents } from '../yaml/read-yaml.ts';
import { isDeployerKind } from './deployers.ts';
import { isKustomizationFile } from './kustomization.ts';

/** A file as it came from outside: its text, or why there is none. */
export type InputFile = SourceText & {
  /** Why the file could not be read; `text` is then empty. */
  readonly unreadable?: string;
  /** Whether a person named the file: then text that is no YAML at all is a finding. */
  readonly named?: boolean;
};

/** A file with what was found in it. */
export interface LoadedFile {
  readonly source: InputFile;
  readonly contents: YamlContents;
  readonly resources: readonly Resource[];
  /** Kinds of objects in it whose names will be others than written, in ways that are not known. */
  readonly renamed?: ReadonlySet<string>;
}

export interface LoadOptions {
  /** Where objects without a namespace land; kubectl's default is `default`. */
  readonly namespace?: string;
  /** Told before each file how many came before it. */
  readonly onFile?: (done: number) => void;
}

const DEFINITIONS = { ofKind: findKind, ofFile: findFileKind };

/** Values files of Istio's charts say no kind; the values of Secrets are shown to nobody. */
const WANTED = {
  wants: (kind: string) => isReadKind(kind) || isDeployerKind(kind),
  wantsKindless: (chunk: string) => /^["']?meshConfig["']?[ \t]*:/m.test(chunk),
  hides: (chunk: string) => /(?:^[ \t-]*|[{,][ \t]*)["']?kind["']?[ \t]*:[ \t]*["']?Secret(?:List)?\b/m.test(chunk),
};

/** A kustomization need not say its kind. */
const ANYTHING = { ...WANTED, wants: () => true, wantsKindless: () => true };

/** From so many UTF-16 units of text on, only specs are kept, and which fields were written. */
const MUCH_TEXT = 16 * 1024 * 1024;

/** Reads every resource of the files, in the order of the files' names and of the documents within. Never throws for bad input. */
export function load(files: readonly InputFile[], options: LoadOptions = {}): readonly LoadedFile[] {
  const sorted = [...files].sort((a, b) => compareText(a.file, b.file));
  const units = files.reduce((sum, { text }) => sum + text.length, 0);
  const outlines = units > MUCH_TEXT ? new Outlines() : undefined;
  return sorted.map((source, index) => {
    options.onFile?.(index);
    const contents = readYaml(source.text, { ...(isKustomizationFile(source.file) ? ANYTHING : WANTED), strict: source.named ?? false });
    const resources = contents.documents.flatMap((document) => {
      const found = resourcesIn(source, document, DEFINITIONS, options.namespace ?? 'default');
      if (outlines && found.length > 0) settle(document, found, outlines);
      return found;
    });
    return { source, contents, resources: resources.slice() };
  });
}
