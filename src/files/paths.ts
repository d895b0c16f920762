import { realpathSync } from 'node:fs';
import { sep } from 'node:path';

/** A path with `/` between its parts, as reports print it on every system. */
export function posix(path: string): string {
  return sep === '/' ? path : path.split(sep).join('/');
}

/** The path without symbolic links, so that one file has one name; as it is where it does not exist. */
export function realPath(path: string): string {
  try {
    return posix(realpathSync(path));
  } catch {
    return posix(path);
  }
}

/**
 * The name that reports print for a file: relative to the root. What lies on another drive, or is no real file, keeps its own.
 * @param root absolute, as `path`, with `/` between its parts
 */
export function displayName(root: string, path: string): string {
  if (/^\/(?:dev|proc)\//.test(path)) return path;
  let up = '';
  for (let base = root; base !== ''; base = base.slice(0, base.lastIndexOf('/'))) {
    if (path === base) return up.slice(0, -1) || '.';
    const prefix = base.endsWith('/') ? base : `${base}/`;
    if (path.startsWith(prefix)) return up + path.slice(prefix.length);
    up += '../';
  }
  return path.startsWith('/') && root.startsWith('/') ? up + path.slice(1) : path;
}
