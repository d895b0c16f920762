import { arePodsInView, callOf, defineRule, isTemplated, nameOf, openedElsewhere, otherSelection, type ResourceByKind, storyOf } from '../../src/rule-api.ts';

export default defineRule({
  meta: {
    name: 'gateway-selects-nothing',
    code: 'EL609',
    family: 'gateways',
    peers: ['IST0101', 'KIA0302'],
    severity: 'error',
    asksPaths: true,
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
    others: {
      text: "{gateway}: {vs} sends sidecars to {host}, but selector '{key}: {value}' does not fit the Pods there ({meant} {has}), so they do not open its servers",
      label: 'not the Pods to which sidecars are sent',
      symptom: 'the port is closed at the gateway: HTTP calls through it get 503 (flag UF, connection refused), TLS connections are reset, curl: (35)',
      help: 'write labels that these Pods have, or send sidecars to the Service of the gateway that the selector picks',
    },
    onTheWay: {
      text: "{gateway}: selector '{key}: {value}' does not pick the Pods to which {vs} sends calls to {call} from {client}, so nothing listens for them there",
      label: 'these Pods have {has}',
      help: "write the labels of the Pods behind the gateway's Service, or lead the route to the Service of the Pods that this Gateway selects",
    },
    nobody: {
      text: '{gateway}: no Pods and no Service have the labels of its selector ({selector}), so nothing opens its servers',
      label: 'no gateway has these labels',
      symptom: 'the port is closed at the gateway: HTTP calls through it get 503 (flag UF, connection refused), TLS connections are reset, curl: (35)',
      help: 'write the labels of the Pods of a gateway; if they run outside of these files, name them in the configuration (assume.gateways), which says that nothing lies outside (closedWorld)',
    },
  },

  create: ({ mesh, report }) => {
    const reportOthers = (gateway: ResourceByKind['Gateway']): void => {
      const { pods, virtualService } = openedElsewhere(mesh, gateway) ?? {};
      const wrong = Object.entries(gateway.spec.selector).find(([key, value]) => pods?.labels[key] !== value);
      if (!pods?.resource || !virtualService || !wrong) return;
      const [key, value] = wrong;
      const found = pods.labels[key];
      const meant = nameOf(pods.resource);
      const at = { resource: gateway, path: ['spec', 'selector', key] };
      report('others', at, {
        data: {
          gateway: nameOf(gateway),
          vs: nameOf(virtualService),
          host: pods.host ?? '',
          key,
          value,
          meant,
          has: found ? `has '${key}: ${found}'` : `has no '${key}'`,
        },
        related: [
          { at: { resource: pods.resource, path: ['metadata', 'name'] }, message: 'sidecars are sent to its Pods' },
          { at: { resource: virtualService, path: ['metadata', 'name'] }, message: `${nameOf(virtualService)} sends them there` },
        ],
        fixes: found ? [{ title: `write '${found}'`, safe: false, changes: [{ do: 'replace', at, value: found }] }] : [],
      });
    };
    return {
      Path(path) {
        const other = otherSelection(path, mesh);
        if (!other) return;
        const { gateway, virtualService, key, value, has } = other;
        const data = { gateway: nameOf(gateway), vs: nameOf(virtualService), key, value, has, ...callOf(path) };
        report('onTheWay', { resource: gateway, path: ['spec', 'selector', key] }, { data, ...storyOf(path) });
      },
      Gateway(gateway) {
        const { selector } = gateway.spec;
        const selection = mesh.gatewaySelection;
        if (isTemplated(gateway, ['spec', 'selector'])) return;
        if (selection.fits(selector)) {
          reportOthers(gateway);
          return;
        }
        const bound = mesh.gatewayBindings.to(gateway).filter((vs) => mesh.belongTogether(vs, gateway));
        const meant = selection.steeredTo(gateway, bound, mesh.gatewayServices, mesh.config.clusterDomain) ?? selection.alike(gateway);
        const isMeant = meant !== undefined && (!meant.resource || mesh.belongTogether(gateway, meant.resource));
        const wrong = isMeant ? Object.entries(selector).find(([key, value]) => meant.labels[key] !== undefined && meant.labels[key] !== value) : undefined;
        if (!isMeant || !wrong) {
          const at = { resource: gateway, path: ['spec', 'selector'] };
          if (arePodsInView(mesh, gateway)) report('nobody', at, { data: { gateway: nameOf(gateway), selector: textOf(selector) } });
          return;
        }
        const { resource, labels } = meant;
        const [key, value] = wrong;
        const found = labels[key] ?? '';
        const at = { resource: gateway, path: ['spec', 'selector', key] };
        report('nothing', at, {
          data: { gateway: nameOf(gateway), key, value, found, meant: resource ? nameOf(resource) : `the stock gateway behind ${meant.host}` },
          // What is not in view may have other labels than a stock installation gives.
          ...(!(meant.isSteeredTo && resource) && { confidence: 'likely' }),
          related: resource ? [{ at: { resource, path: ['metadata', 'name'] }, message: `its Pods have ${key}: ${found}` }] : [],
          fixes: [{ title: `write '${found}'`, safe: false, changes: [{ do: 'replace', at, value: found }] }],
        });
      },
    };
  },
});

function textOf(selector: Readonly<Record<string, string>>): string {
  return Object.entries(selector)
    .map(([key, value]) => `${key}: ${value}`)
    .join(', ');
}
