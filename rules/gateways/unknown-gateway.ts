import { defineRule, matchesNaming, missingGateway, type ResourceByKind } from '../../src/rule-api.ts';

export default defineRule({
  meta: {
    name: 'unknown-gateway',
    code: 'EL601',
    family: 'gateways',
    peers: ['IST0101', 'KIA1102'],
    severity: 'error',
    summary: 'A VirtualService is bound to a Gateway that does not exist under that name.',
    fixable: 'suggestion',
  },
  messages: {
    otherNamespace: {
      text: "VirtualService {vs}: gateway '{entry}' means {meant}, which is not there; the Gateway of that name is {found}",
      label: "a bare name is looked up in the VirtualService's own namespace",
      symptom: 'the routes are not on the gateway: it answers HTTP 404 (Envoy flag NR), or resets TLS connections because it opens no listener for them',
      help: "write '{found}'",
    },
    nearMiss: {
      text: "VirtualService {vs}: gateway '{entry}' means {meant}, which is not in these files; did you mean {found}?",
      label: 'no such Gateway here',
      symptom: 'if it is a slip: the routes are not on the gateway, which answers HTTP 404 (Envoy flag NR) or resets TLS connections',
      help: "write '{found}', or add the Gateway {meant}",
    },
    absent: {
      text: "VirtualService {vs}: gateway '{entry}' means {meant}, which does not exist",
      label: 'no such Gateway',
      symptom: 'the routes are on no gateway: the one that is called answers HTTP 404 (Envoy flag NR), or resets TLS connections',
      help: 'add the Gateway {meant}, or lint the file that holds it together with this one: the configuration says that nothing lies outside (closedWorld)',
    },
    notInView: {
      text: "VirtualService {vs}: gateway '{entry}' means {meant}, which is not in these files",
      label: 'not in view',
      help: 'lint the file that holds the Gateway together with this one',
    },
  },

  create: ({ mesh, report }) => ({
    VirtualService(vs) {
      for (const [i, entry] of vs.spec.gateways.entries()) {
        const missing = missingGateway(mesh, vs, entry);
        if (!missing) continue;
        const { state, meant } = missing;
        const at = { resource: vs, path: ['spec', 'gateways', i] };
        const data = { vs: nameOf(vs), entry, meant: nameOf(meant) };
        const pointTo = (gateway: ResourceByKind['Gateway']) => ({
          data: { ...data, found: nameOf(gateway) },
          related: [{ at: { resource: gateway, path: ['metadata', 'name'] }, message: `Gateway ${nameOf(gateway)}` }],
          fixes: [
            {
              title: `write '${nameOf(gateway)}'`,
              safe: false,
              changes: [at.path, ...matchesNaming(vs, entry)].map((path) => ({ do: 'replace' as const, at: { resource: vs, path }, value: nameOf(gateway) })),
            },
          ],
        });
        if (state === 'elsewhere') report('otherNamespace', at, pointTo(missing.gateway));
        else if (state === 'near-miss') report('nearMiss', at, { ...pointTo(missing.gateway), ...(!mesh.closedWorld && { confidence: 'likely' }) });
        else if (state === 'absent') report('absent', at, { data });
        else report('notInView', at, { data, severity: 'info' });
      }
    },
  }),
});

/** As a VirtualService writes it: without the kind. */
function nameOf({ namespace, name }: { readonly namespace: string; readonly name: string }): string {
  return `${namespace}/${name}`;
}
