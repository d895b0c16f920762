import { defineRule, nameOf } from '../../src/rule-api.ts';

/** Ports whose protocols start in clear and turn to TLS later, if at all. Of those where the server greets first both sides wait for ever. */
const PROTOCOLS: Readonly<Record<number, { readonly name: string; readonly names: RegExp; readonly isServerFirst: boolean; readonly isAlwaysClear: boolean }>> =
  {
    25: { name: 'SMTP', names: /smtp|mail/i, isServerFirst: true, isAlwaysClear: true },
    587: { name: 'SMTP submission', names: /smtp|mail|submission/i, isServerFirst: true, isAlwaysClear: true },
    143: { name: 'IMAP', names: /imap|mail/i, isServerFirst: true, isAlwaysClear: true },
    110: { name: 'POP3', names: /pop|mail/i, isServerFirst: true, isAlwaysClear: true },
    3306: { name: 'MySQL', names: /mysql|maria/i, isServerFirst: true, isAlwaysClear: true },
    389: { name: 'LDAP', names: /ldap/i, isServerFirst: false, isAlwaysClear: true },
    // Clients of version 17 and TDS 8 can be told to speak TLS at once.
    5432: { name: 'PostgreSQL', names: /postgres|pgsql|^pg/i, isServerFirst: false, isAlwaysClear: false },
    1433: { name: 'SQL Server', names: /sql/i, isServerFirst: false, isAlwaysClear: false },
  };

export default defineRule({
  meta: {
    name: 'starttls-declared-tls',
    code: 'EL207',
    family: 'tls',
    severity: 'error',
    summary: 'A port of a protocol that starts in clear (STARTTLS) is declared TLS or HTTPS.',
  },
  messages: {
    declared: {
      text: '{entry}: port {port} is declared {protocol}, but {name} starts in clear{later}, so its connections find no route by server name',
      label: '{name} starts in clear',
      symptom: '{symptom}',
      help: "write 'protocol: TCP', and give the entry 'addresses' if other hosts are called on port {port}: without them a TCP port takes the traffic for all",
    },
  },

  create: ({ mesh, report }) => ({
    ServiceEntry(entry) {
      for (const [index, { number, name = '', protocol, targetPort }] of entry.spec.ports.entries()) {
        const known = PROTOCOLS[number ?? 0];
        if (!known || !protocol || mesh.protocolGroup(protocol) !== 'tls' || (targetPort && targetPort !== number)) continue;
        const isSure = known.isAlwaysClear && known.names.test(`${name} ${entry.spec.hosts.join(' ')}`);
        report(
          'declared',
          { resource: entry, path: ['spec', 'ports', index, 'protocol'] },
          {
            data: {
              entry: nameOf(entry),
              port: number ?? 0,
              protocol,
              name: known.name,
              later: /SQL/.test(known.name) ? ' and asks for TLS only then' : ' (STARTTLS comes later)',
              symptom: known.isServerFirst
                ? 'the connection hangs, and times out: the proxy waits for the TLS handshake of the client, which waits for the greeting of the server'
                : 'the connection bypasses this entry: it leaves unmanaged under ALLOW_ANY, and is closed under REGISTRY_ONLY (BlackHoleCluster)',
            },
            ...(!isSure && { confidence: 'likely' }),
          },
        );
      }
    },
  }),
});
