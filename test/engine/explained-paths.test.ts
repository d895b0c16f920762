import { describe, expect, test } from 'vitest';
import { explainedPaths, type Said } from '../../src/engine/explained-paths.ts';
import type { Mesh } from '../../src/index.ts';
import { failingPaths } from '../../src/traffic/probes/failing-paths.ts';
import type { Path } from '../../src/yaml/locate.ts';
import { meshOf, only } from '../support/mesh-of.ts';

const TEXT = `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: partner, namespace: app}
spec:
  hosts: [partner.example]
  resolution: DNS
  ports: [{number: 80, name: http, protocol: HTTP, targetPort: 443}, {number: 443, name: https, protocol: HTTPS}]
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: partner, namespace: app}
spec: {host: partner.example, trafficPolicy: {connectionPool: {tcp: {maxConnections: 5}}}}
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: other, namespace: app}
spec: {hosts: [other.example], resolution: DNS, ports: [{number: 80, name: http, protocol: HTTP}]}
`;

const said = (mesh: Mesh, kind: 'ServiceEntry' | 'DestinationRule', name: string, path: Path, more: Partial<Said> = {}): Said => ({
  at: { resource: only(mesh, kind, name), path },
  isRefused: false,
  isAdvice: false,
  ...more,
});

/** Which of the sayings have a story, and how many paths nothing explains. */
function explain(sayings: (mesh: Mesh) => readonly Said[]) {
  const mesh = meshOf(TEXT);
  const all = sayings(mesh);
  const { stories, open } = explainedPaths(all, failingPaths(mesh));
  return { told: all.map((each) => stories.has(each)), open: open.length };
}

const PORT = ['spec', 'ports', 0, 'protocol'] as const;

describe('a connection that fails', () => {
  test('is open where nothing is said', () => expect(explain(() => [])).toEqual({ told: [], open: 1 }));

  test.each<[string, (mesh: Mesh) => readonly Said[], readonly boolean[], number]>([
    ['a field on the way', (mesh) => [said(mesh, 'ServiceEntry', 'partner', PORT)], [true], 0],
    ['advice about a field on the way', (mesh) => [said(mesh, 'ServiceEntry', 'partner', PORT, { isAdvice: true })], [true], 0],
    ['another port', (mesh) => [said(mesh, 'ServiceEntry', 'partner', ['spec', 'ports', 1])], [true], 0],
    ['advice about another port', (mesh) => [said(mesh, 'ServiceEntry', 'partner', ['spec', 'ports', 1], { isAdvice: true })], [false], 1],
    ['advice about an object that is refused', (mesh) => [said(mesh, 'ServiceEntry', 'partner', ['metadata'], { isRefused: true, isAdvice: true })], [true], 0],
    ['an object that should have had a say', (mesh) => [said(mesh, 'DestinationRule', 'partner', ['spec', 'host'])], [true], 0],
    ['an object about another host', (mesh) => [said(mesh, 'ServiceEntry', 'other', ['spec', 'hosts', 0])], [false], 1],
    [
      'what is on the way before what is beside it',
      (mesh) => [said(mesh, 'DestinationRule', 'partner', ['spec', 'host']), said(mesh, 'ServiceEntry', 'partner', PORT)],
      [false, true],
      0,
    ],
  ])('%s', (_, sayings, told, open) => expect(explain(sayings)).toEqual({ told, open }));
});
