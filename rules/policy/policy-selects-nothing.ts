import { defineRule, GatewaysElsewhere, isTemplated, nameOf, type ResourceByKind } from '../../src/rule-api.ts';

type Policy = ResourceByKind['AuthorizationPolicy' | 'RequestAuthentication'];

export default defineRule({
  meta: {
    name: 'policy-selects-nothing',
    code: 'EL702',
    family: 'policy',
    peers: ['IST0127', 'KIA0004'],
    severity: 'error',
    securitySeverity: 7.5,
    summary: 'A policy for a gateway lies in a namespace where the gateway does not run, so it selects nothing.',
  },
  messages: {
    otherNamespace: {
      text: '{policy} selects {labels} in namespace {namespace}, where nothing carries these labels: the gateway runs in namespace {found}, and the policy has no effect',
      label: 'the gateway runs in {found}',
      symptom: '{symptom}',
      help: 'move the policy into namespace {found}: a policy selects workloads of its own namespace only',
    },
  },

  create: ({ mesh, report }) => {
    let gateways: GatewaysElsewhere | undefined;
    const check = (policy: Policy) => {
      const labels = policy.spec.selector?.matchLabels ?? {};
      if (isTemplated(policy, ['spec', 'selector'])) return;
      gateways ??= new GatewaysElsewhere(mesh);
      const found = gateways.of(policy, labels);
      if (!found) return;
      const { resource } = found;
      report(
        'otherNamespace',
        { resource: policy, path: ['metadata', 'namespace'] },
        {
          data: {
            policy: nameOf(policy),
            labels: Object.entries(labels)
              .map((entry) => entry.join('='))
              .join(', '),
            namespace: policy.namespace,
            found: found.namespace,
            symptom: SYMPTOMS[policy.kind],
          },
          ...(!resource && { confidence: 'likely' }),
          related: resource ? [{ at: { resource, path: ['metadata', 'namespace'] }, message: `${nameOf(resource)} carries the labels` }] : [],
        },
      );
    };
    return { AuthorizationPolicy: check, RequestAuthentication: check };
  },
});

const SYMPTOMS = {
  AuthorizationPolicy: 'calls through the gateway are neither denied nor restricted: what the policy should stop gets through',
  RequestAuthentication: 'tokens are not checked at the gateway: requests without one, or with a forged one, get through',
} as const;
