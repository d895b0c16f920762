import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { SourceText } from '../text/source-text.ts';
import { decodeText } from './decode-text.ts';
import { displayName, posix } from './paths.ts';
import { walk } from './walk.ts';

/** The files of a tree that rendered objects say they were made from. Nothing outside of the tree is read. */
export class OriginFiles {
  private readonly root: string;
  private readonly texts = new Map<string, SourceText | undefined>();
  private lazyFiles: readonly string[] | undefined;

  /** @param root absolute; also what printed names are relative to */
  constructor(root: string) {
    this.root = root;
  }

  /**
   * The file of that name from one of several directories.
   * @param bases absolute
   */
  from(bases: readonly string[], name: string): SourceText | undefined {
    const path = bases.map((base) => posix(resolve(base, name))).find((each) => this.isInside(each) && existsSync(each));
    return path === undefined ? undefined : this.read(path);
  }

  /** The only file of the tree whose path ends like that: a renderer tells a path from where it ran, which its output does not say. */
  ending(name: string): SourceText | undefined {
    const suffix = `/${name.replace(/^(?:\.{1,2}\/)+/, '')}`;
    this.lazyFiles ??= walk(this.root).files;
    const [path, ...more] = this.lazyFiles.filter((each) => each.endsWith(suffix));
    return path === undefined || more.length > 0 ? undefined : this.read(path);
  }

  /** The file of a chart of that name, where only one chart of the tree has it: Helm begins paths with the name, which need not be that of the directory. */
  inChart(name: string): SourceText | undefined {
    const [chart = '', ...rest] = name.split('/');
    this.lazyFiles ??= walk(this.root).files;
    const [found, ...more] = this.lazyFiles.filter((each) => each.endsWith('/Chart.yaml') && chartName(this.read(each)?.text ?? '') === chart);
    return found === undefined || more.length > 0 ? undefined : this.from([dirname(found)], rest.join('/'));
  }

  private isInside(path: string): boolean {
    return path.startsWith(this.root.endsWith('/') ? this.root : `${this.root}/`);
  }

  private read(path: string): SourceText | undefined {
    if (!this.texts.has(path)) this.texts.set(path, readText(path, displayName(this.root, path)));
    return this.texts.get(path);
  }
}

function chartName(text: string): string | undefined {
  return /^name:[ \t]*["']?([^\s"'#]+)/m.exec(text)?.[1];
}

function readText(path: string, file: string): SourceText | undefined {
  try {
    const decoded = decodeText(readFileSync(path));
    return 'text' in decoded ? { file, text: decoded.text } : undefined;
  } catch {
    return undefined;
  }
}
