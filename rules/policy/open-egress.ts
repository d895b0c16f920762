import { defineRule, type Mesh, nameOf } from '../../src/rule-api.ts';

type Source = Mesh['config']['sources'][number];

export default defineRule({
  meta: {
    name: 'open-egress',
    code: 'EL710',
    family: 'policy',
    severity: 'warning',
    strict: 'warning',
    isOptIn: true,
    summary: 'Sidecars let calls to hosts pass that nobody registered (ALLOW_ANY).',
    securitySeverity: 5,
  },
  messages: {
    mesh: {
      text: '{holder}: the outbound policy of the mesh is {mode}, so workloads can call any host, registered or not',
      label: 'lets everything out',
      symptom: 'calls to unknown hosts get through, past every route and policy: PassthroughCluster in the access log',
      help: 'set outboundTrafficPolicy.mode to REGISTRY_ONLY once a ServiceEntry registers each host that is called',
    },
    byDefault: {
      text: '{holder} sets no outbound policy, and without one workloads can call any host, registered or not (ALLOW_ANY)',
      label: 'no outboundTrafficPolicy',
      symptom: 'calls to unknown hosts get through, past every route and policy: PassthroughCluster in the access log',
      help: 'add outboundTrafficPolicy with mode REGISTRY_ONLY once a ServiceEntry registers each host that is called',
    },
    sidecar: {
      text: '{sidecar}: the outbound policy of {workloads} is {mode}, whatever the mesh says, so they can call any host',
      label: 'lets everything out',
      symptom: 'calls to unknown hosts get through, past every route and policy: PassthroughCluster in the access log',
      help: "remove 'outboundTrafficPolicy' here if the mesh has REGISTRY_ONLY, or set that mode",
    },
  },

  create: ({ mesh, report }) => ({
    Mesh() {
      for (const source of mesh.config.sources) {
        const written = source.raw && policyKey(source);
        // What leaves the policy to something else says nothing of it.
        if (!source.raw || (written === undefined && !source.isWhole)) continue;
        const holder = nameOf(source.resource);
        if (written === undefined) report('byDefault', { resource: source.resource, path: source.path, part: 'key' }, { data: { holder } });
        else {
          const mode = modeIn(source.raw[written]);
          if (mode !== 'REGISTRY_ONLY') report('mesh', { resource: source.resource, path: [...source.path, written, 'mode'] }, { data: { holder, mode } });
        }
      }
    },
    Sidecar(sidecar) {
      const { outboundTrafficPolicy, workloadSelector } = sidecar.spec;
      if (!sidecar.isSet(['spec', 'outboundTrafficPolicy', 'mode']) || outboundTrafficPolicy?.mode !== 'ALLOW_ANY') return;
      const workloads = workloadSelector ? 'the workloads that it selects' : `the workloads of ${sidecar.namespace}`;
      report(
        'sidecar',
        { resource: sidecar, path: ['spec', 'outboundTrafficPolicy', 'mode'] },
        { data: { sidecar: nameOf(sidecar), workloads, mode: 'ALLOW_ANY' } },
      );
    },
  }),
});

function policyKey({ raw }: Source): string | undefined {
  return ['outboundTrafficPolicy', 'outbound_traffic_policy'].find((key) => raw?.[key] !== undefined && raw[key] !== null);
}

/** S-12: REGISTRY_ONLY is the zero value; modes may be written as numbers. */
function modeIn(policy: unknown): string {
  const mode = typeof policy === 'object' && policy !== null && 'mode' in policy ? policy.mode : undefined;
  if (mode === undefined || mode === null || mode === 0 || mode === '0') return 'REGISTRY_ONLY';
  return mode === 1 ? 'ALLOW_ANY' : String(mode);
}
