import { holdTable, type Row } from './told.ts';

const rules = (...list: object[]) => ({ rules: list });
const from = (source: object) => rules({ from: [{ source }] });
const to = (operation: object) => rules({ to: [{ operation }] });
const when = (...list: object[]) => rules({ when: list });
const SOURCE = 'spec.rules[0].from[0].source';
const OPERATION = 'spec.rules[0].to[0].operation';
const target = (kind: string, group: string) => ({ targetRefs: [{ kind, group, name: 'rates' }] });
const GATEWAY_API = 'gateway.networking.k8s.io';

const rows: readonly Row[] = [
  {
    check: 'AP1: two sorts of targets',
    bad: { selector: {}, targetRefs: [] },
    tells: ['api-server conflicting-fields spec.selector'],
    fine: [{ selector: {} }, target('Gateway', GATEWAY_API), {}],
  },
  {
    check: 'AP2: kinds that policies are not attached to',
    bad: {
      targetRefs: [
        { kind: 'Deployment', group: 'apps', name: 'a' },
        { kind: 'Gateway', group: 'networking.istio.io', name: 'a' },
        { kind: 'GatewayClass', name: 'a' },
      ],
    },
    tells: [
      'webhook malformed-value spec.targetRefs[0].kind',
      'webhook malformed-value spec.targetRefs[1].group',
      'webhook malformed-value spec.targetRefs[2]',
    ],
    fine: [target('Service', ''), target('Service', 'core'), target('ServiceEntry', 'networking.istio.io'), target('GatewayClass', GATEWAY_API)],
  },
  {
    check: 'AP2: what a reference holds',
    bad: { targetRef: { kind: 'a b', group: 'A', name: '', namespace: 'shop' } },
    tells: [
      'api-server malformed-value spec.targetRef.group',
      'api-server malformed-value spec.targetRef.kind',
      'api-server out-of-range spec.targetRef.name',
      'api-server malformed-value spec.targetRef.namespace',
      'webhook malformed-value spec.targetRef.kind',
    ],
    fine: [{ targetRef: { kind: 'Service', name: 'rates', namespace: '' } }],
  },
  {
    check: 'AP3: DENY without rules',
    bad: { action: 'DENY' },
    tells: ['webhook missing-field spec'],
    fine: [{ action: 'DENY', rules: [{}] }, { action: 'ALLOW' }, {}],
  },
  { check: 'AP3: CUSTOM with an empty list', bad: { action: 'CUSTOM', rules: [] }, tells: ['webhook out-of-range spec.rules'], fine: [] },
  {
    check: 'AP4: CUSTOM without provider',
    bad: { action: 'CUSTOM', rules: [{}] },
    tells: ['webhook missing-field spec'],
    fine: [{ action: 'CUSTOM', rules: [{}], provider: { name: 'opa' } }],
  },
  { check: 'AP4: a provider without name', bad: { action: 'CUSTOM', rules: [{}], provider: {} }, tells: ['webhook missing-field spec.provider'], fine: [] },
  { check: 'AP4: a provider without CUSTOM', bad: { provider: { name: 'opa' } }, tells: ['webhook conflicting-fields spec.provider'], fine: [] },
  {
    check: 'AP4: identities with CUSTOM',
    bad: {
      action: 'CUSTOM',
      provider: { name: 'opa' },
      rules: [{ from: [{ source: { notPrincipals: ['*'] } }], when: [{ key: 'request.auth.claims[iss]', values: ['a'] }] }],
    },
    tells: ['webhook conflicting-fields spec.rules[0].from[0].source.notPrincipals', 'webhook conflicting-fields spec.rules[0].when[0].key'],
    fine: [
      {
        action: 'CUSTOM',
        provider: { name: 'opa' },
        rules: [{ from: [{ source: { ipBlocks: ['10.0.0.1'] } }], when: [{ key: 'source.ip', values: ['10.0.0.1'] }] }],
      },
    ],
  },
  {
    check: 'AP5: nothing said',
    bad: rules({ from: [{}, { source: {} }], to: [{}, { operation: { hosts: [] } }] }),
    tells: [
      'webhook missing-field spec.rules[0].from[0]',
      'webhook malformed-value spec.rules[0].from[1].source',
      'webhook missing-field spec.rules[0].to[0]',
      'webhook malformed-value spec.rules[0].to[1].operation',
    ],
    fine: [rules({}), rules({ from: [], to: [] })],
  },
  {
    check: 'AP5: empty texts',
    bad: rules({ from: [{ source: { principals: [''], namespaces: ['a', ''] } }], to: [{ operation: { hosts: [''], methods: [''], paths: [''] } }] }),
    tells: [
      `webhook malformed-value ${SOURCE}.principals[0]`,
      `webhook malformed-value ${SOURCE}.namespaces[1]`,
      `webhook malformed-value ${OPERATION}.hosts[0]`,
      `webhook malformed-value ${OPERATION}.methods[0]`,
      `webhook malformed-value ${OPERATION}.paths[0]`,
    ],
    fine: [],
  },
  {
    check: 'AP6: service accounts beside what they include',
    bad: from({ serviceAccounts: ['shop/web'], notNamespaces: [] }),
    tells: [`api-server conflicting-fields ${SOURCE}.serviceAccounts`],
    fine: [from({ serviceAccounts: ['shop/web'], ipBlocks: ['10.0.0.0/8'] })],
  },
  {
    check: 'AP6: forms of service accounts and trust domains',
    bad: from({ serviceAccounts: ['', 'a/b/c', '/web', 'shop/', '*'], trustDomains: ['', 'a/b', 'a*b', '*a*'] }),
    tells: [
      ...[0, 1, 2, 3, 4].map((index) => `webhook malformed-value ${SOURCE}.serviceAccounts[${index}]`),
      ...[0, 1, 2, 3].map((index) => `webhook malformed-value ${SOURCE}.trustDomains[${index}]`),
    ],
    fine: [from({ serviceAccounts: ['web', 'shop/web'] }), from({ trustDomains: ['cluster.local', '*', '*.local', 'cluster.*'] })],
  },
  {
    check: 'AP6: addresses',
    bad: from({ ipBlocks: ['10.0.0.0/33'], notRemoteIpBlocks: ['shop'] }),
    tells: [`webhook malformed-value ${SOURCE}.ipBlocks[0]`, `webhook malformed-value ${SOURCE}.notRemoteIpBlocks[0]`],
    fine: [from({ ipBlocks: ['10.0.0.1/8', '::1'] })],
  },
  {
    check: 'AP7: ports',
    bad: to({ ports: ['443-445', '65536', '', '-1', 'https'] }),
    tells: [0, 1, 2, 3, 4].map((index) => `webhook malformed-value ${OPERATION}.ports[${index}]`),
    fine: [to({ ports: ['0', '8443', '00080'] })],
  },
  {
    check: 'AP8: paths',
    bad: to({ paths: ['/{**}/{*}', '/a{*}', '/{id}/a', '/{*}/a#b', '/{*}/*'] }),
    tells: [0, 1, 2, 3, 4].map((index) => `webhook malformed-value ${OPERATION}.paths[${index}]`),
    fine: [to({ paths: ['/a*', '*', '/{*}/a/{**}', '/a#b', '/{**}'] })],
  },
  {
    check: 'AP9: attributes',
    bad: when(
      { key: '' },
      { key: 'destination.host', values: ['a'] },
      { key: 'destination.labels[app]', values: ['a'] },
      { key: 'request.headers', values: ['a'] },
      { key: 'request.auth.claims[]', values: ['a'] },
      { key: 'connection.sni' },
    ),
    tells: [
      'webhook malformed-value spec.rules[0].when[0].key',
      'webhook unknown-value spec.rules[0].when[1].key',
      'webhook malformed-value spec.rules[0].when[2].key',
      'webhook malformed-value spec.rules[0].when[3].key',
      'webhook malformed-value spec.rules[0].when[4].key',
      'webhook missing-field spec.rules[0].when[5]',
    ],
    fine: [when({ key: 'request.headers[User-Agent]', notValues: ['a'] }, { key: 'experimental.envoy.filters.network.mysql_proxy[a.b]', values: ['a'] })],
  },
  {
    check: 'AP9: values',
    bad: when(
      { key: 'source.ip', values: ['shop', ''] },
      { key: 'destination.port', notValues: ['80-90'] },
      { key: 'source.serviceAccount', values: ['a/b/c'] },
      { key: 'source.trustDomain', values: ['a*b'] },
      { key: 'connection.sni', values: [''] },
    ),
    tells: [
      'webhook malformed-value spec.rules[0].when[0].values[0]',
      'webhook malformed-value spec.rules[0].when[0].values[1]',
      'webhook malformed-value spec.rules[0].when[1].notValues[0]',
      'webhook malformed-value spec.rules[0].when[2].values[0]',
      'webhook malformed-value spec.rules[0].when[3].values[0]',
      'webhook malformed-value spec.rules[0].when[4].values[0]',
    ],
    fine: [
      when({ key: 'source.ip', values: ['10.0.0.0/8'] }, { key: 'source.trustDomain', values: ['a/b'] }, { key: 'connection.sni', values: ['*.example.com'] }),
    ],
  },
  {
    check: 'AP11: a dry run of neither',
    bad: {},
    metadata: { annotations: { 'istio.io/dry-run': 'yes' } },
    tells: ['webhook malformed-value metadata.annotations["istio.io/dry-run"]'],
    fine: [],
  },
  {
    check: 'AP11: a dry run of an action that has none',
    bad: { action: 'AUDIT' },
    metadata: { annotations: { 'istio.io/dry-run': 'true' } },
    tells: ['webhook malformed-value metadata.annotations["istio.io/dry-run"]'],
    fine: [{ action: 'DENY', rules: [{}] }, {}],
  },
  // An item that could not be read may be what is missing.
  {
    check: 'a misspelt source',
    bad: rules({ from: [{ sources: { principals: ['a'] } }] }),
    tells: ['strict-client unknown-field spec.rules[0].from[0].sources'],
    fine: [],
  },
];

holdTable('AuthorizationPolicy', rows);
