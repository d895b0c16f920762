import { expect, test } from 'vitest';
import { listenedPorts } from '../../src/mesh/gateway-ports.ts';
import { meshOf, only } from '../support/mesh-of.ts';

const server = (number: number) => `{ port: { number: ${number}, name: p${number}, protocol: HTTP }, hosts: ["*"] }`;
const gateway = `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: out, namespace: shop }
spec: { selector: { app: out }, servers: [${server(80)}, ${server(443)}] }
---`;
const service = (ports: string, selector = 'app: out') => `
apiVersion: v1
kind: Service
metadata: { name: out, namespace: edge }
spec: { selector: { ${selector} }, ports: [${ports}] }
---`;

function listened(text: string, namespace = 'edge') {
  const mesh = meshOf(gateway + text);
  const found = listenedPorts(mesh, namespace, [only(mesh, 'Gateway', 'out')]);
  return found && { byServicePort: [...found.byServicePort], all: [...found.all] };
}

test.each([
  [
    'on target ports',
    service('{ name: a, port: 80, targetPort: 8080 }, { name: b, port: 443, targetPort: 8443 }'),
    {
      byServicePort: [
        [80, 8080],
        [443, 8443],
      ],
      all: [8080, 8443],
    },
  ],
  [
    'on the port itself without one',
    service('{ name: a, port: 80 }, { name: b, port: 443, targetPort: 8443 }'),
    {
      byServicePort: [
        [80, 80],
        [443, 8443],
      ],
      all: [80, 8443],
    },
  ],
  ['on their own number where the Service lacks it', service('{ name: a, port: 80, targetPort: 8080 }'), { byServicePort: [[80, 8080]], all: [8080, 443] }],
])('G-2: servers listen %s', (_, text, expected) => expect(listened(text)).toEqual(expected));

test.each([
  ['a target port is a name', service('{ name: a, port: 80, targetPort: web }'), 'edge'],
  ['the Service selects other Pods', service('{ name: a, port: 80 }', 'app: in'), 'edge'],
  ['the Service stands in another namespace', service('{ name: a, port: 80 }'), 'shop'],
  ['the Service holds template text', service('{ name: a, port: "{{ .Values.port }}" }'), 'edge'],
  ['no Service is in view', '', 'edge'],
])('G-2: where servers listen is not known if %s', (_, text, namespace) => expect(listened(text, namespace)).toBeUndefined());
