import { describe, expect, test } from 'vitest';
import { RULES } from '../../rules/index.ts';
import { load, Mesh } from '../../src/index.ts';
import { countBlocks } from '../support/count-blocks.ts';

const GATEWAY_HOST = 'istio-egressgateway.istio-system.svc.cluster.local';

function resource(kind: string, namespace: string, name: string, spec: object, apiVersion = 'networking.istio.io/v1'): object {
  return { apiVersion, kind, metadata: { name, namespace }, spec };
}

function gateway(namespace: string, name: string, hosts: readonly string[], selector: object = { istio: 'egressgateway' }): object {
  return resource('Gateway', namespace, name, {
    selector,
    servers: [{ port: { number: 443, name: 'https', protocol: 'HTTPS' }, hosts, tls: { mode: 'ISTIO_MUTUAL' } }],
  });
}

function steering(namespace: string, host: string, gateways: readonly string[], destination: object): object {
  return resource('VirtualService', namespace, 'rates', {
    hosts: [host],
    ...(gateways.length > 0 && { gateways: ['mesh', ...gateways] }),
    http: [{ match: [gateways.length > 0 ? { gateways: ['mesh'] } : { port: 80 }], route: [{ destination }] }],
  });
}

function entry(namespace: string, host: string, exportTo: readonly string[]): object {
  return resource('ServiceEntry', namespace, 'rates', { hosts: [host], ports: [{ number: 443, name: 'tls', protocol: 'TLS' }], resolution: 'DNS', exportTo });
}

function sidecar(namespace: string, host: string): object {
  return resource('Sidecar', namespace, 'default', { egress: [{ hosts: [host] }] });
}

const port = { number: 443 };

/** Configurations of any size; each shape has more of everything on which a look-up could depend. */
const SHAPES: Readonly<Record<string, (i: number) => readonly object[]>> = {
  'DestinationRules of one gateway host, one for each subset': (i) => [
    gateway(`n${i}`, 'egress', [`h${i}.example`]),
    steering(`n${i}`, `h${i}.example`, ['egress'], { host: GATEWAY_HOST, subset: `s${i}`, port }),
    resource('DestinationRule', 'istio-system', `s${i}`, {
      host: GATEWAY_HOST,
      trafficPolicy: { portLevelSettings: [{ port: { number: 10_000 + i }, tls: { mode: 'ISTIO_MUTUAL' } }] },
      subsets: [{ name: `s${i}` }],
    }),
  ],
  'namespaces that register one host': (i) => [entry(`n${i}`, 'rates.example', ['*']), sidecar(`n${i}`, './rates.example')],
  'namespaces that keep one host to themselves': (i) => [entry(`n${i}`, 'rates.example', ['.']), sidecar(`n${i}`, '*/rates.example')],
  'Sidecars that name a namespace that registers nothing': (i) => [entry(`n${i}`, 'rates.example', ['*']), sidecar(`n${i}`, `gone${i}/rates.example`)],
  'wildcard hosts': (i) => [entry(`n${i}`, `*.h${i}.example`, ['*']), sidecar(`n${i}`, `./x.h${i}.example`)],
  'references to Gateways that are not there': (i) => [gateway(`n${i}`, 'shared', ['*']), steering(`x${i}`, `h${i}.example`, ['shared'], { host: 'a', port })],
  'Gateways of one workload that admit every host, VirtualServices for sidecars alone': (i) => [
    gateway(`n${i}`, 'egress', ['*']),
    steering(`x${i}`, `h${i}.example`, [], { host: GATEWAY_HOST, port }),
  ],
  'workloads, each with its Gateway': (i) => [
    resource('Deployment', 'edge', `gw${i}`, { template: { metadata: { labels: { app: `gw${i}`, tier: 'edge' } } } }, 'apps/v1'),
    resource('Service', `n${i}`, `gw${i}`, { selector: { app: `gw${i}` }, ports: [{ port: 443 }] }, 'v1'),
    gateway(`n${i}`, 'egress', [`h${i}.example`], { app: `gw${i}` }),
    steering(`n${i}`, `h${i}.example`, ['egress'], { host: `gw${i}.n${i}.svc.cluster.local`, port }),
  ],
};

const OURS = /^(?:unknown-gateway|missing-client-mtls|mismatched-client-tls|sidecar-host-format|sidecar-imports-nothing|sidecar-listener-mismatch)$/;

function workFor(shape: (i: number) => readonly object[], size: number): number {
  const items = Array.from({ length: size }, (_, i) => shape(i)).flat();
  const files = load([{ file: 'all.yaml', text: items.map((item) => JSON.stringify(item)).join('\n---\n'), named: true }]);
  return countBlocks(['/src/mesh/', '/rules/gateways/', '/rules/visibility/', '/src/text/'], () => visit(new Mesh(files)));
}

/** Lets the rules look at everything, as the engine does, but for the places and texts of what they find. */
function visit(mesh: Mesh): void {
  const visitors = RULES.filter(({ meta }) => OURS.test(meta.name)).map((rule) => rule.create({ mesh, report: () => {}, options: undefined }));
  for (const each of visitors) {
    each.Mesh?.(mesh);
    for (const sidecar of mesh.all('Sidecar')) each.Sidecar?.(sidecar);
    for (const virtualService of mesh.all('VirtualService')) each.VirtualService?.(virtualService);
  }
}

describe('the work grows with the configuration, not with its square', () => {
  // Twice the size is twice the work; look-ups in sorted lists add a little. What walks over pairs takes four times as much.
  test.each(Object.entries(SHAPES))('%s', (_, shape) => {
    workFor(shape, 10);
    const small = workFor(shape, 100);
    expect(small).toBeGreaterThan(100);
    expect(workFor(shape, 200) / small).toBeLessThan(2.4);
  });
});
