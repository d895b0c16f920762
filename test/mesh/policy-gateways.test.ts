import { describe, expect, test } from 'vitest';
import { GuardedGateways, seesIdentity } from '../../src/mesh/policy-gateways.ts';
import { GatewaysElsewhere } from '../../src/mesh/policy-namespace.ts';
import { meshOf, only } from '../support/mesh-of.ts';

const policy = (namespace: string, spec: string) => `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: p, namespace: ${namespace} }
spec: { ${spec} }
---`;
const gateway = (selector: string, tls = '') => `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: out, namespace: shop }
spec: { selector: { ${selector} }, servers: [{ port: { number: 443, name: p, protocol: TLS }, hosts: [rates.example]${tls} }] }
---`;
const pods = (namespace: string, labels: string, annotations = 'inject.istio.io/templates: gateway') => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: out, namespace: ${namespace} }
spec: { template: { metadata: { labels: { ${labels} }, annotations: { ${annotations} } } } }
---`;
const steering = `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: rates, namespace: shop }
spec:
  hosts: [rates.example]
  gateways: [mesh, out]
  tls: [{ match: [{ gateways: [mesh], sniHosts: [rates.example] }], route: [{ destination: { host: istio-egressgateway.istio-system.svc.cluster.local, port: { number: 443 } } }] }]
---`;
const EGRESS = 'selector: { matchLabels: { istio: egressgateway } }';
const OUT = 'selector: { matchLabels: { app: out } }';

describe('P-1: a policy guards a gateway', () => {
  const guarded = (text: string) => {
    const mesh = meshOf(text);
    const found = new GuardedGateways(mesh).of(only(mesh, 'AuthorizationPolicy', 'p'));
    return found && [found.servers.map(({ gateway: { name }, index }) => `${name}/${index}`).join(), found.pods.length];
  };
  test.each([
    ['the stock one', policy('istio-system', EGRESS) + gateway('istio: egressgateway'), ['out/0', 0]],
    ['one whose Pods are in view', policy('edge', OUT) + gateway('app: out') + pods('edge', 'app: out'), ['out/0', 1]],
    ['by more labels than the policy names', policy('edge', OUT) + gateway('role: egress') + pods('edge', 'app: out, role: egress'), ['out/0', 1]],
    ['not one of another namespace', policy('shop', EGRESS) + gateway('istio: egressgateway'), undefined],
    ['not other workloads', policy('edge', OUT) + gateway('app: out') + pods('edge', 'app: out', ''), undefined],
    ['not a whole namespace', policy('istio-system', '') + gateway('istio: egressgateway'), undefined],
    [
      'not where it holds for targets',
      policy('istio-system', `${EGRESS}, targetRefs: [{ kind: Gateway, group: gateway.networking.k8s.io, name: g }]`) + gateway('istio: egressgateway'),
      undefined,
    ],
    [
      'not where labels are template text',
      policy('istio-system', 'selector: { matchLabels: { istio: "{{ .Values.gateway }}" } }') + gateway('istio: egressgateway'),
      undefined,
    ],
    ['not where no Gateway runs there', policy('istio-system', EGRESS) + gateway('app: out'), undefined],
  ])('%s', (_, text, expected) => expect(guarded(text)).toEqual(expected));
});

test.each([
  ['', false],
  [', tls: { mode: PASSTHROUGH }', false],
  [', tls: { mode: SIMPLE, credentialName: c }', false],
  [', tls: { mode: ISTIO_MUTUAL }', true],
  [', tls: { mode: MUTUAL, credentialName: c }', true],
])('P-3: a server with%s learns who its clients are: %j', (tls, expected) => {
  const [server] = only(meshOf(gateway('app: out', tls)), 'Gateway', 'out').spec.servers;
  expect(server && seesIdentity(server)).toBe(expected);
});

describe('P-1: a policy means a gateway of another namespace', () => {
  const elsewhere = (text: string, labels: Readonly<Record<string, string>>) => {
    const mesh = meshOf(text);
    const found = new GatewaysElsewhere(mesh).of(only(mesh, 'AuthorizationPolicy', 'p'), labels);
    return found && [found.namespace, found.resource?.name];
  };
  const stock = { istio: 'egressgateway' };
  test.each([
    ['that is in view', policy('shop', OUT) + pods('edge', 'app: out'), { app: 'out' }, ['edge', 'out']],
    ['that is assumed, for routes lead there', policy('shop', EGRESS) + gateway('istio: egressgateway') + steering, stock, ['istio-system', undefined]],
    ['not where no route leads to it', policy('shop', EGRESS) + gateway('istio: egressgateway'), stock, undefined],
    [
      'not where Pods of its own namespace have the labels',
      policy('shop', OUT) + pods('edge', 'app: out') + pods('shop', 'app: out', '').replace('name: out', 'name: own'),
      { app: 'out' },
      undefined,
    ],
    ['not from the root namespace, whose policies hold everywhere', policy('istio-system', OUT) + pods('edge', 'app: out'), { app: 'out' }, undefined],
    ['not by other workloads', policy('shop', OUT) + pods('edge', 'app: out', ''), { app: 'out' }, undefined],
    ['not without labels', policy('shop', '') + pods('edge', 'app: out'), {}, undefined],
  ])('%s', (_, text, labels, expected) => expect(elsewhere(text, labels)).toEqual(expected));
});
