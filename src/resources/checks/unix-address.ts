/** Unix domain sockets, written `unix:///path/to/socket` or, for abstract ones, `unix://@name`. */

const PREFIX = 'unix://';

/** Whether an address is meant to be one: how it goes on is another question. */
export function isUnixAddress(text: string): boolean {
  return text.startsWith(PREFIX);
}

/** What a socket's address must be, or undefined if it is right (ValidateUnixAddress). */
export function expectedUnixAddress(text: string): string | undefined {
  const path = text.slice(PREFIX.length);
  if (path.startsWith('@') || (path.startsWith('/') && !path.endsWith('/'))) return undefined;
  return "the absolute path of a socket file, like 'unix:///var/run/app.sock'";
}
