import { defineRule, isGatewayWorkload, nameOf, stockGatewayWith } from '../../src/rule-api.ts';

export default defineRule({
  meta: {
    name: 'ineffective-peer-authentication',
    code: 'EL511',
    family: 'visibility',
    peers: ['KIA0207', 'KIA0208'],
    severity: 'warning',
    summary: "A PeerAuthentication asks for mTLS at a gateway, where only the Gateway's own servers decide.",
  },
  messages: {
    gateway: {
      text: '{policy} asks for mTLS at {gateway}, but has no effect there: the tls of the servers of its Gateways decides what clients have to speak',
      label: 'not applied to the ports of Gateways',
      symptom: 'calls from sidecars to the gateway stay plaintext, although the policy says STRICT',
      help: 'set tls mode ISTIO_MUTUAL at the server of the Gateway, and in a DestinationRule for the Service of the gateway',
    },
  },

  create: ({ mesh, report }) => ({
    PeerAuthentication(policy) {
      const { selector, mtls } = policy.spec;
      const labels = selector?.matchLabels ?? {};
      if (Object.keys(labels).length === 0 || mtls?.mode !== 'STRICT' || !mesh.hasKnownNamespace(policy)) return;
      const pods = mesh.podsSelected(policy.namespace, labels);
      const stock = stockGatewayWith(labels);
      if (pods.length > 0 ? !pods.every(isGatewayWorkload) : stock?.namespace !== policy.namespace) return;
      const gateway = pods[0] ? nameOf(pods[0].resource) : `the gateway ${policy.namespace}/${stock?.name}`;
      report(
        'gateway',
        { resource: policy, path: ['spec', 'mtls', 'mode'] },
        { data: { policy: nameOf(policy), gateway }, ...(pods.length === 0 && { confidence: 'likely' }) },
      );
    },
  }),
});
