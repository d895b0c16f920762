import { describe, expect, test } from 'vitest';
import { answerProbe, type Probe } from '../../../src/traffic/probes/probe.ts';
import { TrafficModel } from '../../../src/traffic/traffic-model.ts';
import { meshOf } from '../../support/mesh-of.ts';

const NAMESPACE = `apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio.io/dataplane-mode: ambient } }
---
`;

const entry = ({ labels = '', resolution = 'DNS', protocol = 'HTTP', address = '' } = {}): string => `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: rates, namespace: shop, labels: { ${labels} } }
spec:
  hosts: [rates.bank.example]
  ports: [{ number: 80, name: web, protocol: ${protocol}, targetPort: 443 }]
  resolution: ${resolution}
  ${address}
---
`;

const waypoint = (name = 'exits', namespace = 'shop', more = ''): string => `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: ${name}, namespace: ${namespace} }
spec: { gatewayClassName: istio-waypoint, listeners: [{ name: mesh, port: 15008, protocol: HBONE${more} }] }
---
`;

const RULE = `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: rates, namespace: shop }
spec: { host: rates.bank.example, trafficPolicy: { tls: { mode: SIMPLE } } }
---
`;

const STRICT = `apiVersion: v1
kind: ConfigMap
metadata: { name: istio, namespace: istio-system }
data: { mesh: "outboundTrafficPolicy: { mode: REGISTRY_ONLY }" }
---
`;

const ASKED: Probe = { from: { namespace: 'shop', labels: { app: 'web' } }, to: { host: 'rates.bank.example', port: 80 }, proto: 'http' };

/** The way through the proxies, and how it ends. */
function way(text: string, probe: Probe = ASKED): string {
  const [path] = answerProbe(new TrafficModel(meshOf(text)), probe);
  const proxies = path?.hops.map(({ proxy }) => (proxy.kind === 'waypoint' ? `waypoint ${proxy.namespace}/${proxy.name}` : proxy.kind)) ?? [];
  return [...proxies, path?.outcome, ...(path?.delivered?.tls.map(({ by }) => `TLS by ${by}`) ?? [])].join(', ');
}

const BOUND = { labels: 'istio.io/use-waypoint: exits' };

describe('clients of ztunnel (A-1 to A-4)', () => {
  test('what is not known passes, whatever the outbound policy', () => {
    expect(way(NAMESPACE + STRICT)).toBe('ztunnel, passthrough');
  });

  test('rules do not hold, so that nobody starts TLS', () => {
    expect(way(NAMESPACE + entry() + RULE)).toBe('ztunnel, plaintext-to-tls');
  });

  test.each([
    ['a Pod that opts out', NAMESPACE, { 'istio.io/dataplane-mode': 'none' }, 'sidecar, originated, TLS by sidecar'],
    ['a Pod that opts in', '', { 'istio.io/dataplane-mode': 'ambient' }, 'ztunnel, plaintext-to-tls'],
    ['neither', '', { app: 'web' }, 'sidecar, originated, TLS by sidecar'],
    [
      'a namespace with sidecars as well',
      NAMESPACE.replace('ambient', 'ambient, istio-injection: enabled'),
      { app: 'web' },
      'sidecar, originated, TLS by sidecar',
    ],
  ])('%s', (_, namespace, labels, expected) => {
    expect(way(namespace + entry() + RULE, { ...ASKED, from: { namespace: 'shop', labels } })).toBe(expected);
  });
});

describe('waypoints (A-3, A-6, A-8)', () => {
  const through = 'ztunnel, waypoint shop/exits, gateway, TLS by waypoint';

  test.each([
    ['bound by the entry', NAMESPACE + entry(BOUND) + waypoint(), through],
    ['bound by the namespace', NAMESPACE.replace('ambient', 'ambient, istio.io/use-waypoint: exits') + entry() + waypoint(), through],
    [
      'the entry opts out',
      NAMESPACE.replace('ambient', 'ambient, istio.io/use-waypoint: exits') + entry({ labels: 'istio.io/use-waypoint: none' }) + waypoint(),
      'ztunnel, plaintext-to-tls',
    ],
    ['a waypoint that is not there', NAMESPACE + entry(BOUND), 'ztunnel, plaintext-to-tls'],
    [
      'one of another namespace that keeps to itself',
      NAMESPACE + entry({ labels: 'istio.io/use-waypoint: exits, istio.io/use-waypoint-namespace: edge' }) + waypoint('exits', 'edge'),
      'ztunnel, plaintext-to-tls',
    ],
    [
      'one of another namespace that admits all',
      NAMESPACE +
        entry({ labels: 'istio.io/use-waypoint: exits, istio.io/use-waypoint-namespace: edge' }) +
        waypoint('exits', 'edge', ', allowedRoutes: { namespaces: { from: All } }'),
      through.replace('shop/', 'edge/'),
    ],
    ['an entry without addresses and with resolution NONE (A-2)', NAMESPACE + entry({ ...BOUND, resolution: 'NONE' }) + waypoint(), 'ztunnel, passthrough'],
  ])('%s', (_, text, expected) => {
    expect(way(text + RULE)).toBe(expected);
  });

  test('clients with sidecars do not use it (A-7)', () => {
    expect(way(entry(BOUND) + waypoint() + RULE)).toBe('sidecar, originated, TLS by sidecar');
  });

  const route = (namespace: string): string => `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: rates, namespace: ${namespace} }
spec: { hosts: [rates.bank.example], http: [{ directResponse: { status: 204 } }] }
---
`;

  test.each([
    ['shop', 'ztunnel, waypoint shop/exits, proxy-answer'],
    ['pay', through],
  ])('routes of namespace %s', (namespace, expected) => {
    expect(way(NAMESPACE + entry(BOUND) + waypoint() + RULE + route(namespace))).toBe(expected);
  });
});
