/** Protocols in which the server greets first, by the ports that are customary for them (docs/traffic-model.md, C4.7, L-2). */
const SERVER_FIRST: ReadonlyMap<number, string> = new Map([
  [21, 'FTP'],
  [22, 'SSH'],
  [25, 'SMTP'],
  [110, 'POP3'],
  [143, 'IMAP'],
  [587, 'SMTP'],
  [3306, 'MySQL'],
  [5900, 'VNC'],
]);

/** The same by words in the name of a port. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ['ftp', 'FTP'],
  ['sftp', 'SSH'],
  ['ssh', 'SSH'],
  ['smtp', 'SMTP'],
  ['pop3', 'POP3'],
  ['imap', 'IMAP'],
  ['mysql', 'MySQL'],
  ['mariadb', 'MySQL'],
]);

/** The protocol that is customary on a port, or that its name says, if its servers speak before the client does. */
export function serverFirstProtocol(port: number, name: string): string | undefined {
  const said = name
    .toLowerCase()
    .split('-')
    .find((word) => NAMES.has(word));
  return SERVER_FIRST.get(port) ?? (said === undefined ? undefined : NAMES.get(said));
}
