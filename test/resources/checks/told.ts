import { describe, expect, test } from 'vitest';
import { pathText } from '../../../src/engine/place.ts';
import { load } from '../../../src/mesh/load.ts';
import type { Problem } from '../../../src/resources/field.ts';

/** Metadata beside name and namespace. */
export interface Metadata {
  readonly name?: string;
  readonly namespace?: string | undefined;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** The API of kinds that are not networking.istio.io/v1. */
const APIS: Readonly<Record<string, string>> = {
  AuthorizationPolicy: 'security.istio.io/v1',
  PeerAuthentication: 'security.istio.io/v1',
  RequestAuthentication: 'security.istio.io/v1',
  Telemetry: 'telemetry.istio.io/v1',
  ProxyConfig: 'networking.istio.io/v1beta1',
  EnvoyFilter: 'networking.istio.io/v1alpha3',
};

/** Kinds by the name that rules use, of the Gateway API. */
const GATEWAY_API: readonly string[] = [
  'KubernetesGateway',
  'GatewayClass',
  'HTTPRoute',
  'GRPCRoute',
  'TLSRoute',
  'TCPRoute',
  'ReferenceGrant',
  'BackendTLSPolicy',
];

/** What decoding and the checks say of an object. */
export function problemsOf(kind: string, spec: unknown, metadata: Metadata = {}): readonly Problem[] {
  const apiVersion = GATEWAY_API.includes(kind) ? 'gateway.networking.k8s.io/v1' : (APIS[kind] ?? 'networking.istio.io/v1');
  const text = JSON.stringify({ apiVersion, kind: kind.replace('Kubernetes', ''), metadata: { name: 'rates', namespace: 'shop', ...metadata }, spec });
  const resource = load([{ file: 'test.json', text, named: true }])[0]?.resources[0];
  if (!resource) throw new Error(`${kind} is not read`);
  return resource.problems;
}

/** The same in one line each: who refuses it, which problem, where. */
export function told(kind: string, spec: unknown, metadata?: Metadata): readonly string[] {
  return problemsOf(kind, spec, metadata).map(({ refusedBy, type, path }) => `${refusedBy} ${type} ${pathText(path)}`);
}

/** A row of a table: what a check refuses and what it tells, beside configurations that are right or almost wrong, which must be silent. */
export interface Row {
  readonly check: string;
  readonly bad: unknown;
  readonly tells: readonly string[];
  readonly fine: readonly unknown[];
  readonly metadata?: Metadata;
}

/** Holds a table against a kind: each bad object tells what its row says, and each fine one nothing. */
export function holdTable(kind: string, rows: readonly Row[]): void {
  describe.each(rows.map((row) => [row.check, row] as const))('%s', (_, { bad, tells, fine, metadata }) => {
    test('is told with its place', () => expect(told(kind, bad, metadata)).toEqual(tells));
    test.runIf(fine.length > 0).each(fine.map((spec) => [JSON.stringify(spec), spec] as const))('not of %s', (_title, spec) => {
      expect(told(kind, spec, metadata)).toEqual([]);
    });
  });
}
