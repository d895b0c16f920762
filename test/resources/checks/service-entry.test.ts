import { holdTable, type Row } from './told.ts';

const http = { number: 80, name: 'http', protocol: 'HTTP' };
const tls = { number: 443, name: 'tls', protocol: 'TLS' };
const tcp = { number: 5432, name: 'tcp', protocol: 'TCP' };
const base = { hosts: ['rates.bank.example'], ports: [http], resolution: 'DNS' };
const fixed = { ...base, resolution: 'STATIC', endpoints: [{ address: '198.51.100.7' }] };
const dynamic = { hosts: ['*.bank.example'], ports: [tls], resolution: 'DYNAMIC_DNS' };
const withHosts = (...hosts: unknown[]) => ({ ...base, resolution: 'NONE', hosts });
const withPorts = (...ports: unknown[]) => ({ ...base, ports });
const withEndpoint = (endpoint: unknown) => ({ ...fixed, endpoints: [endpoint] });

const rows: readonly Row[] = [
  { check: 'SE1: no host', bad: withHosts(), tells: ['api-server out-of-range spec.hosts'], fine: [base] },
  {
    check: 'SE2: every host',
    bad: withHosts('*'),
    tells: ['api-server malformed-value spec.hosts[0]'],
    fine: [withHosts('*.bank.example'), withHosts('*.example')],
  },
  {
    check: 'SE3: a URL',
    bad: withHosts('rates.bank.example', 'https://rates.bank.example'),
    tells: ['webhook malformed-value spec.hosts[1]'],
    fine: [withHosts('Rates.Bank.Example'), withHosts('rates.bank.example.'), withHosts('rates'), withHosts('*-eu.bank.example')],
  },
  { check: 'SE3: a port', bad: withHosts('rates.bank.example:443'), tells: ['webhook malformed-value spec.hosts[0]'], fine: [] },
  { check: 'SE3: an address', bad: withHosts('198.51.100.7'), tells: ['webhook malformed-value spec.hosts[0]'], fine: [withHosts('7.bank')] },
  {
    check: 'SE3: an underscore',
    bad: withHosts('bank_rates.example'),
    tells: ['webhook malformed-value spec.hosts[0]'],
    fine: [withHosts('bank-rates.example')],
  },
  { check: 'SE3: a star inside', bad: withHosts('rates.*.example'), tells: ['webhook malformed-value spec.hosts[0]'], fine: [] },
  {
    check: 'SE3: a label of 64',
    bad: withHosts(`${'a'.repeat(64)}.example`),
    tells: ['webhook malformed-value spec.hosts[0]'],
    fine: [withHosts(`${'a'.repeat(63)}.example`)],
  },
  {
    check: 'SE5: many hosts',
    bad: withHosts(...Array.from({ length: 257 }, (_, i) => `h${i}.example`)),
    tells: ['api-server out-of-range spec.hosts'],
    fine: [],
  },
  {
    check: 'SE6: selector and endpoints',
    bad: { ...fixed, workloadSelector: { labels: { app: 'rates' } } },
    tells: ['api-server conflicting-fields spec.endpoints'],
    fine: [fixed, { ...base, resolution: 'STATIC', workloadSelector: { labels: { app: 'rates' } } }, { ...base, resolution: 'STATIC', workloadSelector: {} }],
  },
  {
    check: 'SE8: a star in a selector',
    bad: { ...base, resolution: 'STATIC', workloadSelector: { labels: { 'a*': 'x', app: 'r*' } } },
    tells: ['api-server malformed-value spec.workloadSelector.labels.app', 'webhook malformed-value spec.workloadSelector.labels["a*"]'],
    fine: [],
  },
  {
    check: 'SE9: no address',
    bad: { ...base, addresses: ['198.51.100.7', 'rates.bank.example', '10.0.0.0/33'] },
    tells: ['webhook malformed-value spec.addresses[1]', 'webhook malformed-value spec.addresses[2]'],
    fine: [
      { ...base, addresses: ['198.51.100.7', '2001:db8::1'] },
      { ...base, resolution: 'NONE', addresses: ['10.0.0.1/8', '2001:db8::/32'] },
    ],
  },
  {
    check: 'SE11, SE12: a port twice',
    bad: withPorts(http, { ...tls, name: 'http' }, { ...tls, number: 80, name: 'b' }),
    tells: ['api-server malformed-value spec.ports[1].name', 'api-server malformed-value spec.ports[2].number'],
    fine: [withPorts(http, tls)],
  },
  {
    check: 'SE13: port numbers',
    bad: withPorts({ ...http, number: 0 }, { ...tls, number: 70_000, targetPort: 0 }),
    tells: ['api-server out-of-range spec.ports[0].number', 'api-server out-of-range spec.ports[1].number', 'api-server out-of-range spec.ports[1].targetPort'],
    fine: [withPorts({ ...http, number: 65_535, targetPort: 1 })],
  },
  { check: 'SE13: below zero is told once', bad: withPorts({ ...http, number: -1 }), tells: ['api-server out-of-range spec.ports[0].number'], fine: [] },
  {
    check: 'SE14: port names',
    bad: withPorts({ ...http, name: 'my_port' }, { number: 443, protocol: 'TLS' }),
    tells: ['webhook malformed-value spec.ports[0].name', 'api-server missing-field spec.ports[1]'],
    fine: [withPorts({ ...http, name: 'My-Port' })],
  },
  {
    check: 'SE15: protocol',
    bad: withPorts({ ...tls, protocol: 'SSL' }),
    tells: ['webhook unknown-value spec.ports[0].protocol'],
    fine: [withPorts({ ...tls, protocol: 'tls' }), withPorts({ number: 80, name: 'any' }), withPorts({ ...tls, protocol: '' })],
  },
  {
    check: 'SE17: endpoints with NONE',
    bad: { ...fixed, resolution: 'NONE' },
    tells: ['api-server malformed-value spec.resolution'],
    fine: [{ ...base, resolution: 'NONE' }],
  },
  {
    check: 'SE17: endpoints without resolution',
    bad: { hosts: base.hosts, ports: base.ports, endpoints: [] },
    tells: ['api-server missing-field spec'],
    fine: [{ hosts: base.hosts, ports: base.ports }],
  },
  {
    check: 'SE19: a name with STATIC',
    bad: withEndpoint({ address: 'a.bank.example' }),
    tells: ['webhook malformed-value spec.endpoints[0].address'],
    fine: [withEndpoint({ address: '::1' }), withEndpoint({ network: 'n' })],
  },
  {
    check: 'SE20: a socket with ports',
    bad: withEndpoint({ address: 'unix:///run/rates', ports: { http: 80 } }),
    tells: ['api-server conflicting-fields spec.endpoints[0].ports'],
    fine: [withEndpoint({ address: 'unix:///run/rates' }), withEndpoint({ address: 'unix://@rates' })],
  },
  { check: 'SE20: a directory', bad: withEndpoint({ address: 'unix:///run/' }), tells: ['api-server malformed-value spec.endpoints[0].address'], fine: [] },
  { check: 'SE20: a relative path', bad: withEndpoint({ address: 'unix://run' }), tells: ['api-server malformed-value spec.endpoints[0].address'], fine: [] },
  {
    check: 'SE20: a socket for two ports',
    bad: { ...withEndpoint({ address: 'unix:///run/rates' }), ports: [http, tls] },
    tells: ['webhook conflicting-fields spec.endpoints[0].address'],
    fine: [],
  },
  {
    check: 'SE21: a number to look up',
    bad: { ...base, hosts: ['10'] },
    tells: ['webhook malformed-value spec.hosts[0]'],
    fine: [withHosts('10'), { ...base, hosts: ['*.bank.example'] }],
  },
  {
    check: 'SE23: addresses with DNS',
    bad: { ...base, endpoints: [{ address: 'a_b' }, { address: 'unix:///run/rates' }, { network: 'n' }] },
    tells: [
      'webhook malformed-value spec.endpoints[0].address',
      'webhook malformed-value spec.endpoints[1].address',
      'webhook missing-field spec.endpoints[2]',
    ],
    fine: [{ ...base, endpoints: [{ address: 'a.bank.example' }, { address: '198.51.100.7' }] }],
  },
  { check: 'an endpoint without address', bad: withEndpoint({}), tells: ['api-server missing-field spec.endpoints[0]'], fine: [] },
  {
    check: 'SE25: ports and labels of endpoints',
    bad: withEndpoint({ address: '198.51.100.7', ports: { http: 70_000, my_port: 1 }, labels: { 'bad key': 'x', app: '-x' } }),
    tells: [
      'api-server out-of-range spec.endpoints[0].ports.http',
      'api-server malformed-value spec.endpoints[0].ports.my_port',
      'webhook malformed-value spec.endpoints[0].labels["bad key"]',
      'webhook malformed-value spec.endpoints[0].labels.app',
    ],
    fine: [withEndpoint({ address: '198.51.100.7', ports: { http: 8080 }, labels: { 'app.kubernetes.io/name': 'x', empty: '' } })],
  },
  {
    check: 'SE27: several hosts on TCP',
    bad: { ...base, hosts: ['a.bank.example', 'b.bank.example'], ports: [tls, tcp] },
    tells: ['webhook malformed-value spec.ports[1].protocol'],
    fine: [
      { ...base, ports: [tcp] },
      { ...withHosts('a.bank.example', 'b.bank.example'), ports: [tcp] },
      { ...base, hosts: ['a.bank.example', 'b.bank.example'], ports: [http, tls] },
    ],
  },
  {
    check: 'SE27: several hosts on no protocol',
    bad: { ...base, hosts: ['a.bank.example', 'b.bank.example'], ports: [{ number: 80, name: 'any' }] },
    tells: ['webhook missing-field spec.ports[0]'],
    fine: [],
  },
  {
    check: 'SE28: DYNAMIC_DNS with all that it has no use for',
    bad: { ...dynamic, hosts: ['rates.bank.example'], addresses: ['198.51.100.7'], endpoints: [{ address: '198.51.100.7' }] },
    tells: ['webhook malformed-value spec.hosts[0]', 'webhook conflicting-fields spec.addresses', 'webhook conflicting-fields spec.endpoints'],
    fine: [dynamic],
  },
  {
    check: 'SE29: DYNAMIC_DNS with other protocols',
    bad: {
      ...dynamic,
      ports: [
        { ...tls, protocol: 'HTTPS' },
        { number: 80, name: 'any' },
      ],
    },
    tells: ['webhook malformed-value spec.ports[0].protocol', 'webhook missing-field spec.ports[1]'],
    fine: [{ ...dynamic, ports: [{ ...http, protocol: 'grpc' }] }],
  },
  {
    check: 'SE30: DYNAMIC_DNS behind a waypoint',
    bad: { ...dynamic, location: 'MESH_INTERNAL' },
    tells: ['webhook conflicting-fields spec.location'],
    fine: [dynamic],
    metadata: { labels: { 'istio.io/use-waypoint': 'wp' } },
  },
  {
    check: 'SE30 does not hold without',
    bad: { ...dynamic, location: 'MESH_INTERNAL' },
    tells: [],
    fine: [],
    metadata: { labels: { 'istio.io/use-waypoint': 'None' } },
  },
  { check: 'SE32: lengths', bad: { ...base, addresses: [`2001:db8::${'0'.repeat(60)}1`] }, tells: ['api-server out-of-range spec.addresses[0]'], fine: [] },
  {
    check: 'SE33: a dry run',
    bad: base,
    tells: ['webhook malformed-value metadata.annotations["istio.io/dry-run"]'],
    fine: [],
    metadata: { annotations: { 'istio.io/dry-run': 'true' } },
  },
  { check: 'no spec', bad: undefined, tells: ['api-server missing-field '], fine: [] },
];

holdTable('ServiceEntry', rows);
