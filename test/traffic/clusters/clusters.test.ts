import { describe, expect, test } from 'vitest';
import type { Cluster, MissingCluster } from '../../../src/traffic/clusters/cluster.ts';
import type { ClusterKey } from '../../../src/traffic/terms/decision.ts';
import { modelOf } from '../support.ts';

const ENTRY = `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: partner, namespace: app}
spec:
  hosts: [partner.example]
  location: MESH_EXTERNAL
  resolution: DNS
  subjectAltNames: [partner.example]
  ports:
    - {number: 80, name: http, protocol: HTTP, targetPort: 8080}
    - {number: 443, name: tls, protocol: TLS}
    - {number: 53, name: dns, protocol: UDP}
`;

const rule = (policy: string, more = '') => `
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: partner, namespace: app}
spec: {host: partner.example, trafficPolicy: ${policy}${more}}
`;

const SERVICE = `
apiVersion: v1
kind: Service
metadata: {name: ledger, namespace: app}
spec: {clusterIP: 10.0.0.9, selector: {app: ledger}, ports: [{name: http, port: 80, targetPort: web}]}
`;

const pod = (name: string, more = '', ports = '[{name: web, containerPort: 8088}]') => `
---
apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: app, labels: {app: ledger, version: ${name}${more}}}
spec: {serviceAccountName: sa-${name}, containers: [{name: c, ports: ${ports}}]}
status: {podIP: 10.1.0.${name.length}}
`;

const LEDGER = 'ledger.app.svc.cluster.local';

function clusterOf(text: string, key: Partial<ClusterKey> = {}, kind: 'sidecar' | 'gateway' = 'sidecar'): Cluster | MissingCluster {
  const model = modelOf(text);
  const scope = model.scopeOf({ kind, namespace: 'app', name: undefined, labels: { app: 'client' }, serviceAccount: 'default' });
  return model.clusters.of(scope, { host: 'partner.example', port: 80, subset: '', ...key });
}

function built(...args: Parameters<typeof clusterOf>): Cluster {
  const cluster = clusterOf(...args);
  if ('missing' in cluster) throw new Error(`no cluster: ${cluster.missing}`);
  return cluster;
}

function missing(...args: Parameters<typeof clusterOf>): MissingCluster['missing'] | undefined {
  const cluster = clusterOf(...args);
  return 'missing' in cluster ? cluster.missing : undefined;
}

const addresses = (cluster: Cluster) => cluster.endpoints.map(({ address, port }) => `${address}:${port}`);

/** A second copy of the entry, after the first. */
const later = (text: string) => `---\n${text.replace('name: ', 'name: later-')}`;

describe('R-20: clusters that are not there', () => {
  test.each([
    ['a host that nobody registers', { host: 'other.example' }, 'host'],
    ['a port that the host lacks', { port: 8443 }, 'port'],
    ['a UDP port', { port: 53 }, 'port'],
    ['a subset without a rule', { subset: 'v1' }, 'subset'],
  ] as const)('%s', (_, key, expected) => expect(missing(ENTRY, key)).toBe(expected));

  test('a host that is exported to others', () => expect(missing(ENTRY.replace('spec:', 'spec:\n  exportTo: [other]'))).toBe('hidden-host'));
  test('D-7: a subset whose labels no looked-up endpoint has', () => {
    expect(missing(ENTRY + rule('{}', ', subsets: [{name: v1, labels: {version: v1}}]'), { subset: 'v1' })).toBe('subset-endpoints');
    expect(missing(ENTRY + rule('{}', ', subsets: [{name: v1}]'), { subset: 'v1' })).toBe(undefined);
  });
  test('E-2: a name to look up without one', () =>
    expect(missing(ENTRY.replace('resolution: DNS', 'resolution: DNS\n  workloadSelector: {labels: {app: none}}'))).toBe('endpoints'));
});

describe('E-2, E-3: endpoints', () => {
  const endpoints = (list: string, resolution = 'STATIC') => ENTRY.replace('resolution: DNS', `resolution: ${resolution}\n  endpoints: ${list}`);

  test.each([
    ["without any, the host at the port's target", ENTRY, 'STRICT_DNS', ['partner.example:8080']],
    [
      'ports by name, else the target port',
      endpoints('[{address: 192.0.2.1, ports: {http: 81}}, {address: 192.0.2.2}]'),
      'EDS',
      ['192.0.2.1:81', '192.0.2.2:8080'],
    ],
    ['a socket has no port', endpoints('[{address: "unix:///run/s"}]'), 'EDS', ['/run/s:0']],
    [
      'of several to look up in turn the first counts',
      endpoints('[{address: a.example}, {address: b.example}]', 'DNS_ROUND_ROBIN'),
      'LOGICAL_DNS',
      ['a.example:8080'],
    ],
    [
      'but those of another copy of the host as well, where it stands later',
      endpoints('[{address: a.example}]', 'DNS_ROUND_ROBIN') + later(endpoints('[{address: 192.0.2.1}]', 'STATIC')),
      'LOGICAL_DNS',
      ['a.example:8080', '192.0.2.1:8080'],
    ],
    [
      'and none to look up in turn where another copy of the host stands earlier',
      endpoints('[{address: 192.0.2.1}]', 'STATIC') + later(endpoints('[{address: a.example}]', 'DNS_ROUND_ROBIN')),
      'EDS',
      ['192.0.2.1:8080'],
    ],
    ['none where connections go to where the client dialled', ENTRY.replace('resolution: DNS', 'resolution: NONE'), 'ORIGINAL_DST', []],
  ] as const)('%s', (_, text, type, expected) => {
    const cluster = built(text);
    expect([cluster.type, addresses(cluster)]).toEqual([type, expected]);
  });

  test('G-12: behind a gateway nothing tells where the client dialled', () => {
    const cluster = built(ENTRY.replace('resolution: DNS', 'resolution: NONE'), {}, 'gateway');
    expect([cluster.type, addresses(cluster)]).toEqual(['EDS', []]);
  });

  test('E-13: a target port replaces the one that was dialled, for entries only', () => {
    expect(built(ENTRY.replace('resolution: DNS', 'resolution: NONE')).portOverride).toBe(8080);
    expect(built(SERVICE.replace('10.0.0.9', 'None'), { host: LEDGER }).portOverride).toBe(undefined);
  });

  test('Pods of a Service, by the name of their container port', () => {
    expect(addresses(built(SERVICE + pod('v1') + pod('v20'), { host: LEDGER }))).toEqual(['10.1.0.2:8088', '10.1.0.3:8088']);
  });
  test('a subset has the Pods with its labels', () => {
    const subset = `\n---\napiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: r, namespace: app}\nspec: {host: ledger, subsets: [{name: new, labels: {version: v20}}]}`;
    expect(addresses(built(SERVICE + pod('v1') + pod('v20') + subset, { host: LEDGER, subset: 'new' }))).toEqual(['10.1.0.3:8088']);
  });
  test('a Service without Pods in view has one that is made up', () =>
    expect(addresses(built(SERVICE, { host: LEDGER }))).toEqual(['pod:app/ledger-synth:80']));
  test('V-8: entries of one host and namespace share their endpoints, but names are no addresses to send to', () => {
    const more = (resolution: string, address: string) =>
      `\n---${ENTRY.replace('name: partner', 'name: more').replace('resolution: DNS', `resolution: ${resolution}\n  endpoints: [{address: ${address}}]`)}`;
    const first = endpoints('[{address: 192.0.2.1}]');
    expect(addresses(built(first + more('STATIC', '192.0.2.2')))).toEqual(['192.0.2.1:8080', '192.0.2.2:8080']);
    expect(addresses(built(first + more('DNS', 'b.example')))).toEqual(['192.0.2.1:8080']);
  });
  test('E-4: a workloadSelector picks Pods and WorkloadEntries of the namespace', () => {
    const entry = endpoints('[]').replace('endpoints: []', 'workloadSelector: {labels: {app: ledger}}');
    const workload = `\n---\napiVersion: networking.istio.io/v1\nkind: WorkloadEntry\nmetadata: {name: vm, namespace: app}\nspec: {address: 192.0.2.7, labels: {app: ledger}, ports: {http: 90}}`;
    expect(addresses(built(entry + pod('v1') + workload))).toEqual(['10.1.0.2:8080', '192.0.2.7:90']);
  });
});

describe('D-5, D-6, D-8: TLS', () => {
  const tls = (policy: string, key: Partial<ClusterKey> = {}, subsets = '', kind: 'sidecar' | 'gateway' = 'sidecar') => {
    const { mode, sni, subjectAltNames, verifies } = built(ENTRY + rule(policy, subsets), key, kind).tls;
    return { mode, sni, subjectAltNames, verifies };
  };
  const NONE = { mode: 'NONE', sni: '', subjectAltNames: [], verifies: 'nothing' };
  const SIMPLE = { mode: 'SIMPLE', sni: 'auto', subjectAltNames: ['partner.example'], verifies: 'other' };

  test.each([
    ['SIMPLE takes the host of the request, and the names of the entry', '{tls: {mode: SIMPLE}}', SIMPLE],
    [
      'names that are written come first',
      '{tls: {mode: SIMPLE, sni: s.example, subjectAltNames: [n.example]}}',
      { ...SIMPLE, sni: 's.example', subjectAltNames: ['n.example'] },
    ],
    ['no check', '{tls: {mode: SIMPLE, insecureSkipVerify: true}}', { ...SIMPLE, verifies: 'nothing' }],
    ['DISABLE', '{tls: {mode: DISABLE}}', NONE],
    ['D-11: no mode', '{tls: {sni: s.example}}', NONE],
    ['MUTUAL', '{tls: {mode: MUTUAL, clientCertificate: /c, privateKey: /k}}', { ...SIMPLE, mode: 'MUTUAL' }],
    ['D-11: MUTUAL without a certificate', '{tls: {mode: MUTUAL}}', NONE],
    ['D-10: a Secret, in a sidecar', '{tls: {mode: SIMPLE, credentialName: c}}', NONE],
    [
      'ISTIO_MUTUAL',
      '{tls: {mode: ISTIO_MUTUAL}}',
      { mode: 'ISTIO_MUTUAL', sni: 'outbound_.80_._.partner.example', subjectAltNames: ['partner.example'], verifies: 'mesh' },
    ],
    ['the entry for the port alone', '{tls: {mode: SIMPLE}, portLevelSettings: [{port: {number: 80}, connectionPool: {tcp: {maxConnections: 1}}}]}', NONE],
    ['no entry for the port', '{tls: {mode: SIMPLE}, portLevelSettings: [{port: {number: 8080}, tls: {mode: DISABLE}}]}', SIMPLE],
  ] as const)('%s', (_, policy, expected) => expect(tls(policy)).toEqual(expected));

  test('D-10: a Secret, in a gateway, or for some Pods', () => {
    const policy = '{tls: {mode: SIMPLE, credentialName: c}}';
    expect(tls(policy, {}, '', 'gateway').mode).toBe('SIMPLE');
    expect(tls(policy, {}, ', workloadSelector: {matchLabels: {app: client}}').mode).toBe('SIMPLE');
  });

  test.each([
    ['replaces what it says', '{tls: {mode: DISABLE}}', 'NONE'],
    ['leaves what it does not say', '{connectionPool: {tcp: {maxConnections: 1}}}', 'SIMPLE'],
    ['clears all by an entry for the port', '{portLevelSettings: [{port: {number: 80}, connectionPool: {tcp: {maxConnections: 1}}}]}', 'NONE'],
  ] as const)('D-6: the policy of a subset %s', (_, own, mode) => {
    expect(tls('{tls: {mode: SIMPLE}}', { subset: 'v1' }, `, subsets: [{name: v1, trafficPolicy: ${own}}]`).mode).toBe(mode);
  });
});

describe('D-9: mTLS by itself', () => {
  const tls = (text: string) => {
    const { mode, isAutomatic } = built(text, { host: LEDGER }).tls;
    return [mode, isAutomatic];
  };
  const policy = (mode: string, more = '') =>
    `\n---\napiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: p, namespace: app}\nspec: {mtls: {mode: ${mode}}${more}}`;
  const headless = SERVICE.replace('10.0.0.9', 'None');

  test.each([
    ['to Pods that announce it', SERVICE + pod('v1'), ['ISTIO_MUTUAL', true]],
    ['not where the namespace has switched it off', SERVICE + pod('v1') + policy('DISABLE'), ['NONE', false]],
    ['but where some Pods have', SERVICE + pod('v1') + policy('DISABLE', ', selector: {matchLabels: {app: ledger}}'), ['ISTIO_MUTUAL', true]],
    ['to all of a headless Service', headless + pod('v1'), ['ISTIO_MUTUAL', false]],
    ['to none of them if one does not announce it', headless + pod('v1') + pod('v20', ', sidecar.istio.io/inject: "false"'), ['NONE', false]],
  ] as const)('%s', (_, text, expected) => expect(tls(text)).toEqual(expected));

  test('not to what is outside', () => expect(built(ENTRY).tls.mode).toBe('NONE'));
  test('which endpoints announce it', () => {
    const cluster = built(SERVICE + pod('v1') + pod('v20', ', istio: egressgateway'), { host: LEDGER });
    expect(cluster.endpoints.map(({ takesMeshTls }) => takesMeshTls)).toEqual([true, false]);
    expect(cluster.tls.subjectAltNames).toEqual(['spiffe://cluster.local/ns/app/sa/sa-v1', 'spiffe://cluster.local/ns/app/sa/sa-v20']);
  });
});
