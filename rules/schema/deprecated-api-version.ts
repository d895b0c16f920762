import { defineRule, nameOf } from '../../src/rule-api.ts';

/** The kinds that Istio 1.22 and later serve as v1, by group; EnvoyFilter and ProxyConfig are not among them. */
const SERVED_AS_V1: Readonly<Record<string, ReadonlySet<string>>> = {
  'networking.istio.io': new Set(['DestinationRule', 'Gateway', 'ServiceEntry', 'Sidecar', 'VirtualService', 'WorkloadEntry', 'WorkloadGroup']),
  'security.istio.io': new Set(['AuthorizationPolicy', 'PeerAuthentication', 'RequestAuthentication']),
  'telemetry.istio.io': new Set(['Telemetry']),
};

export default defineRule({
  meta: {
    name: 'deprecated-api-version',
    code: 'EL112',
    family: 'schema',
    severity: 'info',
    summary: 'An alpha or beta version of an API that is served as v1.',
    fixable: 'suggestion',
  },
  messages: {
    older: {
      text: '{resource}: {version} is an older version of an API that Istio 1.22 and later serve as v1, with the same fields',
      label: 'served as v1',
      help: 'write {newer}, once no cluster with Istio before 1.22 gets this file',
    },
  },

  create: ({ report }) => ({
    Resource(resource) {
      const [group = '', version = ''] = resource.apiVersion.split('/');
      if (!/^v1(?:alpha|beta)\d+$/.test(version) || !SERVED_AS_V1[group]?.has(resource.kind)) return;
      const at = { resource, path: ['apiVersion'] };
      const newer = `${group}/v1`;
      report('older', at, {
        data: { resource: nameOf(resource), version: resource.apiVersion, newer },
        fixes: [{ title: `write ${newer}`, safe: false, changes: [{ do: 'replace', at, value: newer }] }],
      });
    },
  }),
});
