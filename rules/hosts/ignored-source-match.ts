import { defineRule, isTemplated, nameOf, type Path, type ResourceByKind } from '../../src/rule-api.ts';

type HttpMatch = ResourceByKind['VirtualService']['spec']['http'][number]['match'][number];

export default defineRule({
  meta: {
    name: 'ignored-source-match',
    code: 'EL333',
    family: 'hosts',
    severity: 'warning',
    summary: 'A match asks for labels or a namespace of clients where Istio does not look at them.',
    fixable: 'suggestion',
  },
  messages: {
    beside: {
      text: "{vs}: '{field}' is not looked at beside 'gateways', so this match holds for all clients",
      label: 'never looked at',
      symptom: 'clients that were to be left out take this rule as well, and rules for them that stand below it never get a request',
      help: "remove 'gateways' from this match, if the VirtualService is for sidecars only; else write one VirtualService for sidecars and one for the gateway",
    },
    atGateway: {
      text: "{vs} is for gateways only, where '{field}' is compared with the gateway's own Pods, not with those of clients, so this match holds for nobody",
      label: "the gateway's, not the client's",
      symptom: 'requests at the gateway take another rule, or get HTTP 404 (flag NR)',
      help: "remove '{field}': a gateway cannot tell clients by it. Tell them apart in a VirtualService for sidecars, or by an AuthorizationPolicy at the gateway",
    },
  },

  create: ({ report }) => ({
    VirtualService(vs) {
      const { gateways, http } = vs.spec;
      const isForGateways = gateways.length > 0 && !gateways.includes('mesh') && !isTemplated(vs, ['spec', 'gateways']);
      for (const [i, { match }] of http.entries()) {
        for (const [j, each] of match.entries()) {
          const path: Path = ['spec', 'http', i, 'match', j];
          const field = sourceFieldOf(each);
          if (field === undefined || isTemplated(vs, path)) continue;
          const data = { vs: nameOf(vs), field };
          const at = { resource: vs, path: [...path, field], part: 'key' as const };
          const isForSidecars = gateways.length === 0 && each.gateways.every((gateway) => gateway === 'mesh');
          const remove = [{ title: "remove 'gateways'", safe: false, changes: [{ do: 'remove' as const, at: { resource: vs, path: [...path, 'gateways'] } }] }];
          if (each.gateways.length > 0) report('beside', at, { data, fixes: isForSidecars ? remove : [] });
          else if (isForGateways) report('atGateway', at, { data, confidence: 'likely' });
        }
      }
    },
  }),
});

/** R-8, G-6: the condition on clients that a match has, if any. */
function sourceFieldOf({ sourceLabels, sourceNamespace }: HttpMatch): 'sourceLabels' | 'sourceNamespace' | undefined {
  if (Object.keys(sourceLabels).length > 0) return 'sourceLabels';
  return sourceNamespace ? 'sourceNamespace' : undefined;
}
