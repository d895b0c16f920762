import { describe, expect, test } from 'vitest';
import { load, Mesh } from '../../../src/index.ts';
import { describe as describeSymptom, SYMPTOMS } from '../../../src/traffic/outcomes/symptoms.ts';
import { onceRepaired, whileRefused } from '../../../src/traffic/outcomes/while-refused.ts';

/** What is told of the first resource of a text, with all of it in view. */
function told(text: string, tell: (resource: Mesh['resources'][number], mesh: Mesh) => string | undefined): string | undefined {
  const mesh = new Mesh(load([{ file: 'test.yaml', text }]));
  const [first] = mesh.resources;
  return first && tell(first, mesh);
}

const entry = (protocol: string, more = ''): string => `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: rates, namespace: shop }
spec:
  hosts: [rates.bank.example]
  ports: [{ number: 443, name: web, protocol: ${protocol} }]
  resolution: DNS
${more}`;

const meshConfig = (mode: string): string => `---
apiVersion: v1
kind: ConfigMap
metadata: { name: istio, namespace: istio-system }
data: { mesh: "outboundTrafficPolicy: { mode: ${mode} }" }
`;

describe('a ServiceEntry that is refused', () => {
  test('leaves its host unregistered, with both stories where the policy is not in view', () => {
    expect(told(entry('TLS'), whileRefused)).toBe(
      'rates.bank.example then stays unregistered. With REGISTRY_ONLY every https call is cut in the TLS handshake: ' +
        'curl: (35) … SSL_ERROR_SYSCALL, or connection reset by peer (flag UH, BlackHoleCluster in the access log). ' +
        "With ALLOW_ANY (Istio's default) calls pass unmanaged, as PassthroughCluster in the access log.",
    );
  });

  test('tells only the story of the policy in view', () => {
    expect(told(entry('HTTP', meshConfig('REGISTRY_ONLY')), whileRefused)).toBe(
      'rates.bank.example then stays unregistered. With REGISTRY_ONLY every plain http call gets HTTP 502 with an empty body ' +
        '(virtual host block_all in the access log), or a reset where no HTTP service has the port.',
    );
    expect(told(entry('HTTP', meshConfig('ALLOW_ANY')), whileRefused)).not.toContain('REGISTRY_ONLY');
  });

  test('tells the story of a Sidecar with a policy of its own as well', () => {
    const sidecar = `---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: checkout, namespace: shop }
spec: { outboundTrafficPolicy: { mode: REGISTRY_ONLY } }
`;
    expect(told(entry('TCP', meshConfig('ALLOW_ANY') + sidecar), whileRefused)).toContain('With REGISTRY_ONLY every connection is reset');
  });

  test('leaves the host to another entry that registers it', () => {
    expect(told(entry('TLS', `---\n${entry('TLS').replace('rates,', 'spare,')}`), whileRefused)).toBe(
      'Its hosts then stay as other objects in view register them.',
    );
  });

  test('delivers once its unknown field is gone, and only then', () => {
    expect(told(entry('TLS', '  bogus: 1\n'), onceRepaired)).toContain('registers rates.bank.example for the namespaces that it is exported to');
    expect(told(entry('TCP', '  bogus: 1\n'), onceRepaired)).toBeUndefined();
    expect(told(entry('TLS', '  location: NOWHERE\n  bogus: 1\n'), onceRepaired)).toBeUndefined();
  });
});

const istio = (kind: string, spec: string): string =>
  `apiVersion: networking.istio.io/v1\nkind: ${kind}\nmetadata: { name: rates, namespace: shop }\nspec: ${spec}\n`;

test.each([
  [
    'a Sidecar restricts nothing',
    istio('Sidecar', '{ workloadSelector: { labels: { app: web } }, egress: [{ hosts: ["./*"] }] }'),
    'restricts nothing: the workloads app=web keep',
  ],
  [
    'a VirtualService for sidecars and a gateway: the gateway is bypassed',
    istio('VirtualService', '{ hosts: [rates.bank.example], gateways: [mesh, egress], tcp: [{ route: [{ destination: { host: rates.bank.example } }] }] }'),
    'straight to that host, past the gateway',
  ],
  [
    'a VirtualService for sidecars: calls go direct',
    istio('VirtualService', '{ hosts: [rates.bank.example], http: [{ route: [{ destination: { host: spare.bank.example } }] }] }'),
    'straight to that host, not to spare.bank.example',
  ],
  [
    'a VirtualService for a gateway: no route',
    istio('VirtualService', '{ hosts: [rates.bank.example], gateways: [egress], http: [{ route: [{ destination: { host: rates.bank.example } }] }] }'),
    'The gateway (egress) then has no route for rates.bank.example: HTTP 404 (flag NR in the access log)',
  ],
  [
    'a DestinationRule: no TLS',
    istio('DestinationRule', '{ host: rates.bank.example, trafficPolicy: { tls: { mode: SIMPLE } } }'),
    'do not originate TLS for rates.bank.example',
  ],
  [
    'a DestinationRule: no subsets',
    istio('DestinationRule', '{ host: rates.bank.example, subsets: [{ name: v1 }] }'),
    'Routes to its subsets (v1) fail: HTTP 503 (flag NC',
  ],
  [
    'a DestinationRule: no mTLS',
    istio('DestinationRule', '{ host: rates.bank.example, trafficPolicy: { tls: { mode: ISTIO_MUTUAL } } }'),
    'do not insist on mTLS',
  ],
  ['a DestinationRule: no settings', istio('DestinationRule', '{ host: rates.bank.example }'), 'settings for rates.bank.example then do not apply'],
  [
    'a Gateway: no listener',
    istio('Gateway', '{ servers: [{ port: { number: 443, name: tls, protocol: TLS }, hosts: ["*"], tls: { mode: PASSTHROUGH } }] }'),
    'does not open its servers (port 443)',
  ],
  ['any other object', 'apiVersion: v1\nkind: Service\nmetadata: { name: rates, namespace: shop }\nspec: {}\n', 'goes on without this object'],
])('without %s', (_, text, expected) => {
  expect(told(text, whileRefused)).toContain(expected);
});

test('a symptom is one phrase, with what the access log says', () => {
  expect(describeSymptom(SYMPTOMS['no-cluster'].http)).toBe('HTTP 503 (flag NC, cluster_not_found in the access log)');
  expect(describeSymptom(SYMPTOMS['double-tls'].tls)).toBe('curl: (35) … wrong version number');
});
