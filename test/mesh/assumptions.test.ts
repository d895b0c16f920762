import { describe, expect, test } from 'vitest';
import type { Assumptions } from '../../src/index.ts';
import { defineRule } from '../../src/rule-api.ts';
import { lintFiles, lintText } from '../support/lint-text.ts';
import { meshOf } from '../support/mesh-of.ts';

const SERVICE = 'apiVersion: v1\nkind: Service\nmetadata: { name: rates, namespace: shop }\nspec: { ports: [{ port: 90 }] }\n';
const CONFIG = `apiVersion: v1
kind: ConfigMap
metadata: { name: istio, namespace: istio-system }
data:
  mesh: |
    rootNamespace: mesh-root
    outboundTrafficPolicy: { mode: ALLOW_ANY }
    defaultConfig: { proxyMetadata: { ISTIO_META_DNS_CAPTURE: "true" } }
`;

describe('assumed objects', () => {
  test('a Service registers its host with its ports', () => {
    const mesh = meshOf('', { services: [{ name: 'rates', namespace: 'shop', ports: [{ port: 80, targetPort: 8080 }], labels: { app: 'rates' } }] });
    expect(mesh.registry.named('rates.shop.svc.cluster.local')).toMatchObject([{ ports: [{ number: 80 }] }]);
    expect(mesh.all('Service')[0]?.spec).toMatchObject({ selector: { app: 'rates' }, ports: [{ port: 80, targetPort: 8080 }] });
    expect(mesh.resources).toEqual([]);
  });

  test('an object in view replaces an assumed one', () => {
    const mesh = meshOf(SERVICE, { services: [{ name: 'rates', namespace: 'shop', ports: [{ port: 80 }] }] });
    expect(mesh.registry.named('rates.shop.svc.cluster.local').map(({ ports }) => ports[0]?.number)).toEqual([90]);
  });

  test('a gateway has Pods with its labels, and a Service only where its ports are given', () => {
    const gateway = { name: 'way-out', namespace: 'edge', labels: { istio: 'way-out' }, tlsMode: 'istio' as const };
    const bare = meshOf('', { gateways: [gateway] });
    expect(bare.podsSelected('edge', gateway.labels).map(({ labels }) => labels['security.istio.io/tlsMode'])).toEqual(['istio']);
    expect(bare.all('Service')).toEqual([]);
    expect(meshOf('', { gateways: [{ ...gateway, ports: [{ port: 443, targetPort: 8443 }] }] }).all('Service')).toHaveLength(1);
  });

  test('Namespaces have sidecars or none', () => {
    const namespaces = [
      { name: 'shop', injected: true },
      { name: 'batch', injected: false },
    ];
    const { clients } = meshOf('', { namespaces });
    expect(clients.unrestricted.map(({ name }) => name)).toEqual(['shop']);
    expect(clients.hasNone('batch')).toBe(true);
  });

  test('of a Secret without keys the keys are unknown', () => {
    const mesh = meshOf('', {
      secrets: [
        { name: 'a', namespace: 'edge' },
        { name: 'b', namespace: 'edge', keys: ['tls.crt'] },
      ],
    });
    expect(mesh.named('ExternalSecret', 'edge', 'a')).toHaveLength(1);
    expect(Object.keys(mesh.named('Secret', 'edge', 'b')[0]?.spec.data ?? {})).toEqual(['tls.crt']);
  });

  test('belong to every file, and to alternatives too', () => {
    const mesh = meshOf({ 'dev/a.yaml': SERVICE, 'prod/a.yaml': SERVICE }, { namespaces: [{ name: 'shop', injected: true }] });
    const [namespace] = mesh.all('Namespace');
    const [service] = mesh.all('Service');
    expect(namespace && service && mesh.belongTogether(namespace, service)).toBe(true);
  });

  test('are pointed at, but nothing is reported about them', () => {
    const eager = defineRule({
      meta: { name: 'eager', code: 'EL999', family: 'linter', severity: 'error', summary: 'Reports every Service.' },
      messages: { here: { text: 'here' } },
      create: ({ mesh, report }) => ({
        Mesh() {
          for (const service of mesh.all('Service')) report('here', { resource: service, path: ['metadata', 'name'] });
        },
      }),
    });
    const files = [{ file: 'a.yaml', text: SERVICE }];
    const { findings } = lintFiles(files, { rules: [eager] }, { services: [{ name: 'other', namespace: 'shop', ports: [{ port: 80 }] }] });
    expect(findings.map(({ resource }) => resource?.name)).toEqual(['rates']);
  });
});

describe('an assumed MeshConfig', () => {
  const configOf = (assumptions: Assumptions) => meshOf(CONFIG, assumptions).config;

  test('holds over what is in view, field by field', () => {
    expect(configOf({})).toMatchObject({ outboundPolicy: 'ALLOW_ANY', rootNamespace: 'mesh-root', dnsCapture: true });
    const settings = { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } };
    expect(configOf({ meshConfig: { settings } })).toMatchObject({ outboundPolicy: 'REGISTRY_ONLY', rootNamespace: 'mesh-root', dnsCapture: true });
    const quiet = { defaultConfig: { proxyMetadata: { ISTIO_META_DNS_CAPTURE: 'false' } } };
    expect(configOf({ meshConfig: { settings: quiet } }).dnsCapture).toBe(false);
    expect(configOf({ dnsCapture: false }).dnsCapture).toBe(false);
  });

  test('leaves unknown what it does not write', () => {
    expect(meshOf('', { meshConfig: { settings: { accessLogFile: '/dev/stdout' } } }).config.outboundPolicy).toBeUndefined();
  });
});

const CATCH_ALL = `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: ledger, namespace: shop }
spec:
  hosts: [ledger.bank.example]
  location: MESH_EXTERNAL
  resolution: DNS
  ports: [{ number: 3306, name: tcp, protocol: TCP }]
`;

test('what a sidecar with DNS capture does not suffer from is not reported', () => {
  const rules = (assumptions: Assumptions) => lintText(CATCH_ALL, undefined, assumptions).map(({ rule }) => rule);
  expect(rules({})).toContain('port-captures-all-hosts');
  expect(rules({ dnsCapture: true })).not.toContain('port-captures-all-hosts');
});
