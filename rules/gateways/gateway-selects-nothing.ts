import { defineRule, isTemplated, nameOf } from '../../src/rule-api.ts';

export default defineRule({
  meta: {
    name: 'gateway-selects-nothing',
    code: 'EL609',
    family: 'gateways',
    severity: 'error',
    summary: "A Gateway's selector fits no Pods, so no gateway opens its servers.",
    fixable: 'suggestion',
  },
  messages: {
    nothing: {
      text: "{gateway}: selector '{key}: {value}' fits no gateway here, so nothing opens its servers; {meant} has '{key}: {found}'",
      label: 'no Pods have this label',
      symptom: 'the port is closed at the gateway: HTTP calls through it get 503 (flag UF, connection refused), TLS connections are reset, curl: (35)',
      help: "write '{key}: {found}', or give the gateway's Pods the label",
    },
  },

  create: ({ mesh, report }) => ({
    Gateway(gateway) {
      const { selector } = gateway.spec;
      const selection = mesh.gatewaySelection;
      if (isTemplated(gateway, ['spec', 'selector']) || selection.fits(selector)) return;
      const bound = mesh.gatewayBindings.to(gateway).filter((vs) => mesh.belongTogether(vs, gateway));
      const meant = selection.steeredTo(gateway, bound, mesh.gatewayServices, mesh.config.clusterDomain) ?? selection.alike(gateway);
      if (!meant || !mesh.belongTogether(gateway, meant.resource)) return;
      const { resource, labels } = meant;
      const wrong = Object.entries(selector).find(([key, value]) => labels[key] !== undefined && labels[key] !== value);
      if (!wrong) return;
      const [key, value] = wrong;
      const found = labels[key] ?? '';
      const at = { resource: gateway, path: ['spec', 'selector', key] };
      report('nothing', at, {
        data: { gateway: nameOf(gateway), key, value, found, meant: nameOf(resource) },
        ...(!meant.isSteeredTo && { confidence: 'likely' }),
        related: [{ at: { resource, path: ['metadata', 'name'] }, message: `its Pods have ${key}: ${found}` }],
        fixes: [{ title: `write '${found}'`, safe: false, changes: [{ do: 'replace', at, value: found }] }],
      });
    },
  }),
});
