import { describe, expect, test } from 'vitest';
import { holdTable, problemsOf, type Row } from './told.ts';

const route = [{ destination: { host: 'rates.bank.example' } }];
const base = { hosts: ['rates.bank.example'], http: [{ route }] };
const gateways = ['egress'];
const hosts = (...names: unknown[]) => ({ ...base, hosts: names });
const rule = (part: object) => ({ ...base, http: [{ route, ...part }] });
const only = (part: object) => ({ ...base, http: [part] });
const match = (part: object) => rule({ match: [part] });
const to = (destination: object) => only({ route: [{ destination }] });
const tls = (matches: unknown, part: object = { route }) => ({ hosts: base.hosts, tls: [{ match: matches, ...part }] });
const sni = (...names: unknown[]) => tls([{ sniHosts: names }]);
const at = 'spec.http[0]';

const whole: readonly Row[] = [
  { check: 'VS1: a delegate with gateways', bad: { gateways, http: [{ route }] }, tells: ['webhook missing-field spec'], fine: [{ http: [{ route }] }] },
  { check: 'VS1: a delegate with tcp', bad: { http: [{ route }], tcp: [{ route }] }, tells: ['webhook missing-field spec'], fine: [] },
  {
    check: 'VS2: hosts',
    bad: hosts('rates.bank.example:443', 'a_b.example'),
    tells: ['webhook malformed-value spec.hosts[0]', 'webhook malformed-value spec.hosts[1]'],
    fine: [hosts('198.51.100.7'), hosts('*-eu.bank.example'), hosts('rates')],
  },
  {
    check: 'VS2: names that sidecars of other networks use',
    bad: { ...tls([{ sniHosts: ['outbound_.443_._.a.example'] }]), hosts: ['outbound_.443_._.a.example'], gateways: ['mesh'] },
    tells: ['webhook malformed-value spec.hosts[0]', 'webhook malformed-value spec.tls[0].match[0].sniHosts[0]'],
    fine: [{ ...tls([{ sniHosts: ['outbound_.443_._.a.example'] }]), hosts: ['outbound_.443_._.a.example'], gateways }],
  },
  { check: 'VS3: * for sidecars', bad: hosts('*'), tells: ['webhook malformed-value spec.hosts[0]'], fine: [{ ...hosts('*'), gateways }] },
  {
    check: 'VS3: * for sidecars and a gateway',
    bad: { ...hosts('*'), gateways: ['mesh', 'egress'] },
    tells: ['webhook malformed-value spec.hosts[0]'],
    fine: [],
  },
  {
    check: 'VS4: hosts that overlap',
    bad: hosts('*.bank.example', 'rates.bank.example', 'a.example', 'a.example', '*.example'),
    tells: ['webhook conflicting-fields spec.hosts[1]', 'webhook malformed-value spec.hosts[3]', 'webhook conflicting-fields spec.hosts[4]'],
    fine: [hosts('*.bank.example', 'bank.example'), hosts('a.example', 'b.example'), hosts('*.a.example', '*.b.example')],
  },
  { check: 'VS5: no rule', bad: { hosts: base.hosts }, tells: ['webhook missing-field spec'], fine: [base] },
  { check: 'VS5: an empty list of rules', bad: { hosts: base.hosts, tls: [] }, tells: ['webhook out-of-range spec.tls'], fine: [] },
  { check: 'VS5: a misspelt section is the one problem', bad: { hosts: base.hosts, htttp: [] }, tells: ['strict-client unknown-field spec.htttp'], fine: [] },
  {
    check: 'VS6: gateways',
    bad: { ...base, gateways: ['a/b/c', '/egress', 'istio-system/', 'eg w'] },
    tells: [
      'webhook malformed-value spec.gateways[0]',
      'webhook malformed-value spec.gateways[1]',
      'webhook malformed-value spec.gateways[2]',
      'webhook malformed-value spec.gateways[3]',
    ],
    fine: [
      { ...base, gateways: ['istio-system/egress', 'mesh', 'not!looked/at'] },
      { ...base, gateways: ['egress.istio-system.svc.cluster.local'] },
    ],
  },
  {
    check: 'VS8: claims of a JWT for sidecars',
    bad: match({ headers: { '@request.auth.claims.sub': { exact: 'a' } } }),
    tells: [`webhook conflicting-fields ${at}.match[0].headers["@request.auth.claims.sub"]`],
    fine: [{ ...match({ headers: { '@request.auth.claims[sub]': { exact: 'a' } } }), gateways }],
  },
  { check: 'VS25: no match, no name', bad: tls([]), tells: ['webhook out-of-range spec.tls[0].match'], fine: [sni('rates.bank.example')] },
  { check: 'VS25: an empty list of names', bad: sni(), tells: ['webhook out-of-range spec.tls[0].match[0].sniHosts'], fine: [] },
  { check: 'VS25: no list of names', bad: tls([{ port: 443 }]), tells: ['api-server missing-field spec.tls[0].match[0]'], fine: [] },
  {
    check: 'VS26: a name that is none',
    bad: sni('https://rates.bank.example'),
    tells: ['webhook malformed-value spec.tls[0].match[0].sniHosts[0]'],
    fine: [sni('quotes.bank.example'), sni('198.51.100.7')],
  },
  {
    check: 'VS28: subnets',
    bad: tls([{ sniHosts: ['rates.bank.example'], destinationSubnets: ['10.0.0.0/8', '10.0.0.0/33'] }]),
    tells: ['webhook malformed-value spec.tls[0].match[0].destinationSubnets[1]'],
    fine: [{ ...base, tcp: [{ match: [{ destinationSubnets: ['198.51.100.7'] }], route }] }],
  },
  { check: 'VS29: no destination', bad: { hosts: base.hosts, tcp: [{ match: [{ port: 443 }] }] }, tells: ['webhook missing-field spec.tcp[0]'], fine: [] },
  { check: 'no spec', bad: undefined, tells: ['webhook missing-field '], fine: [] },
];

const actions: readonly Row[] = [
  {
    check: 'VS9: nothing to do',
    bad: only({ match: [{ port: 80 }] }),
    tells: [`webhook missing-field ${at}`],
    fine: [only({ redirect: { uri: '/a' } }), only({ directResponse: { status: 503 } }), only({ delegate: { name: 'a' } })],
  },
  { check: 'VS9: a route and a redirect', bad: rule({ redirect: { uri: '/a' } }), tells: [`webhook conflicting-fields ${at}.redirect`], fine: [] },
  {
    check: 'VS9: a redirect with a fault',
    bad: only({ redirect: { uri: '/a' }, fault: { abort: { httpStatus: 500 } } }),
    tells: [`webhook conflicting-fields ${at}.redirect`],
    fine: [],
  },
  {
    check: 'VS9: an answer with a rewrite',
    bad: only({ directResponse: { status: 200 }, rewrite: { uri: '/a' } }),
    tells: [`webhook conflicting-fields ${at}.directResponse`],
    fine: [],
  },
  { check: 'VS9: a delegate with a route', bad: rule({ delegate: { name: 'a' } }), tells: [`webhook conflicting-fields ${at}.delegate`], fine: [] },
  { check: 'VS9: a delegate of a delegate', bad: { http: [{ delegate: { name: 'a' } }] }, tells: [`webhook malformed-value ${at}.delegate`], fine: [] },
  {
    check: 'VS9: mirror and mirrors',
    bad: rule({ mirror: { host: 'a.example' }, mirrors: [{ destination: { host: 'b.example' } }] }),
    tells: [`webhook conflicting-fields ${at}.mirror`],
    fine: [rule({ mirror: { host: 'a.example' } })],
  },
  {
    check: 'VS11: headers of responses',
    bad: rule({ headers: { response: { set: { ':status': '200' }, remove: ['Host'] } } }),
    tells: [`webhook malformed-value ${at}.headers.response.set[":status"]`, `webhook malformed-value ${at}.headers.response.remove[0]`],
    fine: [rule({ headers: { request: { set: { Host: 'a.example' }, add: { 'x-a': '%HOSTNAME% 100%%' } } } })],
  },
  {
    check: 'VS11: values of headers',
    bad: rule({ headers: { request: { add: { 'x-a': '100%', 'x-b': 'a\nb' } } } }),
    tells: [`webhook malformed-value ${at}.headers.request.add["x-a"]`, `webhook malformed-value ${at}.headers.request.add["x-b"]`],
    fine: [],
  },
  {
    check: 'VS12: the authority twice',
    bad: rule({ rewrite: { authority: 'a.example' }, headers: { request: { set: { host: 'b.example' } } } }),
    tells: [`webhook conflicting-fields ${at}.headers.request.set.host`],
    fine: [rule({ rewrite: { authority: 'a.example' } })],
  },
  {
    check: 'VS13: a redirect to nowhere',
    bad: only({ redirect: {} }),
    tells: [`webhook missing-field ${at}.redirect`],
    fine: [only({ redirect: { derivePort: 'FROM_PROTOCOL_DEFAULT' } })],
  },
  {
    check: 'VS13: parts of a redirect',
    bad: only({ redirect: { uri: '/a', redirectCode: 200, scheme: 'ftp', port: 70_000 } }),
    tells: [`webhook out-of-range ${at}.redirect.port`, `webhook unknown-value ${at}.redirect.scheme`, `webhook out-of-range ${at}.redirect.redirectCode`],
    fine: [only({ redirect: { uri: '/a', redirectCode: 308, scheme: 'https', port: 443 } })],
  },
  {
    check: 'VS13: a prefix for no prefix',
    bad: only({ match: [{ uri: { prefix: '/a' } }, { uri: { exact: '/b' } }], redirect: { prefixRewrite: '/c' } }),
    tells: [`webhook conflicting-fields ${at}.redirect.prefixRewrite`],
    fine: [only({ match: [{ uri: { prefix: '' } }, { port: 80 }], redirect: { prefixRewrite: '/c' } })],
  },
  {
    check: 'VS13: uri and prefix',
    bad: only({ redirect: { uri: '/a', prefixRewrite: '/c' } }),
    tells: [`webhook conflicting-fields ${at}.redirect.uri`],
    fine: [],
  },
  {
    check: 'VS14: a status',
    bad: only({ directResponse: { status: 99 } }),
    tells: [`webhook out-of-range ${at}.directResponse.status`],
    fine: [only({ directResponse: { status: 600 } })],
  },
  {
    check: 'VS14: a body',
    bad: only({ directResponse: { status: 200, body: { string: 'ä'.repeat(600_000) } } }),
    tells: [`webhook out-of-range ${at}.directResponse.body.string`],
    fine: [only({ directResponse: { status: 200, body: { string: 'a' } } })],
  },
  {
    check: 'VS15: a rewrite of nothing',
    bad: rule({ rewrite: {} }),
    tells: [`webhook missing-field ${at}.rewrite`],
    fine: [rule({ rewrite: { uriRegexRewrite: { match: '^/(.*)$', rewrite: '/v1/\\1' } } })],
  },
  {
    check: 'VS15: half a rewrite',
    bad: rule({ rewrite: { uri: '/a', uriRegexRewrite: { match: '(' } } }),
    tells: [
      `webhook malformed-value ${at}.rewrite.uriRegexRewrite.match`,
      `webhook conflicting-fields ${at}.rewrite.uri`,
      `webhook missing-field ${at}.rewrite.uriRegexRewrite`,
    ],
    fine: [],
  },
  {
    check: 'VS16: durations',
    bad: rule({ timeout: '0s', retries: { attempts: 1, perTryTimeout: '5' }, corsPolicy: { maxAge: '1.5s' } }),
    tells: [
      `api-server out-of-range ${at}.timeout`,
      `api-server malformed-value ${at}.retries.perTryTimeout`,
      `webhook malformed-value ${at}.corsPolicy.maxAge`,
    ],
    fine: [rule({ timeout: '1.5s', corsPolicy: { maxAge: '24h' } })],
  },
  {
    check: 'VS17: retries without attempts',
    bad: rule({ retries: { retryOn: '5xx' } }),
    tells: [`webhook missing-field ${at}.retries`],
    fine: [rule({ retries: { attempts: 0 } }), rule({ retries: { attempts: 2, retryOn: '5xx,reset,503' } })],
  },
  {
    check: 'VS17: no attempts with settings',
    bad: rule({ retries: { attempts: 0, perTryTimeout: '1s' } }),
    tells: [`webhook malformed-value ${at}.retries.attempts`],
    fine: [],
  },
  {
    check: 'VS17: a space in retryOn',
    bad: rule({ retries: { attempts: -1, retryOn: '5xx, reset' } }),
    tells: [`webhook out-of-range ${at}.retries.attempts`, `webhook malformed-value ${at}.retries.retryOn`],
    fine: [],
  },
  {
    check: 'VS18: faults',
    bad: rule({ fault: {} }),
    tells: [`webhook malformed-value ${at}.fault`],
    fine: [rule({ fault: { abort: { percentage: { value: 5 } } } })],
  },
  {
    check: 'VS18: parts of faults',
    bad: rule({ fault: { abort: { grpcStatus: 'NOPE', percentage: { value: 0.00001 } }, delay: { exponentialDelay: '1s' } } }),
    tells: [
      `webhook malformed-value ${at}.fault.delay.exponentialDelay`,
      `webhook unknown-value ${at}.fault.abort.grpcStatus`,
      `webhook out-of-range ${at}.fault.abort.percentage.value`,
    ],
    fine: [rule({ fault: { abort: { grpcStatus: 'UNAVAILABLE', percentage: { value: 0 } } } })],
  },
  {
    check: 'VS20, VS21: percentages of mirrors',
    bad: rule({ mirrors: [{ destination: { host: 'a.example' }, percentage: { value: 150 } }], mirrorPercent: 101, mirrorPercentage: { value: -1 } }),
    tells: [
      `webhook out-of-range ${at}.mirrors[0].percentage.value`,
      `webhook out-of-range ${at}.mirrorPercent`,
      `webhook out-of-range ${at}.mirrorPercentage.value`,
    ],
    fine: [],
  },
  {
    check: 'VS22: CORS',
    bad: rule({ corsPolicy: { allowOrigins: [{}, { regex: '(' }], allowMethods: ['FETCH'], allowHeaders: ['bad header'] } }),
    tells: [
      `webhook malformed-value ${at}.corsPolicy.allowOrigins[0]`,
      `webhook malformed-value ${at}.corsPolicy.allowOrigins[1].regex`,
      `webhook unknown-value ${at}.corsPolicy.allowMethods[0]`,
      `webhook malformed-value ${at}.corsPolicy.allowHeaders[0]`,
    ],
    fine: [rule({ corsPolicy: { allowOrigins: [{ exact: 'https://a.example' }], allowMethods: ['*'], exposeHeaders: ['*', 'x-a'] } })],
  },
  {
    check: 'VS23: destinations',
    bad: to({ host: '*', subset: 'A_1', port: { number: 0 } }),
    tells: [
      `webhook malformed-value ${at}.route[0].destination.host`,
      `webhook malformed-value ${at}.route[0].destination.subset`,
      `webhook out-of-range ${at}.route[0].destination.port.number`,
    ],
    fine: [to({ host: 'rates', subset: '', port: { number: 80 } })],
  },
  { check: 'VS23: a port without number', bad: to({ host: 'rates', port: {} }), tells: [`webhook missing-field ${at}.route[0].destination.port`], fine: [] },
  {
    check: 'VS24: weights',
    bad: only({ route: [{ ...route[0], weight: 0 }, { ...route[0] }] }),
    tells: [`webhook malformed-value ${at}.route`],
    fine: [only({ route: [{ ...route[0], weight: 0 }] }), only({ route: [{ ...route[0], weight: 1 }, { ...route[0] }] })],
  },
  {
    check: 'VS24: a negative weight',
    bad: only({ route: [{ ...route[0], weight: -5 }, { ...route[0] }] }),
    tells: [`webhook out-of-range ${at}.route[0].weight`],
    fine: [],
  },
  {
    check: 'a weight of more than 31 bits',
    bad: only({ route: [{ ...route[0], weight: 2_147_483_648 }] }),
    tells: [`api-server out-of-range ${at}.route[0].weight`],
    fine: [],
  },
];

const matches: readonly Row[] = [
  {
    check: 'VS10: empty prefixes',
    bad: match({ authority: { prefix: '' }, headers: { 'x-a': { prefix: '' } } }),
    tells: [`webhook malformed-value ${at}.match[0].authority.prefix`, `webhook malformed-value ${at}.match[0].headers["x-a"].prefix`],
    fine: [match({ uri: { prefix: '' }, authority: { exact: '' } })],
  },
  {
    check: 'VS10: regular expressions',
    bad: match({ uri: { regex: '[' }, method: { regex: '' } }),
    tells: [`webhook malformed-value ${at}.match[0].uri.regex`, `webhook malformed-value ${at}.match[0].method.regex`],
    fine: [match({ uri: { regex: '/v[0-9]+/.*' } })],
  },
  {
    check: 'VS10: a star for a header',
    bad: match({ headers: { 'x-a': { regex: '*' } } }),
    tells: [`webhook malformed-value ${at}.match[0].headers["x-a"].regex`],
    fine: [match({ withoutHeaders: { 'x-a': { regex: '*' } } })],
  },
  {
    check: 'VS10: names of headers',
    bad: match({ headers: { 'bad header': { exact: 'a' } }, withoutHeaders: { 'a:': {} } }),
    tells: [`webhook malformed-value ${at}.match[0].headers["bad header"]`, `webhook malformed-value ${at}.match[0].withoutHeaders["a:"]`],
    fine: [match({ headers: { ':method': { exact: 'GET' } } })],
  },
  {
    check: 'VS10: port, labels, namespace',
    bad: match({ port: 70_000, sourceLabels: { 'a b': 'c' }, sourceNamespace: 'a.b' }),
    tells: [
      `webhook out-of-range ${at}.match[0].port`,
      `webhook malformed-value ${at}.match[0].sourceLabels["a b"]`,
      `webhook malformed-value ${at}.match[0].sourceNamespace`,
    ],
    fine: [match({ port: 0, sourceNamespace: '' })],
  },
  {
    check: 'VS6: gateways of a match',
    bad: match({ gateways: ['a/'] }),
    tells: [`webhook malformed-value ${at}.match[0].gateways[0]`],
    fine: [match({ gateways: ['mesh'] })],
  },
];

holdTable('VirtualService', [...whole, ...actions, ...matches]);

describe('what checks do not look at', () => {
  test('a list that holds template text', () => {
    expect(problemsOf('VirtualService', { ...base, hosts: ['{{ .Values.host }}', '*'] })).toEqual([]);
  });
  test('a field of a wrong type: that is the problem', () => {
    expect(problemsOf('VirtualService', { hosts: base.hosts, http: {} }).map(({ type }) => type)).toEqual(['wrong-type']);
  });
  test('snake_case counts as written', () => {
    const spec = { hosts: ['rates.bank.example'], http: [{ redirect: { derive_port: 'FROM_REQUEST_PORT' } }] };
    expect(problemsOf('VirtualService', spec).map(({ type }) => type)).toEqual(['snake-case-field']);
  });
});
