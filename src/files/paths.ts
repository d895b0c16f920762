import { isAbsolute, relative, sep } from 'node:path';

/** A path with `/` between its parts, as reports print it on every system. */
export function posix(path: string): string {
  return sep === '/' ? path : path.split(sep).join('/');
}

/** The name that reports print for a file: relative to the root; what lies on another drive, or is no real file, keeps its own. */
export function displayName(root: string, path: string): string {
  if (path.startsWith(root) && path[root.length] === '/') return path.slice(root.length + 1);
  if (/^\/(?:dev|proc)\//.test(path)) return path;
  const name = relative(root, path);
  return posix(isAbsolute(name) ? path : name);
}
