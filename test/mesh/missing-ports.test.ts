import { describe, expect, test } from 'vitest';
import { missingPorts, portlessDestinations } from '../../src/mesh/missing-ports.ts';
import { meshOf, only } from '../support/mesh-of.ts';

const entry = (host: string, ports: string, name = host) => `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: ${name}, namespace: shop }
spec: { hosts: [${host}], ports: [${ports}], resolution: DNS }
---`;
const port = (number: number, targetPort = '') => `{ number: ${number}, name: p${number}, protocol: HTTP${targetPort} }`;
const routes = (http: string, gateways = 'mesh') => `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: rates, namespace: shop }
spec: { hosts: [rates.example], gateways: [${gateways}], http: [${http}] }
---`;
const to = (host: string, port = '') => `route: [{ destination: { host: ${host}${port && `, port: { number: ${port} }`} } }]`;

describe('R-20: a port that a destination names and its host lacks', () => {
  const found = (text: string) => {
    const mesh = meshOf(text);
    return missingPorts(mesh, only(mesh, 'VirtualService', 'rates')).map(({ host, port: named, front, meant }) => [host, named, front, meant]);
  };
  test.each([
    ['of a host with another one', entry('rates.example', port(80)), [['rates.example', 8080, undefined, 80]]],
    ['of a host with two others', entry('rates.example', `${port(80)}, ${port(81)}`), [['rates.example', 8080, undefined, undefined]]],
    ['that is the targetPort', entry('rates.example', `${port(80, ', targetPort: 8080')}, ${port(81)}`), [['rates.example', 8080, 80, 80]]],
    ['of a host that two register', entry('rates.example', port(80)) + entry('rates.example', port(81), 'b'), [['rates.example', 8080, undefined, undefined]]],
    ['not where a second registration has it', entry('rates.example', port(80)) + entry('rates.example', port(8080), 'b'), []],
    ['not where ports are template text', entry('rates.example', '"{{ .Values.port }}"'), []],
    ['not of a host that is not in view', '', []],
    [
      'not of an alias, which has the ports of what it stands for',
      '\napiVersion: v1\nkind: Service\nmetadata: { name: rates, namespace: shop }\nspec: { type: ExternalName, externalName: rates.example, ports: [{ port: 80 }] }\n---',
      [],
      'rates',
    ],
  ])('%s', (_, text, expected, host = 'rates.example') => expect(found(text + routes(`{ ${to(host, '8080')} }`))).toEqual(expected));

  test("what a short name means is not certain where the VirtualService's namespace is not", () => {
    const service = '\napiVersion: v1\nkind: Service\nmetadata: { name: rates, NS }\nspec: { ports: [{ port: 80 }] }\n---';
    const certain = (namespace: string) => {
      const mesh = meshOf(service.replace('NS', namespace) + routes(`{ ${to('rates', '8080')} }`).replace('namespace: shop', namespace));
      return missingPorts(mesh, only(mesh, 'VirtualService', 'rates')).map(({ isCertain }) => isCertain);
    };
    expect([certain('namespace: shop'), certain('labels: {}')]).toEqual([[true], [false]]);
  });
});

describe('R-10: a destination without a port, whose host lacks the one that is called', () => {
  const hosts = (called: string, backend: string) => entry('rates.example', called, 'a') + entry('backend.example', backend, 'b');
  const found = (text: string) => {
    const mesh = meshOf(text);
    return portlessDestinations(mesh, only(mesh, 'VirtualService', 'rates')).map(({ host, port: called }) => `${host}:${called}`);
  };
  test.each([
    ['it has another one', hosts(port(8080), port(9090)) + routes(`{ ${to('backend.example')} }`), ['backend.example:8080']],
    ['not where it has it', hosts(port(8080), port(8080)) + routes(`{ ${to('backend.example')} }`), []],
    ['not where it has one of those that are called', hosts(`${port(8080)}, ${port(9090)}`, port(9090)) + routes(`{ ${to('backend.example')} }`), []],
    [
      'of those that the match names',
      hosts(`${port(8080)}, ${port(9090)}`, port(9090)) + routes(`{ match: [{ port: 8080 }], ${to('backend.example')} }`),
      ['backend.example:8080'],
    ],
    ['not where the destination names one', hosts(port(8080), port(9090)) + routes(`{ ${to('backend.example', '9090')} }`), []],
    ['not where a gateway may use the rule', hosts(port(8080), port(9090)) + routes(`{ ${to('backend.example')} }`, 'mesh, out'), []],
    ['not where it has port 80, on which any host is routed', hosts(port(8080), port(80)) + routes(`{ ${to('backend.example')} }`), []],
    ['not where the ports that are called are not known', entry('backend.example', port(9090)) + routes(`{ ${to('backend.example')} }`), []],
  ])('%s', (_, text, expected) => expect(found(text)).toEqual(expected));
});
