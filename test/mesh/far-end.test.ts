import { describe, expect, test } from 'vitest';
import { farEndExpects, serverPorts } from '../../src/mesh/far-end.ts';
import { meshOf } from '../support/mesh-of.ts';

test.each([
  [443, 'tls'],
  [8443, 'tls'],
  [80, 'plaintext'],
  [8080, 'plaintext'],
  [9000, undefined],
])('a server on port %i expects %s', (port, expected) => expect(farEndExpects(port)).toBe(expected));

describe('the ports of the servers behind a port', () => {
  const ports = (more: string): readonly number[] | undefined => {
    const [host] = meshOf(`
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: rates, namespace: shop }
spec: { hosts: [rates.example], ${more} }`).registry.hosts;
    const [port] = host?.ports ?? [];
    return host && port && serverPorts(host, port);
  };

  test.each([
    ['ports: [{ number: 80, name: http, protocol: HTTP }]', [80]],
    ['ports: [{ number: 80, name: http, protocol: HTTP, targetPort: 443 }]', [443]],
    ['ports: [{ number: 80, name: http, protocol: HTTP, targetPort: 443 }], endpoints: [{ address: a.example }]', [443]],
    ['ports: [{ number: 80, name: http, protocol: HTTP }], endpoints: [{ address: a.example, ports: { http: 8443 } }, { address: b.example }]', [8443, 80]],
  ])('%s', (more, expected) => expect(ports(more)).toEqual(expected));
});
