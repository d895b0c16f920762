import { holdTable, type Row } from './told.ts';

const hosts = ['./*'];
const egress = (...listeners: object[]) => ({ egress: listeners });
const listener = (part: object) => egress({ hosts, ...part });
const withHosts = (...list: unknown[]) => egress({ hosts: list });
const ingress = (part: object) => ({ ingress: [{ port: { number: 8443, protocol: 'HTTPS' }, ...part }] });
const files = { serverCertificate: '/a', privateKey: '/b' };

const rows: readonly Row[] = [
  {
    check: 'SC1: nothing',
    bad: { workloadSelector: { labels: { app: 'web' } }, egress: [] },
    tells: ['webhook malformed-value spec'],
    fine: [egress({ hosts }), { outboundTrafficPolicy: {} }],
  },
  {
    check: 'SC3: a star in the selector',
    bad: { ...egress({ hosts }), workloadSelector: { labels: { app: 'w*' } } },
    tells: ['api-server malformed-value spec.workloadSelector.labels.app'],
    fine: [{ ...egress({ hosts }), workloadSelector: {} }],
  },
  {
    check: 'SC4: the rest first',
    bad: egress({ hosts }, { port: { number: 80, protocol: 'HTTP' }, hosts }),
    tells: ['webhook missing-field spec.egress[0]'],
    fine: [egress({ port: { number: 80, protocol: 'HTTP' }, hosts }, { hosts })],
  },
  { check: 'SC4: the rest twice', bad: egress({ hosts }, { hosts }), tells: ['webhook missing-field spec.egress[0]'], fine: [] },
  {
    check: 'SC5: ports',
    bad: listener({ port: { number: 70_000, protocol: 'SSL', name: 'a_b', targetPort: 1 } }),
    tells: [
      'webhook unknown-value spec.egress[0].port.protocol',
      'webhook malformed-value spec.egress[0].port.name',
      'webhook malformed-value spec.egress[0].port.targetPort',
      'webhook out-of-range spec.egress[0].port.number',
    ],
    fine: [listener({ port: { number: 80 } })],
  },
  {
    check: 'SC5: port 0',
    bad: listener({ port: { number: 0, protocol: 'HTTP' } }),
    tells: ['webhook out-of-range spec.egress[0].port.number'],
    fine: [listener({ port: { number: 0, protocol: 'HTTP' }, bind: 'unix:///run/a' })],
  },
  { check: 'SC5: no number', bad: listener({ port: { protocol: 'HTTP' } }), tells: ['webhook missing-field spec.egress[0].port'], fine: [] },
  {
    check: 'SC5: one port twice',
    bad: egress({ port: { number: 80 }, hosts }, { port: { number: 80 }, bind: '127.0.0.1', hosts }),
    tells: ['webhook malformed-value spec.egress[1].port.number'],
    fine: [egress({ port: { number: 80 }, hosts }, { port: { number: 81 }, hosts })],
  },
  {
    check: 'SC5: a socket behind iptables',
    bad: listener({ port: {}, bind: 'unix:///run/a', captureMode: 'IPTABLES' }),
    tells: ['webhook conflicting-fields spec.egress[0].captureMode'],
    fine: [listener({ port: {}, bind: 'unix://@a', captureMode: 'NONE' })],
  },
  {
    check: 'SC6: bind',
    bad: listener({ port: { number: 80 }, bind: 'here' }),
    tells: ['webhook malformed-value spec.egress[0].bind'],
    fine: [listener({ bind: 'here' })],
  },
  {
    check: 'SC7: hosts',
    bad: withHosts('', '/a.example', 'shop/', 'sh_op/a.example', './rates', './*-x.example', './https://a.example', './198.51.100.7'),
    tells: [0, 1, 2, 3, 4, 5, 6, 7].map((i) => `webhook malformed-value spec.egress[0].hosts[${i}]`),
    // What has no slash is told by the rule sidecar-host-format.
    fine: [withHosts('*/*', '~/*', '~pay/*', 'shop/a.example', './*.example', 'a.example')],
  },
  { check: 'SC7: no host', bad: withHosts(), tells: ['webhook out-of-range spec.egress[0].hosts'], fine: [] },
  {
    check: 'SC10: a proxy for nothing',
    bad: { outboundTrafficPolicy: { egressProxy: { host: 'p.example', port: { number: 80 } } } },
    tells: ['webhook conflicting-fields spec.outboundTrafficPolicy.egressProxy'],
    fine: [{ outboundTrafficPolicy: { mode: 'ALLOW_ANY', egressProxy: { host: 'p.example', port: { number: 80 } } } }],
  },
  {
    check: 'SC10: a proxy nowhere',
    bad: { outboundTrafficPolicy: { mode: 'ALLOW_ANY', egressProxy: { host: '*.example' } } },
    tells: ['webhook malformed-value spec.outboundTrafficPolicy.egressProxy.host', 'webhook missing-field spec.outboundTrafficPolicy.egressProxy'],
    fine: [],
  },
  {
    check: 'SC11: a mode of the mesh',
    bad: { outboundTrafficPolicy: { mode: 'ALLOW_ANY_DYNAMIC_DNS' } },
    tells: ['api-server unknown-value spec.outboundTrafficPolicy.mode'],
    fine: [],
  },
  {
    check: 'SC12: ports',
    bad: { ingress: [{ port: { protocol: 'HTTP' } }, { port: { number: 80 } }, { port: { number: 80 }, bind: 'here' }] },
    tells: [
      'webhook missing-field spec.ingress[0].port',
      'webhook malformed-value spec.ingress[2].bind',
      'webhook malformed-value spec.ingress[2].port.number',
    ],
    fine: [ingress({})],
  },
  {
    check: 'SC12: an endpoint elsewhere',
    bad: ingress({ defaultEndpoint: '10.0.0.1:80' }),
    tells: ['webhook malformed-value spec.ingress[0].defaultEndpoint'],
    fine: ['127.0.0.1:80', ':80', '[::1]:80', '0.0.0.0:80', 'unix:///run/a', ''].map((defaultEndpoint) => ingress({ defaultEndpoint })),
  },
  {
    check: 'SC12: an endpoint without port',
    bad: ingress({ defaultEndpoint: '127.0.0.1' }),
    tells: ['webhook malformed-value spec.ingress[0].defaultEndpoint'],
    fine: [],
  },
  {
    check: 'SC12: TLS of gateways',
    bad: ingress({ tls: { mode: 'SIMPLE', credentialName: 'a', httpsRedirect: true, subjectAltNames: ['b'] } }),
    tells: [
      'webhook malformed-value spec.ingress[0].tls.subjectAltNames',
      'webhook malformed-value spec.ingress[0].tls.httpsRedirect',
      'webhook malformed-value spec.ingress[0].tls.credentialName',
    ],
    fine: [ingress({ tls: { mode: 'SIMPLE', ...files } }), ingress({ tls: {} })],
  },
  { check: 'SC12: TLS of the mesh', bad: ingress({ tls: { mode: 'ISTIO_MUTUAL' } }), tells: ['webhook malformed-value spec.ingress[0].tls.mode'], fine: [] },
  {
    check: 'SC12: TLS without files',
    bad: ingress({ tls: { mode: 'MUTUAL', serverCertificate: '/a' } }),
    tells: ['webhook missing-field spec.ingress[0].tls', 'webhook missing-field spec.ingress[0].tls'],
    fine: [],
  },
  {
    check: 'SC12: TLS on plaintext',
    bad: { ingress: [{ port: { number: 80, protocol: 'HTTP' }, tls: { mode: 'SIMPLE', ...files } }] },
    tells: ['webhook conflicting-fields spec.ingress[0].tls'],
    fine: [],
  },
  {
    check: 'SC14: pools',
    bad: { inboundConnectionPool: {} },
    tells: ['webhook malformed-value spec.inboundConnectionPool'],
    fine: [{ inboundConnectionPool: { tcp: {} } }],
  },
  { check: 'no spec', bad: undefined, tells: ['webhook missing-field '], fine: [] },
];

holdTable('Sidecar', rows);
