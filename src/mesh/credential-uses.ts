import type { DestinationRule } from '../resources/destination-rule.ts';
import type { Gateway } from '../resources/gateway.ts';
import type { Path } from '../yaml/locate.ts';
import { stepInto } from '../yaml/step-into.ts';
import { gatewaysMeant } from './bound-gateways.ts';
import type { CredentialHolder, CredentialHolders } from './credential-holders.ts';
import { gatewayLegs } from './gateway-legs.ts';
import type { Mesh } from './mesh.ts';
import { tlsSettingsOf } from './traffic-policies.ts';

/** What a proxy takes from a Secret: a certificate with its key, or the CA that it trusts. */
export type CredentialPart = 'certificate' | 'ca';

/** A field that names a Secret, and who reads that from where. */
export interface CredentialUse {
  readonly resource: DestinationRule | Gateway;
  /** To the field with the name. */
  readonly path: Path;
  readonly secret: string;
  readonly mode: string;
  readonly needs: readonly CredentialPart[];
  /** Whose calls need it. */
  readonly host: string;
  readonly reader: {
    /** As the subject of a sentence. */
    readonly who: string;
    readonly namespace: string;
    /** Whether the files show that the proxy runs there; false where only the stock installation does: another gateway may have the same labels. */
    readonly isInView: boolean;
  };
}

/**
 * The Secrets that proxies are told to read by `credentialName` (docs/traffic-model.md, D-10), each with the one namespace that it is read from. Where several
 * proxies may be meant, or one that is not in view, it is left out. References with a scheme (`configmap://`) are no Secrets.
 */
export function credentialUses(mesh: Mesh): readonly CredentialUse[] {
  const found = [...ofSidecars(mesh), ...ofGateways(mesh), ...ofServers(mesh)].filter(({ secret }) => secret !== '' && !secret.includes('://'));
  const byField = new Map(found.map((use) => [`${use.resource.kind}/${use.resource.namespace}/${use.resource.name}/${use.path.join('/')}`, use]));
  return [...byField.values()];
}

/** D-10: where each part of a credential may lie: the CA also in a Secret of its own. */
export function holdersOf(holders: CredentialHolders, secret: string, part: CredentialPart): readonly CredentialHolder[] {
  return part === 'ca' ? [...holders.named(`${secret}-cacert`), ...holders.named(secret)] : holders.named(secret);
}

const KEYS: Readonly<Record<CredentialPart, readonly (readonly string[])[]>> = {
  certificate: [
    ['tls.crt', 'tls.key'],
    ['cert', 'key'],
  ],
  ca: [['cacert'], ['ca.crt']],
};

/** D-10: whether a Secret has a part; taken for granted where its keys are not known. */
export function holdsPart({ keys }: CredentialHolder, part: CredentialPart): boolean {
  return !keys || KEYS[part].some((names) => names.every((name) => keys.has(name)));
}

/** Whether a Secret looks like a credential for TLS at all. */
export function isCredential(holder: CredentialHolder): boolean {
  return holder.resource.kind === 'Certificate' || (holder.keys !== undefined && (holdsPart(holder, 'certificate') || holdsPart(holder, 'ca')));
}

type ClientTls = ReturnType<typeof tlsSettingsOf>[number]['tls'];

/** D-8, D-10: the client's certificate with MUTUAL, and the CA unless the server is not verified. */
function neededBy({ mode, insecureSkipVerify }: ClientTls): readonly CredentialPart[] {
  if (mode !== 'SIMPLE' && mode !== 'MUTUAL') return [];
  return [...(mode === 'MUTUAL' ? (['certificate'] as const) : []), ...(insecureSkipVerify ? [] : (['ca'] as const))];
}

/** D-4, D-10: sidecars read Secrets of their own namespace, for rules that select them. */
function ofSidecars(mesh: Mesh): readonly CredentialUse[] {
  const rules = mesh.all('DestinationRule').filter((rule) => rule.isSet(['spec', 'workloadSelector']) && mesh.hasKnownNamespace(rule));
  return rules.flatMap((resource) =>
    tlsSettingsOf(resource).map(({ tls, path }) => ({
      ...ofClient(resource, tls, path),
      host: resource.spec.host ?? '',
      reader: {
        who: 'each selected sidecar',
        namespace: resource.namespace,
        isInView: mesh.podsSelected(resource.namespace, resource.spec.workloadSelector?.matchLabels ?? {}).length > 0,
      },
    })),
  );
}

/** D-10: gateways read Secrets of the namespace of their Pods. */
function ofGateways(mesh: Mesh): readonly CredentialUse[] {
  return mesh.originations.flatMap(({ tls, path, rule, host, port }) => {
    if (!tls.credentialName) return [];
    const gateways = mesh.routes.to(host.host, port.number).map((route) => {
      const leg = gatewayLegs(route.virtualService).find(({ section, rule: index }) => section === route.section && index === route.rule);
      return gatewaysMeant(leg?.matches.flatMap((match) => match.gateways) ?? [], route.virtualService, mesh) ?? [];
    });
    // A route that is for sidecars, or for a gateway that is not in view, leaves open who reads.
    const reader = gateways.some((each) => each.length === 0) ? undefined : readerAt(mesh, gateways.flat());
    return reader ? [{ ...ofClient(rule, tls, path), host: host.host, reader }] : [];
  });
}

function ofClient(resource: DestinationRule, tls: ClientTls, path: Path) {
  return { resource, path: stepInto(path, 'credentialName'), secret: tls.credentialName ?? '', mode: tls.mode, needs: neededBy(tls) };
}

/** The certificates of a gateway's own servers. */
function ofServers(mesh: Mesh): readonly CredentialUse[] {
  return mesh.all('Gateway').flatMap((gateway) => {
    const withCredential = gateway.spec.servers.flatMap(({ tls, hosts }, index) => (tls?.credentialName ? [{ tls, hosts, index }] : []));
    const reader = withCredential.length === 0 ? undefined : readerAt(mesh, [gateway]);
    if (!reader) return [];
    return withCredential.flatMap(({ tls, hosts, index }): readonly CredentialUse[] => {
      const { mode, credentialName = '', caCertCredentialName } = tls;
      if (mode !== 'SIMPLE' && mode !== 'MUTUAL' && mode !== 'OPTIONAL_MUTUAL') return [];
      const needs: readonly CredentialPart[] = mode === 'SIMPLE' || caCertCredentialName ? ['certificate'] : ['certificate', 'ca'];
      const path = ['spec', 'servers', index, 'tls', 'credentialName'];
      return [{ resource: gateway, path, secret: credentialName, mode, needs, host: hosts[0] ?? '', reader }];
    });
  });
}

function readerAt(mesh: Mesh, gateways: readonly Gateway[]): CredentialUse['reader'] | undefined {
  const [namespace, another] = [...new Set(gateways.flatMap((gateway) => mesh.gatewayServices.namespacesOf(gateway)))];
  if (namespace === undefined || another !== undefined) return undefined;
  const isInView = gateways.every(
    (gateway) => mesh.podsSelected(namespace, gateway.spec.selector).length > 0 || mesh.gatewayServices.isInView(gateway, namespace),
  );
  return { who: 'the gateway', namespace, isInView };
}
