import { defineRule, isGatewayWorkload, type Mesh, nameOf, type ResourceByKind, sortedByAge, stockGatewayWith } from '../../src/rule-api.ts';

type Sidecar = ResourceByKind['Sidecar'];

/** With so many that select the same others are compared. */
const MAX_SIDECARS = 8;

export default defineRule({
  meta: {
    name: 'sidecar-not-in-effect',
    code: 'EL505',
    family: 'visibility',
    peers: ['IST0110', 'IST0111', 'KIA0002', 'KIA0003', 'KIA1006'],
    severity: 'warning',
    summary: 'A Sidecar, or a listener of it, is never used: another one is, or nothing that it selects reads Sidecars.',
  },
  messages: {
    second: {
      text: '{sidecar} is ignored: namespace {namespace} already has {first} {scope}, and the older of the two wins',
      label: 'one of the two is never used',
      symptom:
        'hosts and settings of the younger Sidecar never appear in the proxies. Which of the two is younger no file shows, and it can differ between clusters',
      help: 'merge the two into one Sidecar, or give one of them a workloadSelector of its own',
    },
    rootSelector: {
      text: '{sidecar} applies to Pods in {namespace} alone: with a workloadSelector it is no default for the mesh',
      label: 'makes it no default of the mesh',
      symptom: 'workloads of other namespaces keep the scope that they have: what this Sidecar says is used by none of them',
      help: 'remove workloadSelector to make it the default of all namespaces, or move the Sidecar into the namespace of its workloads',
    },
    gateway: {
      text: '{sidecar} selects {selected}, and gateways ignore Sidecars: it restricts nothing',
      label: 'selects a gateway',
      symptom: 'the gateway still sees every host that is exported to its namespace, and no outboundTrafficPolicy holds for it',
      help: 'remove the Sidecar; what a gateway may forward is decided by the VirtualServices bound to it, and by exportTo',
    },
    bindWithoutPort: {
      text: '{sidecar}: this listener is bound to {bind}, so traffic that the sidecar captures never reaches it',
      label: 'only what is sent to this very address finds the listener',
      symptom:
        'calls to the hosts of this listener are treated as calls to unknown hosts: passed on unmanaged under ALLOW_ANY, HTTP 502 or a reset connection under REGISTRY_ONLY',
      help: 'remove bind, or give the listener a port and have clients dial {bind}',
    },
  },

  create: ({ mesh, report }) => ({
    Mesh() {
      for (const { sidecar, first } of doubles(mesh)) {
        report(
          'second',
          { resource: sidecar, path: ['metadata', 'name'] },
          {
            // Of examples, steps and environments nobody has two.
            ...(!mesh.areDeployedTogether(sidecar, first) && { severity: 'info' }),
            ...(sidecar.source.file !== first.source.file && { confidence: 'likely' }),
            data: {
              sidecar: nameOf(sidecar),
              namespace: sidecar.namespace,
              first: `Sidecar '${first.name}'`,
              scope: first.isSet(['spec', 'workloadSelector']) ? 'with the same workloadSelector' : 'without a workloadSelector',
            },
            related: [{ at: { resource: first, path: ['metadata', 'name'] }, message: `${nameOf(first)} selects the same workloads` }],
          },
        );
      }
    },

    Sidecar(sidecar) {
      const { namespace, spec } = sidecar;
      const data = { sidecar: nameOf(sidecar), namespace };
      for (const [i, { port, bind, captureMode }] of spec.egress.entries()) {
        // Without capture a client dials the listener itself.
        if (!bind || port || captureMode === 'NONE' || hasMachines(mesh, sidecar)) continue;
        report('bindWithoutPort', { resource: sidecar, path: ['spec', 'egress', i, 'bind'] }, { data: { ...data, bind } });
      }
      const labels = spec.workloadSelector?.labels ?? {};
      if (Object.keys(labels).length === 0) return;
      const at = { resource: sidecar, path: ['spec', 'workloadSelector'] };
      const selected = gatewaySelected(mesh, sidecar, labels);
      if (selected) report('gateway', at, { data: { ...data, selected } });
      else if (namespace === mesh.config.rootNamespace && mesh.podsSelected(namespace, labels).length === 0)
        report('rootSelector', at, { data, confidence: 'likely' });
    },
  }),
});

/** Sidecars that select what an older one of their namespace selects. */
function doubles(mesh: Mesh): readonly { readonly sidecar: Sidecar; readonly first: Sidecar }[] {
  const firsts = new Map<string, Sidecar[]>();
  return sortedByAge(mesh.all('Sidecar')).flatMap((sidecar) => {
    // Of objects that do not say their namespace only those of one file surely share it.
    const place = mesh.hasKnownNamespace(sidecar) ? '' : sidecar.source.file.file;
    const key = JSON.stringify([sidecar.namespace, place, selectorOf(sidecar)]);
    const before = firsts.get(key) ?? [];
    firsts.set(key, before);
    const others = before.filter((each) => each.name !== sidecar.name && mesh.belongTogether(each, sidecar));
    if (before.length < MAX_SIDECARS) before.push(sidecar);
    const first = others.find((each) => mesh.areDeployedTogether(each, sidecar)) ?? others[0];
    return first ? [{ sidecar, first }] : [];
  });
}

function selectorOf(sidecar: Sidecar): unknown {
  return sidecar.isSet(['spec', 'workloadSelector']) ? Object.entries(sidecar.spec.workloadSelector?.labels ?? {}).sort() : undefined;
}

/** What a selector picks, if that is gateways and nothing else. */
function gatewaySelected(mesh: Mesh, { namespace }: Sidecar, labels: Readonly<Record<string, string>>): string | undefined {
  const pods = mesh.podsSelected(namespace, labels);
  const [pod] = pods;
  if (pod) return pods.every(isGatewayWorkload) ? `the gateway ${pod.resource.kind} ${pod.resource.namespace}/${pod.resource.name}` : undefined;
  const stock = stockGatewayWith(labels);
  return stock?.namespace === namespace ? `the gateway ${stock.namespace}/${stock.name}` : undefined;
}

/** Whether a Sidecar may be for machines outside of the cluster, whose proxies need not capture anything, and say so themselves. */
function hasMachines(mesh: Mesh, { namespace }: Sidecar): boolean {
  return mesh.inNamespace('WorkloadGroup', namespace).length > 0 || mesh.inNamespace('WorkloadEntry', namespace).length > 0;
}
