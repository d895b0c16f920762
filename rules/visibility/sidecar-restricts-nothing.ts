import { defineRule, nameOf, restrictsImports, SidecarScopes } from '../../src/rule-api.ts';

/** Settings that people write alone; the first that is there is shown. */
const SETTINGS = ['outboundTrafficPolicy', 'ingress', 'inboundConnectionPool'] as const;

export default defineRule({
  meta: {
    name: 'sidecar-restricts-nothing',
    code: 'EL506',
    family: 'visibility',
    severity: 'warning',
    summary: 'A Sidecar without egress replaces one that restricts what its workloads see, and so opens it again.',
  },
  messages: {
    widens: {
      text: "{sidecar} has no 'egress', so {workloads} see every registered host again: it replaces {other}, which imports less",
      label: "sets no 'egress'",
      symptom: 'hosts that {other} leaves out can be called, under REGISTRY_ONLY too: they are registered, and nothing leaves them out',
      help: "repeat the egress hosts of {other} here: Istio takes one Sidecar as a whole, and what it does not set falls back to '*/*'",
    },
    open: {
      text: "{sidecar} sets {setting}, but no 'egress': {workloads} see every registered host",
      label: "sets no 'egress'",
      help: "add 'egress' with the hosts that the workloads call, if they are to see no others",
    },
  },

  create: ({ mesh, report }) => {
    let scopes: SidecarScopes | undefined;
    return {
      Sidecar(sidecar) {
        if (sidecar.spec.egress.length > 0 || sidecar.isSet(['spec', 'egress'])) return;
        const setting = SETTINGS.find((key) => sidecar.isSet(['spec', key]));
        if (setting === undefined) return;
        scopes ??= new SidecarScopes(mesh);
        const at = { resource: sidecar, path: ['spec', setting] };
        const selector = sidecar.spec.workloadSelector;
        const data = {
          sidecar: nameOf(sidecar),
          workloads: selector ? 'the workloads that it selects' : `the workloads of ${sidecar.namespace}`,
          setting,
        };
        const other = scopes.replacedBy(sidecar);
        if (!other || !restrictsImports(other) || !mesh.belongTogether(sidecar, other)) {
          if (setting === 'outboundTrafficPolicy') report('open', at, { data, severity: 'info' });
          return;
        }
        report('widens', at, {
          data: { ...data, other: nameOf(other) },
          confidence: 'likely',
          related: [{ at: { resource: other, path: ['spec', 'egress'] }, message: `${nameOf(other)} would hold for them otherwise` }],
        });
      },
    };
  },
});
