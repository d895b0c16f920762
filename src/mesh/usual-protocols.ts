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

/** The protocol that is customary on a port, if its servers speak before the client does. */
export function serverFirstProtocol(port: number): string | undefined {
  return SERVER_FIRST.get(port);
}
