import { describe, expect, test } from 'vitest';
import { requestAttributeIn } from '../../src/mesh/request-attributes.ts';
import { unreadPorts } from '../../src/mesh/waypoint-policies.ts';
import { meshOf, only } from '../support/mesh-of.ts';

const waypoint = `---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: way-out, namespace: shop }
spec: { gatewayClassName: istio-waypoint, listeners: [{ name: mesh, port: 15008, protocol: HBONE }] }
`;
const namespace = `---
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio.io/use-waypoint: way-out } }
`;
const object = (kind: string, name: string, labels: string, ports: string) => `---
apiVersion: ${kind === 'Service' ? 'v1' : 'networking.istio.io/v1'}
kind: ${kind}
metadata: { name: ${name}, namespace: shop, labels: { ${labels} } }
spec: { ${kind === 'Service' ? 'selector: { app: a }' : `hosts: [${name}.example], resolution: DNS`}, ports: [${ports}] }
`;
const BOUND = 'istio.io/use-waypoint: way-out';
const HTTP = '{ number: 80, name: http, protocol: HTTP }';
const HTTPS = '{ number: 443, name: https, protocol: HTTPS }';
const TCP = '{ number: 5432, name: tcp, protocol: TCP }';
const policy = (kind: string, name: string) => `---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: p, namespace: shop }
spec: { targetRefs: [{ kind: ${kind}, name: ${name} }], rules: [{ to: [{ operation: { hosts: [rates.example] } }] }] }
`;
const entry = (ports: string, labels = BOUND, name = 'rates') => object('ServiceEntry', name, labels, ports);

describe('A-8, P-4: ports that the waypoint of a policy does not read', () => {
  test.each([
    ['TLS', waypoint + entry(HTTPS), policy('Gateway', 'way-out'), [], ['rates:443']],
    ['TCP', waypoint + entry(`${HTTPS}, ${TCP}`), policy('Gateway', 'way-out'), [], ['rates:443', 'rates:5432']],
    ['none, where one is HTTP', waypoint + entry(`${HTTPS}, ${HTTP}`), policy('Gateway', 'way-out'), [], []],
    ['those that are named', waypoint + entry(`${HTTPS}, ${HTTP}`), policy('Gateway', 'way-out'), ['443'], ['rates:443']],
    ['of the entry that is meant alone', waypoint + entry(HTTPS) + entry(HTTP, BOUND, 'fees'), policy('ServiceEntry', 'rates'), [], ['rates:443']],
    ['none, where another entry is read', waypoint + entry(HTTPS) + entry(HTTP, BOUND, 'fees'), policy('Gateway', 'way-out'), [], []],
    ['of what its Namespace binds', waypoint + namespace + entry(HTTPS, 'team: a'), policy('Gateway', 'way-out'), [], ['rates:443']],
    [
      'none, where the Namespace binds Services too',
      waypoint + namespace + entry(HTTPS, 'team: a') + object('Service', 's', 'a: b', '{ port: 80, name: http }'),
      policy('Gateway', 'way-out'),
      [],
      [],
    ],
    ['not of what opts out', waypoint + namespace + entry(HTTPS, 'istio.io/use-waypoint: none'), policy('Gateway', 'way-out'), [], []],
    ['none, where nothing is bound', waypoint, policy('Gateway', 'way-out'), [], []],
    ['none, where the entry is not in view', waypoint, policy('ServiceEntry', 'rates'), [], []],
    ['none of a Service', waypoint + entry(HTTPS), policy('Service', 'rates'), [], []],
  ])('%s', (_, text, written, ports, expected) => {
    const mesh = meshOf(text + written);
    const found = unreadPorts(mesh, only(mesh, 'AuthorizationPolicy', 'p'), ports);
    expect(found.map((each) => `${each.entry.name}:${each.entry.spec.ports[each.index]?.number}`)).toEqual(expected);
  });
});

describe('P-4: an attribute of requests', () => {
  const attribute = (rule: string) => {
    const mesh = meshOf(policy('ServiceEntry', 'rates').replace(/rules: .*\]/, `rules: [${rule}]`));
    const [first] = only(mesh, 'AuthorizationPolicy', 'p').spec.rules;
    const found = first && requestAttributeIn(first, ['spec', 'rules', 0]);
    return found && [found.path.slice(3).join('.'), found.isAlone, ...found.ports];
  };
  test.each([
    ['{ to: [{ operation: { hosts: [a] } }] }', ['to.0.operation.hosts', true]],
    ['{ to: [{ operation: { hosts: [a], ports: ["443"] } }] }', ['to.0.operation.hosts', false, '443']],
    ['{ from: [{ source: { namespaces: [a] } }], to: [{ operation: { ports: ["80"] } }, { operation: { paths: ["/a"] } }] }', ['to.1.operation.paths', false]],
    ['{ from: [{ source: { requestPrincipals: ["*"] } }] }', ['from.0.source.requestPrincipals', false]],
    ['{ when: [{ key: source.ip, values: [a] }, { key: "request.headers[a]", values: [b] }] }', ['when.1.key', false]],
    ['{ from: [{ source: { principals: [a] } }], when: [{ key: connection.sni, values: [a] }] }', undefined],
  ])('%s', (rule, expected) => expect(attribute(rule)).toEqual(expected));
});
