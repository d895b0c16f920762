import { describe, expect, test } from 'vitest';
import { routedPorts } from '../../src/mesh/hosts-in-view.ts';
import { destinationHosts, policyHosts, routedHosts } from '../../src/mesh/named-hosts.ts';
import { meshOf, only } from '../support/mesh-of.ts';

const entry = (hosts: string, ports: string) =>
  `apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: { name: entry, namespace: shop }\nspec: { hosts: [${hosts}], ports: ${ports} }\n`;
const route = (spec: string) => `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: { name: route, namespace: shop }\nspec: ${spec}\n`;
const BOTH = '[{ number: 80, name: http, protocol: HTTP }, { number: 443, name: tls, protocol: HTTPS }]';

describe('routedPorts', () => {
  const ports = (...texts: readonly string[]) => {
    const mesh = meshOf(texts.join('---\n'));
    return routedPorts(mesh, only(mesh, 'VirtualService', 'route'))?.map(({ number, group }) => `${number} ${group}`);
  };

  test('of all hosts, if all are in view', () => {
    expect(ports(route('{ hosts: [a.example] }'), entry('a.example', BOTH))).toEqual(['80 http', '443 tls']);
    expect(ports(route('{ hosts: [a.example, b.example] }'), entry('a.example', BOTH))).toBeUndefined();
    expect(ports(route('{ hosts: ["*.example"] }'), entry('a.example', BOTH))).toBeUndefined();
    expect(ports(route('{ hosts: ["*.example"] }'), entry('"*.example"', BOTH))).toEqual(['80 http', '443 tls']);
  });

  test('unknown where template text, or an alias, may bring others', () => {
    expect(ports(route('{ hosts: [a.example] }'), entry('a.example', '[{ number: "{{ .Values.port }}", name: http, protocol: HTTP }]'))).toBeUndefined();
    expect(ports(route('{ hosts: [a.example, "{{ .Values.host }}"] }'), entry('a.example', BOTH))).toBeUndefined();
    const alias =
      'apiVersion: v1\nkind: Service\nmetadata: { name: alias, namespace: shop }\nspec: { type: ExternalName, externalName: a.example, ports: [{ port: 80 }] }\n';
    expect(ports(route('{ hosts: [alias] }'), alias)).toBeUndefined();
  });
});

describe('hosts that objects name', () => {
  const vs = only(
    meshOf(
      route(
        '{ hosts: [a.example, "*.example", basket], http: [{ route: [{ destination: { host: basket }, weight: 1 }, { destination: { host: spare }, weight: 0 }], mirror: { host: copy } }], tls: [{ match: [{ sniHosts: [a.example] }], route: [{ destination: { host: "*.example" } }] }] }',
      ),
    ),
    'VirtualService',
    'route',
  );

  test('destinations that carry traffic, mirrors included; wildcards name themselves', () => {
    expect(destinationHosts(vs, 'cluster.local').map(({ written, path }) => `${written} ${path.join('.')}`)).toEqual([
      'basket spec.http.0.route.0.destination.host',
      'copy spec.http.0.mirror.host',
    ]);
  });

  test('the hosts that sidecars route', () => {
    expect(routedHosts(vs).map(({ written, path }) => `${written} ${path.join('.')}`)).toEqual(['a.example spec.hosts.0', 'basket spec.hosts.2']);
    const bound = meshOf(route('{ hosts: [a.example], gateways: [egress] }'));
    expect(routedHosts(only(bound, 'VirtualService', 'route'))).toEqual([]);
  });

  test('the host of a DestinationRule, unless it is a wildcard', () => {
    const rule = (host: string) => {
      const mesh = meshOf(`apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: { name: rule, namespace: shop }\nspec: { host: ${host} }\n`);
      return policyHosts(only(mesh, 'DestinationRule', 'rule')).map(({ written }) => written);
    };
    expect([rule('a.example'), rule('"*.example"'), rule('""')]).toEqual([['a.example'], [], []]);
  });
});
