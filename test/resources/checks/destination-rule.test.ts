import { holdTable, type Row } from './told.ts';

const base = { host: 'rates.bank.example' };
const policy = (trafficPolicy: object) => ({ ...base, trafficPolicy });
const tls = (settings: object) => policy({ tls: settings });
const port = (settings: object) => policy({ portLevelSettings: [settings] });
const balance = (loadBalancer: object) => policy({ loadBalancer });
const hash = (consistentHash: object) => balance({ consistentHash });
const locality = (localityLbSetting: object) => balance({ localityLbSetting });
const zone = (zoneAwareLbSetting: object) => balance({ zoneAwareLbSetting });
const pool = (connectionPool: object) => policy({ connectionPool });
const outlier = (outlierDetection: object) => policy({ outlierDetection });
const subsets = (...list: object[]) => ({ ...base, subsets: list });
const at = 'spec.trafficPolicy';

const rows: readonly Row[] = [
  {
    check: 'DR1: the host',
    bad: { host: 'https://rates.bank.example' },
    tells: ['webhook malformed-value spec.host'],
    fine: [{ host: '*' }, { host: '*.bank.example' }, { host: 'rates' }],
  },
  { check: 'DR1: no host', bad: {}, tells: ['api-server missing-field spec'], fine: [] },
  { check: 'DR2: an empty policy', bad: policy({}), tells: [`webhook malformed-value ${at}`], fine: [base, policy({ retryBudget: {} })] },
  {
    check: 'DR2: in a subset',
    bad: subsets({ name: 'a', trafficPolicy: { portLevelSettings: [] } }),
    tells: ['webhook malformed-value spec.subsets[0].trafficPolicy'],
    fine: [],
  },
  {
    check: 'DR2: a misspelt setting is the one problem',
    bad: policy({ portLevelSetting: [] }),
    tells: [`strict-client unknown-field ${at}.portLevelSetting`],
    fine: [],
  },
  {
    check: 'DR3: tunnel and PROXY protocol',
    bad: policy({ tunnel: { targetHost: 'a.example', targetPort: 443 }, proxyProtocol: {} }),
    tells: [`webhook conflicting-fields ${at}.proxyProtocol`],
    fine: [],
  },
  {
    check: 'DR4: tunnel',
    bad: policy({ tunnel: { protocol: 'connect', targetHost: '*.example', targetPort: 0 } }),
    tells: [`webhook unknown-value ${at}.tunnel.protocol`, `webhook malformed-value ${at}.tunnel.targetHost`, `webhook out-of-range ${at}.tunnel.targetPort`],
    fine: [policy({ tunnel: { protocol: 'POST', targetHost: '::1', targetPort: 3128 } })],
  },
  {
    check: 'DR5: MUTUAL without certificate',
    bad: tls({ mode: 'MUTUAL' }),
    tells: [`webhook missing-field ${at}.tls`],
    fine: [tls({ mode: 'MUTUAL', credentialName: 'a' }), tls({ mode: 'SIMPLE' }), tls({})],
  },
  {
    check: 'DR5: MUTUAL without key',
    bad: tls({ mode: 'MUTUAL', clientCertificate: '/a' }),
    tells: [`webhook missing-field ${at}.tls`],
    fine: [tls({ mode: 'MUTUAL', clientCertificate: '/a', privateKey: '/b' })],
  },
  {
    check: 'DR6: Secret and files',
    bad: port({ port: { number: 443 }, tls: { mode: 'SIMPLE', credentialName: 'a', caCertificates: '/ca' } }),
    tells: [`webhook conflicting-fields ${at}.portLevelSettings[0].tls.credentialName`],
    fine: [tls({ mode: 'ISTIO_MUTUAL', credentialName: 'a', caCertificates: '/ca' })],
  },
  {
    check: 'DR7: verifying nothing',
    bad: tls({ mode: 'SIMPLE', insecureSkipVerify: true, subjectAltNames: ['a'] }),
    tells: [`webhook conflicting-fields ${at}.tls.insecureSkipVerify`],
    fine: [tls({ mode: 'SIMPLE', insecureSkipVerify: false, subjectAltNames: ['a'] }), tls({ mode: 'MUTUAL', insecureSkipVerify: true, credentialName: 'a' })],
  },
  {
    check: 'DR8: a ConfigMap elsewhere',
    bad: tls({ mode: 'SIMPLE', credentialName: 'configmap://pay/ca' }),
    tells: [`webhook malformed-value ${at}.tls.credentialName`],
    fine: [tls({ mode: 'SIMPLE', credentialName: 'configmap://shop/ca' }), tls({ mode: 'SIMPLE', credentialName: 'kubernetes://pay/ca' })],
  },
  {
    check: 'DR8: half a ConfigMap',
    bad: tls({ mode: 'SIMPLE', credentialName: 'configmap://ca' }),
    tells: [`webhook malformed-value ${at}.tls.credentialName`],
    fine: [],
  },
  {
    check: 'DR9: no port',
    bad: port({ tls: { mode: 'SIMPLE' } }),
    tells: [`webhook missing-field ${at}.portLevelSettings[0]`],
    fine: [port({ port: {}, tls: { mode: 'SIMPLE' } })],
  },
  { check: 'DR9: no setting', bad: port({ port: { number: 443 } }), tells: [`webhook malformed-value ${at}.portLevelSettings[0]`], fine: [] },
  {
    check: 'DR10: names of subsets',
    bad: subsets({ name: 'a' }, { name: 's_2' }, { name: '' }, { name: 'a' }),
    tells: ['webhook malformed-value spec.subsets[1].name', 'webhook malformed-value spec.subsets[2].name', 'webhook malformed-value spec.subsets[3].name'],
    fine: [subsets({ name: 'a' }, { name: 'b' })],
  },
  {
    check: 'DR11: labels of subsets',
    bad: subsets({ name: 'a', labels: { 'bad key!': 'x' } }),
    tells: ['webhook malformed-value spec.subsets[0].labels["bad key!"]'],
    fine: [subsets({ name: 'a', labels: { 'topology.kubernetes.io/zone': 'eu-1' } })],
  },
  {
    check: "DR12: failures of one's own",
    bad: outlier({ consecutiveLocalOriginFailures: 3 }),
    tells: [`webhook missing-field ${at}.outlierDetection`],
    fine: [outlier({ consecutiveLocalOriginFailures: 0 }), outlier({ consecutiveLocalOriginFailures: 3, splitExternalLocalOriginErrors: true })],
  },
  {
    check: 'DR12: the switch is off',
    bad: outlier({ consecutiveLocalOriginFailures: 3, splitExternalLocalOriginErrors: false }),
    tells: [`webhook conflicting-fields ${at}.outlierDetection.consecutiveLocalOriginFailures`],
    fine: [],
  },
  {
    check: 'DR12: percentages, durations, codes',
    bad: outlier({ interval: '0s', maxEjectionPercent: 101, minHealthPercent: -1, outlierDetectionHttpErrorCodes: [99] }),
    tells: [
      `api-server out-of-range ${at}.outlierDetection.interval`,
      `webhook out-of-range ${at}.outlierDetection.maxEjectionPercent`,
      `webhook out-of-range ${at}.outlierDetection.minHealthPercent`,
      `api-server out-of-range ${at}.outlierDetection.outlierDetectionHttpErrorCodes[0]`,
    ],
    fine: [outlier({})],
  },
  { check: 'DR14: an empty pool', bad: pool({}), tells: [`webhook malformed-value ${at}.connectionPool`], fine: [pool({ http: {} })] },
  {
    check: 'DR14: parts of a pool',
    bad: pool({
      tcp: { maxConnections: -1, idleTimeout: '-1s', connectTimeout: '500us' },
      http: { h2UpgradePolicy: 'UPGRADE', useClientProtocol: true, http2KeepAlive: { interval: '1s' } },
    }),
    tells: [
      `webhook out-of-range ${at}.connectionPool.tcp.maxConnections`,
      `api-server out-of-range ${at}.connectionPool.tcp.connectTimeout`,
      `webhook out-of-range ${at}.connectionPool.tcp.idleTimeout`,
      `webhook missing-field ${at}.connectionPool.http.http2KeepAlive`,
      `webhook conflicting-fields ${at}.connectionPool.http.useClientProtocol`,
    ],
    fine: [pool({ tcp: { idleTimeout: '0s' } })],
  },
  {
    check: 'DR15: a cookie',
    bad: hash({ httpCookie: { name: '', attributes: [{ name: 'a' }, { name: 'a' }] } }),
    tells: [
      `webhook malformed-value ${at}.loadBalancer.consistentHash.httpCookie.name`,
      `webhook malformed-value ${at}.loadBalancer.consistentHash.httpCookie.attributes[1].name`,
    ],
    fine: [hash({ httpCookie: { name: 'a', ttl: '0s' } })],
  },
  {
    check: 'DR15: a table of 10',
    bad: hash({ useSourceIp: true, maglev: { tableSize: 10 } }),
    tells: [`webhook malformed-value ${at}.loadBalancer.consistentHash.maglev.tableSize`],
    fine: [hash({ useSourceIp: true, maglev: { tableSize: 65_537 } })],
  },
  {
    check: 'DR15: no table, too large a table',
    bad: hash({ useSourceIp: true, maglev: {} }),
    tells: [`webhook missing-field ${at}.loadBalancer.consistentHash.maglev`],
    fine: [],
  },
  {
    check: 'DR15: too large a table',
    bad: hash({ useSourceIp: true, maglev: { tableSize: 5_000_011 } }),
    tells: [`webhook out-of-range ${at}.loadBalancer.consistentHash.maglev.tableSize`],
    fine: [],
  },
  {
    check: 'DR15: two sizes of the ring',
    bad: hash({ useSourceIp: true, minimumRingSize: 5, ringHash: {} }),
    tells: [`webhook conflicting-fields ${at}.loadBalancer.consistentHash.minimumRingSize`],
    fine: [hash({ useSourceIp: true, minimumRingSize: 0, ringHash: {} })],
  },
  {
    check: 'DR17: both kinds of locality',
    bad: balance({ localityLbSetting: {}, zoneAwareLbSetting: {} }),
    tells: [`webhook conflicting-fields ${at}.loadBalancer.zoneAwareLbSetting`],
    fine: [],
  },
  {
    check: 'DR17: distribute and failover',
    bad: locality({ distribute: [{ from: 'a', to: { b: 100 } }], failover: [{ from: 'a', to: 'b' }] }),
    tells: [`webhook conflicting-fields ${at}.loadBalancer.localityLbSetting.failover`],
    fine: [],
  },
  {
    check: 'DR17: weights',
    bad: locality({
      distribute: [
        { from: 'a/*', to: { 'a/*': 80 } },
        { from: 'b', to: { a: 0, b: 100 } },
      ],
    }),
    tells: [
      `webhook malformed-value ${at}.loadBalancer.localityLbSetting.distribute[0].to`,
      `webhook out-of-range ${at}.loadBalancer.localityLbSetting.distribute[1].to.a`,
    ],
    fine: [locality({ distribute: [{ from: 'a/*', to: { 'a/*': 80, b: 20 } }] })],
  },
  {
    check: 'DR17: localities that overlap',
    bad: locality({
      distribute: [
        { from: 'a', to: { c: 100 } },
        { from: 'a/b', to: { c: 100 } },
      ],
    }),
    tells: [`webhook malformed-value ${at}.loadBalancer.localityLbSetting.distribute[1].from`],
    fine: [
      locality({
        distribute: [
          { from: 'a/b/c', to: { c: 100 } },
          { from: 'a/b/*', to: { c: 100 } },
          { from: '*', to: { c: 100 } },
        ],
      }),
    ],
  },
  {
    check: 'DR17: malformed localities',
    bad: locality({ distribute: [{ from: 'a//c', to: { '*/c': 100 } }] }),
    tells: [
      `webhook malformed-value ${at}.loadBalancer.localityLbSetting.distribute[0].to["*/c"]`,
      `webhook malformed-value ${at}.loadBalancer.localityLbSetting.distribute[0].from`,
    ],
    fine: [locality({ distribute: [{ from: 'a', to: { 'b/c': 50, 'b/*': 50 } }] })],
  },
  {
    check: 'DR17: failover',
    bad: locality({
      failover: [
        { from: 'a/b', to: 'c' },
        { from: 'a', to: 'a' },
      ],
    }),
    tells: [
      `webhook malformed-value ${at}.loadBalancer.localityLbSetting.failover[0].from`,
      `webhook malformed-value ${at}.loadBalancer.localityLbSetting.failover[1].to`,
    ],
    fine: [locality({ failoverPriority: ['topology.kubernetes.io/region'] })],
  },
  {
    check: 'DR17: failover by topology',
    bad: locality({ failover: [{ from: 'a', to: 'b' }], failoverPriority: ['app', 'topology.istio.io/subzone'] }),
    tells: [`webhook conflicting-fields ${at}.loadBalancer.localityLbSetting.failoverPriority[1]`],
    fine: [],
  },
  {
    check: 'DR17: zones by topology',
    bad: zone({ failoverPriority: ['topology.kubernetes.io/zone'], minClusterSize: 0 }),
    tells: [
      `webhook malformed-value ${at}.loadBalancer.zoneAwareLbSetting.failoverPriority[0]`,
      `api-server out-of-range ${at}.loadBalancer.zoneAwareLbSetting.minClusterSize`,
    ],
    fine: [zone({ failoverPriority: ['app'] })],
  },
  {
    check: 'DR19: warmup',
    bad: balance({ warmup: { aggression: 0, minimumPercent: 101 } }),
    tells: [
      `api-server missing-field ${at}.loadBalancer.warmup`,
      `api-server out-of-range ${at}.loadBalancer.warmup.minimumPercent`,
      `webhook out-of-range ${at}.loadBalancer.warmup.aggression`,
    ],
    fine: [balance({ warmup: { duration: '10s', aggression: 0.5 }, warmupDurationSecs: '1500us' })],
  },
  {
    check: 'DR21: selectors',
    bad: { ...base, workloadSelector: { matchLabels: { '': 'a', 'b*': 'c', d: 'e*' } } },
    tells: [
      'api-server malformed-value spec.workloadSelector.matchLabels.d',
      'api-server malformed-value spec.workloadSelector.matchLabels[""]',
      'api-server malformed-value spec.workloadSelector.matchLabels["b*"]',
    ],
    fine: [{ ...base, workloadSelector: {} }],
  },
  {
    check: 'DR22: one way to balance',
    bad: balance({ simple: 'RANDOM', consistentHash: { useSourceIp: true } }),
    tells: [`api-server conflicting-fields ${at}.loadBalancer.simple`],
    fine: [],
  },
  {
    check: 'DR23: a budget',
    bad: policy({ retryBudget: { percent: 120, budgetInterval: 'soon' } }),
    tells: [`api-server out-of-range ${at}.retryBudget.percent`, `webhook malformed-value ${at}.retryBudget.budgetInterval`],
    fine: [policy({ retryBudget: { percent: 100, budgetInterval: '0s' } })],
  },
  { check: 'no spec', bad: undefined, tells: ['webhook missing-field '], fine: [] },
];

holdTable('DestinationRule', rows);
