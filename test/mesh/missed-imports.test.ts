import { describe, expect, test } from 'vitest';
import { importsAnything, MissedImports } from '../../src/mesh/missed-imports.ts';
import { parseSidecarHost } from '../../src/mesh/sidecar-imports.ts';
import { meshOf, only } from '../support/mesh-of.ts';

const entry = (host: string, namespace: string, exportTo = '*') => `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: ${host.replace(/\W+/g, '-').replace(/^-/, 'w-')}, namespace: ${namespace} }
spec: { hosts: ["${host}"], exportTo: ["${exportTo}"], ports: [{ number: 443, name: tls, protocol: TLS }], resolution: NONE }
---`;
const routes = `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: rates, namespace: bank }
spec: { hosts: [rates.example], http: [{ route: [{ destination: { host: rates.example } }] }] }
---`;

/** A Sidecar of namespace shop that imports hosts, with what the first of them says. */
function importing(text: string, hosts: readonly string[]) {
  const mesh = meshOf(`${text}
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: default, namespace: shop }
spec: { egress: [{ hosts: ${JSON.stringify(hosts)} }] }
`);
  const sidecar = only(mesh, 'Sidecar', 'default');
  const [listener] = sidecar.spec.egress;
  const host = parseSidecarHost(hosts[0] ?? '', 'shop');
  if (!listener || !host) throw new Error('no such host');
  return { mesh, sidecar, listener, host };
}

/** What the first of the hosts that a Sidecar of namespace shop imports was meant for. */
function missed(text: string, ...hosts: readonly string[]): string | undefined {
  const { mesh, sidecar, listener, host } = importing(text, hosts);
  if (importsAnything(mesh, sidecar, host)) return 'imported';
  const found = new MissedImports(mesh).find(sidecar, listener, host);
  return found && `${found.why} ${found.registered.namespace}/${found.registered.host} ${found.fixed ?? '-'}`;
}

describe('S-4: an exact egress host that imports nothing was meant for', () => {
  test.each([
    ['what is not exported', entry('rates.example', 'bank', '.'), 'bank/rates.example', 'hidden bank/rates.example -'],
    ['what another namespace registers', entry('rates.example', 'bank'), './rates.example', 'otherNamespace bank/rates.example bank/rates.example'],
    ['what its own namespace registers', entry('rates.example', 'shop'), 'bank/rates.example', 'otherNamespace shop/rates.example ./rates.example'],
    ['a wildcard', entry('*.example', 'shop'), './rates.example', 'wildcard shop/*.example ./*.example'],
    ['a name that differs by a slip', entry('rates.bank.example', 'shop'), './rates.bnak.example', 'nearMiss shop/rates.bank.example ./rates.bank.example'],
  ])('%s', (_, text, host, expected) => expect(missed(text, host)).toBe(expected));

  test.each([
    ['nothing that is in view', entry('rates.example', 'bank'), ['./quotes.test']],
    ['nothing that another entry does not import', entry('rates.example', 'bank'), ['./rates.example', 'bank/*']],
    ['nothing but itself', entry('rates.example', 'bank'), ['bank/rates.example']],
  ])('%s', (name, text, hosts) => expect(missed(text, ...hosts)).toBe(name.endsWith('itself') ? 'imported' : undefined));

  test('S-5: a VirtualService of the namespace that it names', () => {
    expect(missed(routes, 'bank/rates.example')).toBe('imported');
    expect(missed(routes, 'edge/rates.example')).toBeUndefined();
  });
});

describe('S-3: a namespace that nobody has seen was meant for', () => {
  const service = (namespace = 'shop') => `
apiVersion: v1
kind: Service
metadata: { name: orders, namespace: ${namespace} }
spec: { selector: { app: orders }, ports: [{ name: http, port: 80 }] }
---`;
  const found = (text: string, ...hosts: readonly string[]): string | undefined => {
    const { mesh, sidecar, listener, host } = importing(text, hosts);
    return new MissedImports(mesh).serviceFor(sidecar, listener, host)?.fixed;
  };

  test.each([
    ['the Service of that name', service(), ['orders/*'], './orders.shop.svc.cluster.local'],
    ['nothing, where the Service is elsewhere', service('bank'), ['orders/*'], undefined],
    ['nothing, where it is imported all the same', service(), ['orders/*', './*'], undefined],
    ['itself, where something is in it', service() + entry('rates.example', 'orders'), ['orders/*'], undefined],
    ['itself, where it is declared', `${service()}\napiVersion: v1\nkind: Namespace\nmetadata: { name: orders }\n---`, ['orders/*'], undefined],
    ['a name, where one is given', service(), ['orders/rates.example'], undefined],
  ])('%s', (_, text, hosts, expected) => expect(found(text, ...hosts)).toBe(expected));
});
