import { describe, expect, test } from 'vitest';
import { Authorization } from '../../../src/traffic/policy/authorization.ts';
import type { AuthorizedConnection } from '../../../src/traffic/policy/authorization-rule.ts';
import { captureVerdict } from '../../../src/traffic/policy/capture-verdict.ts';
import { networkPolicyVerdict } from '../../../src/traffic/policy/network-policy-verdict.ts';
import { answerProbe } from '../../../src/traffic/probes/probe.ts';
import { TrafficModel } from '../../../src/traffic/traffic-model.ts';
import { meshOf, only } from '../../support/mesh-of.ts';

const policy = (spec: string, namespace = 'edge', name = 'exits'): string => `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: ${name}, namespace: ${namespace} }
spec: ${spec}
---
`;

const CONNECTION: AuthorizedConnection = {
  chain: 'http',
  peer: { namespace: 'shop', serviceAccount: 'web', trustDomain: 'mesh.example' },
  sni: 'rates.bank.example',
  port: 8443,
  request: { method: 'GET', path: '/v1/rates?day=today', authority: 'rates.bank.example', headers: { 'x-team': 'red' }, version: 'HTTP/1.1' },
};

const EXITS = { namespace: 'edge', labels: { app: 'exits' } };

/** What policies make of a connection: the names of those that are to blame, or that it passes. */
function refusedBy(
  text: string,
  change: Partial<AuthorizedConnection> = {},
  proxy: { readonly namespace: string; readonly labels: Record<string, string> } = EXITS,
): string {
  const verdict = new Authorization(meshOf(text)).verdict(proxy, { ...CONNECTION, ...change });
  return verdict ? verdict.because.map(({ resource }) => resource.name).join() : 'passes';
}

describe('AuthorizationPolicies', () => {
  const rule = (text: string, action = 'ALLOW'): string => policy(`{ action: ${action}, rules: [${text}] }`);

  test.each([
    ['no policy', '', 'passes'],
    ['nothing allowed', policy('{}'), 'exits'],
    ['everything allowed', rule('{}'), 'passes'],
    ['everything denied', rule('{}', 'DENY'), 'exits'],
    ['denied before allowed', rule('{}') + policy('{ action: DENY, rules: [{ to: [{ operation: { methods: [GET] } }] }] }', 'edge', 'late'), 'late'],
    ['one of two allows', rule('{ to: [{ operation: { methods: [POST] } }] }') + policy('{ rules: [{}] }', 'edge', 'late'), 'passes'],
    ['neither of two allows', rule('{ to: [{ operation: { methods: [POST] } }] }') + policy('{}', 'edge', 'late'), 'exits,late'],
    ['an authorizer elsewhere', policy('{ action: CUSTOM, provider: { name: a }, rules: [{}] }'), 'passes'],
    ['a rehearsal', policy('{}').replace('metadata: {', 'metadata: { annotations: { istio.io/dry-run: "true" },'), 'passes'],
    ['of another namespace', policy('{}', 'shop'), 'passes'],
    ['of the root namespace', policy('{}', 'istio-system'), 'exits'],
    ['for other labels', policy('{ selector: { matchLabels: { app: web } } }'), 'passes'],
    ['for these labels', policy('{ selector: { matchLabels: { app: exits } } }'), 'exits'],
    ['for a Gateway of the Gateway API (P-1)', policy('{ targetRefs: [{ group: gateway.networking.k8s.io, kind: Gateway, name: exits }] }'), 'passes'],
  ])('%s', (_, text, expected) => {
    expect(refusedBy(text)).toBe(expected);
  });

  test('a policy for a Gateway of the Gateway API holds for its Pods alone (P-1)', () => {
    const text = policy('{ targetRefs: [{ group: gateway.networking.k8s.io, kind: Gateway, name: exits }] }');
    expect(refusedBy(text, {}, { namespace: 'edge', labels: { 'gateway.networking.k8s.io/gateway-name': 'exits' } })).toBe('exits');
    expect(refusedBy(text, {}, { namespace: 'edge', labels: { 'gateway.networking.k8s.io/gateway-name': 'other' } })).toBe('passes');
  });

  const from = (source: string): string => `{ from: [{ source: { ${source} } }] }`;
  const to = (operation: string): string => `{ to: [{ operation: { ${operation} } }] }`;
  const when = (condition: string): string => `{ when: [{ ${condition} }] }`;

  test.each([
    [from('principals: [mesh.example/ns/shop/sa/web]'), 'passes'],
    [from('principals: [cluster.local/ns/shop/sa/web]'), 'passes'],
    [from('principals: ["*/sa/web"]'), 'passes'],
    [from('principals: [mesh.example/ns/pay/sa/web]'), 'exits'],
    [from('namespaces: [pay, shop]'), 'passes'],
    [from('notNamespaces: [shop]'), 'exits'],
    [from('serviceAccounts: [shop/web]'), 'passes'],
    [from('serviceAccounts: [web]'), 'exits'],
    [from('ipBlocks: [10.0.0.0/8]'), 'passes'],
    [to('hosts: ["*.bank.example"]'), 'passes'],
    [to('hosts: [Rates.Bank.example]'), 'passes'],
    [to('hosts: [news.bank.example]'), 'exits'],
    [to('ports: ["8443"]'), 'passes'],
    [to('ports: ["443"]'), 'exits'],
    [to('paths: [/v1/rates]'), 'passes'],
    [to('paths: ["/{*}/rates"]'), 'passes'],
    [to('paths: ["/{*}"]'), 'exits'],
    [to('paths: ["/{**}"]'), 'passes'],
    [to('notPaths: ["/v1/*"]'), 'exits'],
    [when('key: connection.sni, values: [rates.bank.example]'), 'passes'],
    [when('key: connection.sni, values: [other.example]'), 'exits'],
    [when('key: "request.headers[X-Team]", values: [red]'), 'passes'],
    [when('key: "request.headers[x-team]", notValues: [red]'), 'exits'],
    [when('key: "request.auth.claims[iss]", values: [a]'), 'passes'],
    ['{ from: [{ source: { namespaces: [shop] } }], to: [{ operation: { methods: [POST] } }] }', 'exits'],
  ])('allowed: %s', (text, expected) => {
    expect(refusedBy(rule(text))).toBe(expected);
  });

  test('without mTLS nobody is known, so nobody is allowed by name, and nobody is kept out by it (P-3)', () => {
    const plaintext = { peer: undefined };
    expect(refusedBy(rule(from('namespaces: [shop]')), plaintext)).toBe('exits');
    expect(refusedBy(rule(from('namespaces: [shop]'), 'DENY'), plaintext)).toBe('passes');
    expect(refusedBy(rule(from('notNamespaces: [pay]')), plaintext)).toBe('passes');
  });

  test('where no HTTP is read, rules on requests allow nothing, and deny more than they say (P-4)', () => {
    const tcp = { chain: 'tcp', request: undefined } as const;
    expect(refusedBy(rule(to('hosts: [rates.bank.example]')), tcp)).toBe('exits');
    expect(refusedBy(rule(`${to('hosts: [other.example]')}`, 'DENY'), tcp)).toBe('exits');
    expect(refusedBy(rule('{ from: [{ source: { namespaces: [pay] } }], to: [{ operation: { methods: [POST] } }] }', 'DENY'), tcp)).toBe('passes');
  });
});

const network = (spec: string, namespace = 'shop'): string => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: out, namespace: ${namespace} }
spec: ${spec}
---
`;

describe('NetworkPolicies (P-6)', () => {
  const client = { namespace: 'shop', labels: { app: 'web' } };
  const pod = { namespace: 'edge', labels: { app: 'exits' } };
  const egress = (rules: string): string => network(`{ podSelector: {}, policyTypes: [Egress], egress: [${rules}] }`);
  const edge = '{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: edge } }, podSelector: { matchLabels: { app: exits } } }';

  test.each([
    ['no policy', '', 8443, false],
    ['for other Pods', network('{ podSelector: { matchLabels: { app: batch } }, policyTypes: [Egress] }'), 8443, false],
    ['about calls that come in', network('{ podSelector: {}, policyTypes: [Ingress] }'), 8443, false],
    ['nothing let out', egress(''), 8443, true],
    ['the Pods let out', egress(`{ to: [${edge}], ports: [{ port: 8443 }] }`), 8443, false],
    ["the Service's port instead of the Pods'", egress(`{ to: [${edge}], ports: [{ port: 443 }] }`), 8443, true],
    ['another namespace', egress(`{ to: [${edge.replace('edge }', 'other }')}] }`), 8443, true],
    ['a namespace by a label that is not in view', egress('{ to: [{ namespaceSelector: { matchLabels: { team: net } } }] }'), 8443, false],
    ['a port by name', egress(`{ to: [${edge}], ports: [{ port: https }] }`), 8443, false],
    ['not let in at the other end', network('{ podSelector: {}, policyTypes: [Ingress], ingress: [{ from: [{ podSelector: {} }] }] }', 'edge'), 8443, true],
    [
      'let in by namespace',
      network('{ podSelector: {}, ingress: [{ from: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: shop } } }] }] }', 'edge'),
      8443,
      false,
    ],
  ])('to a Pod: %s', (_, text, port, isDropped) => {
    expect(networkPolicyVerdict(meshOf(text), client, { pod }, port) !== undefined).toBe(isDropped);
  });

  test.each([
    ['everything', egress('{ to: [{ ipBlock: { cidr: 0.0.0.0/0 } }] }'), undefined, false],
    ['private ranges', egress('{ to: [{ ipBlock: { cidr: 10.0.0.0/8 } }] }'), undefined, true],
    ['Pods', egress('{ to: [{ podSelector: {} }] }'), undefined, true],
    ['a range that may hold it', egress('{ to: [{ ipBlock: { cidr: 203.0.113.0/24 } }] }'), undefined, false],
    ['a range that does not hold it', egress('{ to: [{ ipBlock: { cidr: 203.0.113.0/24 } }] }'), '198.51.100.7', true],
    ['another port', egress('{ ports: [{ port: 53, protocol: UDP }] }'), undefined, true],
  ])('outside: %s', (_, text, ip, isDropped) => {
    expect(networkPolicyVerdict(meshOf(text), client, { ip }, 443) !== undefined).toBe(isDropped);
  });
});

describe('annotations about the capture (M-3)', () => {
  test.each<[string, string | undefined, number, boolean]>([
    ['excludeOutboundPorts: "443,8443"', undefined, 443, true],
    ['excludeOutboundPorts: "443"', undefined, 80, false],
    ['excludeOutboundIPRanges: 203.0.113.0/24', '203.0.113.9', 443, true],
    ['excludeOutboundIPRanges: 203.0.113.0/24', undefined, 443, false],
    ['excludeOutboundIPRanges: 0.0.0.0/0', undefined, 443, true],
    ['includeOutboundIPRanges: "*"', undefined, 443, false],
    ['includeOutboundIPRanges: "10.0.0.0/8,172.16.0.0/12"', undefined, 443, true],
    ['includeOutboundIPRanges: 10.0.0.0/8', '10.3.4.5', 443, false],
    ['includeOutboundIPRanges: 10.0.0.0/8', 'service:shop/web', 80, false],
    ['includeOutboundIPRanges: ""', 'service:shop/web', 80, true],
  ])('%s for %s:%i', (annotation, ip, port, isPast) => {
    const mesh = meshOf(
      `apiVersion: v1\nkind: Pod\nmetadata: { name: web, namespace: shop, annotations: { traffic.sidecar.istio.io/${annotation} } }\nspec: {}\n`,
    );
    const pod = only(mesh, 'Pod', 'web');
    expect(captureVerdict({ annotations: pod.annotations, resource: pod }, { ip, port }) !== undefined).toBe(isPast);
  });

  test('points at the template of a controller', () => {
    const mesh = meshOf('apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web, namespace: shop }\nspec: { template: { metadata: {} } }\n');
    const resource = only(mesh, 'Deployment', 'web');
    const verdict = captureVerdict({ annotations: { 'sidecar.istio.io/interceptionMode': 'NONE' }, resource }, { ip: undefined, port: 443 });
    expect(verdict?.because[0]?.path).toEqual(['spec', 'template', 'metadata', 'annotations', 'sidecar.istio.io/interceptionMode']);
  });
});

describe('on the way', () => {
  const MESH = `apiVersion: v1
kind: Pod
metadata: { name: web, namespace: shop, labels: { app: web } }
spec: { serviceAccountName: web }
---
apiVersion: v1
kind: Service
metadata: { name: exits, namespace: edge }
spec: { selector: { app: exits }, ports: [{ name: http, port: 80, targetPort: 8080 }] }
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: rates, namespace: shop }
spec: { hosts: [rates.bank.example], ports: [{ number: 80, name: web, protocol: HTTP }], resolution: DNS }
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: exits, namespace: edge }
spec: { selector: { app: exits }, servers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: ['*'] }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: rates, namespace: edge }
spec:
  hosts: [rates.bank.example]
  gateways: [mesh, exits]
  http:
    - match: [{ gateways: [mesh] }]
      route: [{ destination: { host: exits.edge.svc.cluster.local } }]
    - match: [{ gateways: [exits] }]
      route: [{ destination: { host: rates.bank.example } }]
---
`;
  const asked = { from: { namespace: 'shop', labels: { app: 'web' } }, to: { host: 'rates.bank.example', port: 80 }, proto: 'http' } as const;
  const end = (text: string) => {
    const [path] = answerProbe(new TrafficModel(meshOf(text)), asked);
    return {
      outcome: path?.outcome,
      at: path?.at,
      code: path?.code,
      hops: path?.hops.length,
      because: path?.because?.resource.kind,
      confidence: path?.confidence,
    };
  };
  const nothing = { because: undefined, confidence: undefined };
  const likely = { confidence: 'likely' } as const;

  test.each<[string, string, ReturnType<typeof end>]>([
    ['nothing in the way', MESH, { outcome: 'gateway', at: undefined, code: undefined, hops: 2, ...nothing }],
    [
      'plaintext to a gateway that wants to know who calls',
      MESH + policy('{ rules: [{ from: [{ source: { namespaces: [shop] } }] }] }'),
      { outcome: 'denied', at: 'gateway', code: 403, hops: 2, because: 'AuthorizationPolicy', ...likely },
    ],
    [
      "a network policy with the Service's port",
      MESH + network('{ podSelector: {}, policyTypes: [Egress], egress: [{ ports: [{ port: 80 }] }] }'),
      { outcome: 'dropped', at: 'network', code: 503, hops: 1, because: 'NetworkPolicy', ...likely },
    ],
    [
      'a network policy of the gateway',
      MESH + network('{ podSelector: {}, policyTypes: [Egress] }', 'edge'),
      { outcome: 'dropped', at: 'network', code: 503, hops: 2, because: 'NetworkPolicy', ...likely },
    ],
    [
      'a port that is not captured',
      MESH.replace('labels: { app: web }', 'labels: { app: web }, annotations: { traffic.sidecar.istio.io/excludeOutboundPorts: "80" }'),
      { outcome: 'uncaptured', at: undefined, code: undefined, hops: 0, because: 'Pod', ...likely },
    ],
  ])('%s', (_, text, expected) => {
    expect(end(text)).toEqual(expected);
  });
});
