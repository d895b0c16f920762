import { dirname, resolve } from 'node:path';
import type { TextOfOrigin } from '../engine/at-source.ts';
import { OriginFiles } from '../files/origin-files.ts';
import type { Rendered } from '../files/render.ts';
import { type InputFile, load } from '../mesh/load.ts';
import { kustomizeTrees } from '../mesh/placed-files.ts';
import type { Io } from './io.ts';

/** The texts of a run once charts and kustomizations are rendered. */
export interface RenderedTree {
  /** Rendered output in place of what it was made of; everything else as it was. */
  readonly texts: readonly InputFile[];
  /** Absolute directories that origins are relative to, by the names of texts. */
  readonly bases: ReadonlyMap<string, string>;
  /** Directories that could not be rendered; what stands in them is linted as it is. */
  readonly failed: readonly { readonly argument: string; readonly reason: string }[];
}

/**
 * Renders each outermost chart and kustomization among the files of a run (`--render`).
 * @param root what the names of files are relative to; absolute
 */
export async function renderedTree(texts: readonly InputFile[], root: string, namespace: string | undefined, io: Io): Promise<RenderedTree> {
  // Loaded only here: what starts other programs costs every run milliseconds.
  const { helmTemplate, kustomize } = await import('../files/render.ts');
  const charts = chartsIn(texts);
  const outside = texts.filter(({ file }) => !charts.some((chart) => file.startsWith(chart)));
  const trees = kustomizeTrees(load(outside));
  const made: InputFile[] = [];
  const bases = new Map<string, string>();
  const failed: { argument: string; reason: string }[] = [];
  const gone = new Set<string>();
  const take = (directory: string, rendered: Rendered, files: Iterable<string>): void => {
    if ('problem' in rendered) failed.push({ argument: directory || '.', reason: rendered.problem });
    else {
      const file = `${directory}(${rendered.tool})`;
      made.push({ file, text: rendered.text });
      bases.set(file, rendered.base);
      for (const each of files) gone.add(each);
    }
  };
  for (const chart of charts) {
    io.progress?.(`rendering ${chart}`);
    take(
      chart,
      helmTemplate(resolve(root, chart), namespace),
      texts.flatMap(({ file }) => (file.startsWith(chart) ? [file] : [])),
    );
  }
  for (const { directory, files } of trees) {
    io.progress?.(`rendering ${directory}`);
    take(directory, kustomize(resolve(root, directory)), files);
  }
  return { texts: [...texts.filter(({ file }) => !gone.has(file)), ...made], bases, failed };
}

/** Directories of charts that are in no other chart: those are built into it. Each ends with a slash, or is empty. A library is not rendered by itself. */
function chartsIn(texts: readonly InputFile[]): readonly string[] {
  const charts = texts.filter(({ file, text }) => /(?:^|\/)Chart\.yaml$/.test(file) && !/^type:[ \t]*["']?library\b/m.test(text));
  const all = charts.map(({ file }) => file.slice(0, -'Chart.yaml'.length));
  return all.filter((chart) => !all.some((other) => other !== chart && chart.startsWith(other)));
}

/**
 * Finds what rendered objects were made from.
 * @param bases of texts that were rendered here; others are relative to where the command runs, or to the root
 * @param keep gets each text that was found
 */
export function originTexts(
  root: string,
  bases: ReadonlyMap<string, string>,
  io: Io,
  keep: Map<string, { readonly file: string; readonly text: string }>,
): TextOfOrigin {
  const files = new OriginFiles(root);
  return (origin, { source, annotations }) => {
    // What was fetched from elsewhere is not in this tree.
    if (/^repo:/m.test(annotations['config.kubernetes.io/origin'] ?? '')) return undefined;
    const base = bases.get(source.file.file);
    const directory = resolve(root, dirname(source.file.file));
    // Helm tells the name of the chart, which need not be that of its directory.
    const found =
      base === undefined
        ? (files.from([io.cwd, root, directory], origin) ?? files.ending(origin) ?? files.inChart(origin))
        : (files.from([base], origin) ?? files.from([directory], origin.replace(/^[^/]*\//, '')));
    if (found) keep.set(found.file, found);
    return found;
  };
}
