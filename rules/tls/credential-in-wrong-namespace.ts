import {
  defineRule,
  gatewayLegs,
  gatewaysMeant,
  type Mesh,
  nameOf,
  type Origination,
  type Resource,
  type ResourceByKind,
  tlsSettingsOf,
} from '../../src/rule-api.ts';

export default defineRule({
  meta: {
    name: 'credential-in-wrong-namespace',
    code: 'EL210',
    family: 'tls',
    severity: 'warning',
    summary: 'The Secret of a DestinationRule lies in another namespace than the proxy that has to read it.',
  },
  messages: {
    elsewhere: {
      text: 'DestinationRule {rule}: {who} reads Secret {secret} from namespace {namespace}, where these files have none; there is one in {found}',
      label: 'looked up in {namespace}',
      symptom:
        'no certificate reaches the proxy: HTTP 503 (flag UF or UH) for calls to {host}; the log of istiod or of the proxy says that the secret could not be fetched',
      help: "put the Secret into namespace {namespace}: it is read from the namespace of the proxy's Pods, not from that of the DestinationRule",
    },
  },

  create: ({ mesh, report }) => ({
    Mesh() {
      const reported = new Set<string>();
      for (const { rule, tls, path, host, reader } of [...selectedSidecars(mesh), ...gateways(mesh)]) {
        const secret = tls.credentialName ?? '';
        const key = `${rule.namespace}/${rule.name}/${path.join('/')}`;
        if (secret === '' || secret.includes('://') || reported.has(key) || mesh.hasUnknownNames('Secret')) continue;
        const holders = holdersOf(secret, mesh);
        const [elsewhere] = holders.filter((holder) => mesh.hasKnownNamespace(holder) && mesh.belongTogether(holder, rule));
        if (!elsewhere || holders.some((holder) => holder.namespace === reader.namespace || !mesh.hasKnownNamespace(holder))) continue;
        reported.add(key);
        report(
          'elsewhere',
          { resource: rule, path: [...path, 'credentialName'] },
          {
            data: { rule: `${rule.namespace}/${rule.name}`, secret, host, found: elsewhere.namespace, ...reader },
            confidence: 'likely',
            related: [{ at: { resource: elsewhere, path: ['metadata', 'namespace'] }, message: nameOf(elsewhere) }],
          },
        );
      }
    },
  }),
});

interface Reading {
  readonly rule: ResourceByKind['DestinationRule'];
  readonly tls: Origination['tls'];
  readonly path: Origination['path'];
  readonly host: string;
  /** Who reads the Secret, and from where. */
  readonly reader: { readonly who: string; readonly namespace: string };
}

/** D-4, D-10: sidecars read Secrets of their own namespace, for rules that select them. */
function selectedSidecars(mesh: Mesh): readonly Reading[] {
  const rules = mesh.all('DestinationRule').filter((rule) => rule.isSet(['spec', 'workloadSelector']) && mesh.hasKnownNamespace(rule));
  return rules.flatMap((rule) =>
    tlsSettingsOf(rule).map((placed) => ({ ...placed, rule, host: rule.spec.host ?? '', reader: { who: 'each selected sidecar', namespace: rule.namespace } })),
  );
}

/** D-10: gateways read Secrets of the namespace of their Pods. Where several may call the host, or one that is not in view, it is not known which is meant. */
function gateways(mesh: Mesh): readonly Reading[] {
  return mesh.originations.flatMap((origination) => {
    if (!origination.tls.credentialName) return [];
    const namespaces = mesh.routes.to(origination.host.host, origination.port.number).map((route) => {
      const leg = gatewayLegs(route.virtualService).find(({ section, rule }) => section === route.section && rule === route.rule);
      const references = leg?.matches.flatMap((match) => match.gateways) ?? [];
      const found = gatewaysMeant(references, route.virtualService, mesh)?.flatMap((gateway) => mesh.gatewayServices.namespacesOf(gateway)) ?? [];
      return new Set(found).size === 1 ? found[0] : undefined;
    });
    const [namespace] = namespaces;
    if (namespace === undefined || namespaces.some((each) => each !== namespace)) return [];
    return [{ ...origination, host: origination.host.host, reader: { who: 'the gateway', namespace } }];
  });
}

/** The objects that are, or make, a Secret of a name. The CA may lie in one of its own. */
function holdersOf(name: string, mesh: Mesh): readonly Resource[] {
  return (['Secret', 'SealedSecret', 'ExternalSecret', 'Certificate'] as const).flatMap((kind) => [
    ...mesh.namedAnywhere(kind, name),
    ...mesh.namedAnywhere(kind, `${name}-cacert`),
  ]);
}
