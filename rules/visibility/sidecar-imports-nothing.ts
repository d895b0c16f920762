import {
  defineRule,
  importsAnything,
  isMeshWide,
  type MissedImport,
  MissedImports,
  parseSidecarHost,
  registeredAt,
  unimportedSymptom,
} from '../../src/rule-api.ts';

export default defineRule({
  meta: {
    name: 'sidecar-imports-nothing',
    code: 'EL502',
    family: 'visibility',
    peers: ['KIA1004'],
    severity: 'error',
    summary: 'An egress host of a Sidecar matches nothing that is registered in the namespace that it names.',
    fixable: 'suggestion',
  },
  messages: {
    hidden: {
      text: "Sidecar {sidecar}: egress host '{host}' imports nothing: {found} is not exported to namespace {own}",
      label: 'registered, but not for this namespace',
      symptom: '{symptom}',
      help: "add '{own}' to exportTo of {found}",
    },
    otherNamespace: {
      text: "Sidecar {sidecar}: egress host '{host}' imports nothing: the host is registered in namespace {found}",
      label: 'not registered in this namespace',
      symptom: '{symptom}',
      help: "write '{fixed}'",
    },
    wildcard: {
      text: "Sidecar {sidecar}: egress host '{host}' imports nothing: the host is registered as '{found}', which an exact name does not import",
      label: "does not match '{found}'",
      symptom: '{symptom}',
      help: "write '{fixed}'",
    },
    nearMiss: {
      text: "Sidecar {sidecar}: egress host '{host}' matches nothing in these files; did you mean '{fixed}'?",
      label: 'no such host here',
      symptom: '{symptom}',
      help: "write '{fixed}', or add a ServiceEntry for the host",
    },
    service: {
      text: "Sidecar {sidecar}: egress host '{host}' means all of a namespace '{namespace}', of which nothing is in these files; Service {own}/{namespace} has that name, and stays hidden",
      label: 'what stands before the slash is a namespace',
      symptom: '{symptom}',
      help: "write '{fixed}' for the Service alone, or './*' for all of its namespace",
    },
    absent: {
      text: "Sidecar {sidecar}: egress host '{host}' matches nothing: no Service and no ServiceEntry registers such a host there",
      label: 'matches nothing',
      symptom: '{symptom}',
      help: 'register the host, or remove the entry; the configuration says that nothing lies outside of the files (closedWorld)',
    },
    notInView: {
      text: "Sidecar {sidecar}: egress host '{host}' matches nothing in these files",
      label: 'not in view',
      help: 'lint the files that register the host together with this one',
    },
  },

  create: ({ mesh, report }) => {
    const missed = new MissedImports(mesh);
    return {
      Sidecar(sidecar) {
        // The default of the whole mesh is worked out for each namespace anew: what it imports there is not decided here.
        if (isMeshWide(sidecar, mesh.config)) return;
        for (const [i, listener] of sidecar.spec.egress.entries()) {
          for (const [j, text] of listener.hosts.entries()) {
            const host = parseSidecarHost(text, sidecar.namespace);
            const service = host && missed.serviceFor(sidecar, listener, host);
            if (!host || (!service && (host.dnsName.startsWith('*') || importsAnything(mesh, sidecar, host)))) continue;
            const at = { resource: sidecar, path: ['spec', 'egress', i, 'hosts', j] };
            const own = sidecar.namespace;
            const data = {
              sidecar: `${own}/${sidecar.name}`,
              host: text,
              own,
              namespace: host.namespacePart,
              symptom: unimportedSymptom(sidecar, mesh.config),
            };
            const isOpen = mesh.hasUnknownNames('ServiceEntry') || mesh.registry.hasUnknownHosts(host.namespace);
            const cause = isOpen ? undefined : (service ?? missed.find(sidecar, listener, host));
            if (!cause) {
              if (!service && mesh.closedWorld && !isOpen) report('absent', at, { data });
              else if (!service) report('notInView', at, { data, severity: 'info' });
              continue;
            }
            const { why, fixed, registered } = cause;
            report(why, at, {
              data: { ...data, found: foundAs(cause), fixed: fixed ?? '' },
              // Something else that registers the host may lie outside of the files.
              ...((why === 'nearMiss' || why === 'wildcard' || why === 'service' || host.namespace === undefined) &&
                !mesh.closedWorld && { confidence: 'likely' }),
              related: [
                {
                  at: registeredAt(registered),
                  message: `${registered.resource.kind} ${registered.namespace}/${registered.resource.name} registers '${registered.host}'`,
                },
              ],
              ...(fixed !== undefined && { fixes: [{ title: `write '${fixed}'`, safe: false, changes: [{ do: 'replace', at, value: fixed }] }] }),
            });
          }
        }
      },
    };
  },
});

/** What the message calls what was found. */
function foundAs({ why, registered }: MissedImport): string {
  if (why === 'hidden') return `${registered.resource.kind} ${registered.namespace}/${registered.resource.name}`;
  return why === 'otherNamespace' ? registered.namespace : registered.host;
}
