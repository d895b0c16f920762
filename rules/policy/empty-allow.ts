import { defineRule, isTemplated, nameOf } from '../../src/rule-api.ts';

export default defineRule({
  meta: {
    name: 'empty-allow',
    code: 'EL706',
    family: 'policy',
    severity: 'info',
    strict: 'warning',
    summary: 'An AuthorizationPolicy without rules lets nobody in, unless another policy does.',
    securitySeverity: 2,
  },
  messages: {
    nobody: {
      text: '{policy} has no rules, so it lets nobody in to {selected}: every request is denied that no other ALLOW policy lets in',
      label: 'allows nothing',
      symptom: 'HTTP 403 "RBAC: access denied", or a reset connection for TLS and TCP',
      help: 'keep it if that is meant, as a base for other policies; to let everybody in write one rule that is empty',
    },
  },

  create: ({ report }) => ({
    AuthorizationPolicy(policy) {
      const { action, rules, selector, targetRef, targetRefs } = policy.spec;
      if (action !== 'ALLOW' || rules.length > 0 || isTemplated(policy, ['spec'])) return;
      const isForSome = Object.keys(selector?.matchLabels ?? {}).length > 0 || targetRef || targetRefs.length > 0;
      report(
        'nobody',
        { resource: policy, path: ['spec'], part: 'key' },
        {
          data: { policy: nameOf(policy), selected: isForSome ? 'what it selects' : `all workloads of ${policy.namespace}` },
        },
      );
    },
  }),
});
