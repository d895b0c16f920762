import { holdTable, type Row } from './told.ts';

const port = { number: 80, name: 'http', protocol: 'HTTP' };
const server = { port, hosts: ['rates.bank.example'] };
const servers = (...list: object[]) => ({ selector: { istio: 'egressgateway' }, servers: list });
const hosts = (...list: unknown[]) => servers({ ...server, hosts: list });
const ports = (part: object) => servers({ ...server, port: { ...port, ...part } });
const tls = (settings: object) => servers({ ...server, port: { number: 443, name: 'tls', protocol: 'HTTPS' }, tls: settings });
const files = { serverCertificate: '/a', privateKey: '/b' };

const rows: readonly Row[] = [
  { check: 'GW1: dots in the name', bad: servers(server), tells: ['webhook malformed-value metadata.name'], fine: [], metadata: { name: 'egress.shop' } },
  { check: 'GW2: no server', bad: servers(), tells: ['webhook out-of-range spec.servers'], fine: [servers(server)] },
  { check: 'GW2: no list of servers', bad: { selector: {} }, tells: ['webhook missing-field spec'], fine: [] },
  {
    check: 'GW3: hosts',
    bad: hosts('rates', '~/a.example', '/a.example', 'shop/', 'a/b/c', '*-x.example', 'https://a.example'),
    tells: [0, 1, 2, 3, 4, 5, 6].map((i) => `webhook malformed-value spec.servers[0].hosts[${i}]`),
    fine: [hosts('*', './*', '*/a.example', 'shop/*.example', '198.51.100.7')],
  },
  { check: 'GW3: no host', bad: hosts(), tells: ['webhook out-of-range spec.servers[0].hosts'], fine: [] },
  {
    check: 'GW4: protocol',
    bad: ports({ protocol: 'TSL' }),
    tells: ['webhook unknown-value spec.servers[0].port.protocol'],
    fine: [ports({ protocol: 'grpc-web' })],
  },
  { check: 'GW4: an empty protocol', bad: ports({ protocol: '' }), tells: ['webhook unknown-value spec.servers[0].port.protocol'], fine: [] },
  {
    check: 'GW4: number, name, target',
    bad: ports({ number: 0, name: '', targetPort: 8080 }),
    tells: [
      'webhook malformed-value spec.servers[0].port.name',
      'webhook malformed-value spec.servers[0].port.targetPort',
      'webhook out-of-range spec.servers[0].port.number',
    ],
    fine: [ports({ targetPort: 0 })],
  },
  {
    check: 'GW5: names of ports',
    bad: servers(server, { ...server, port: { ...port, number: 81 } }),
    tells: ['webhook malformed-value spec.servers[1].port.name'],
    fine: [servers(server, { ...server, port: { ...port, name: 'b' } })],
  },
  {
    check: 'GW6: bind',
    bad: servers({ ...server, bind: 'here' }),
    tells: ['webhook malformed-value spec.servers[0].bind'],
    fine: [servers({ ...server, bind: '::' }), servers({ ...server, bind: 'unix:///run/a', port: { ...port, number: 0 } })],
  },
  {
    check: 'GW6: a socket with a port',
    bad: servers({ ...server, bind: 'unix:///run/' }),
    tells: ['webhook malformed-value spec.servers[0].bind', 'webhook malformed-value spec.servers[0].port.number'],
    fine: [],
  },
  {
    check: 'GW15: a revocation list for SIMPLE',
    bad: tls({ mode: 'SIMPLE', ...files, caCrl: '/c' }),
    tells: ['webhook conflicting-fields spec.servers[0].tls.caCrl'],
    fine: [tls({ mode: 'SIMPLE', credentialName: 'a', caCrl: '/c' }), tls({ mode: 'MUTUAL', ...files, caCertificates: '/d', caCrl: '/c' })],
  },
  {
    check: 'GW15: a revocation list beside a Secret',
    bad: tls({ credentialName: 'a', caCrl: '/c' }),
    tells: ['webhook conflicting-fields spec.servers[0].tls.caCrl'],
    fine: [],
  },
  {
    check: 'GW18: three credentials',
    bad: tls({ mode: 'SIMPLE', credentialNames: ['a', 'b', 'c'] }),
    tells: ['api-server out-of-range spec.servers[0].tls.credentialNames'],
    fine: [tls({ mode: 'SIMPLE', credentialNames: ['a', 'b'] })],
  },
  // Told by the rule incomplete-server-tls.
  { check: 'GW14 has a rule of its own', bad: tls({ mode: 'SIMPLE' }), tells: [], fine: [] },
  { check: 'no spec', bad: undefined, tells: ['webhook missing-field '], fine: [] },
];

holdTable('Gateway', rows);
