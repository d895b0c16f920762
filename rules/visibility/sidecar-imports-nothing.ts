import {
  defineRule,
  importedBy,
  isMeshWide,
  isSubsetOf,
  type Mesh,
  parseSidecarHost,
  type RegisteredHost,
  type ResourceByKind,
  type SidecarHost,
  slipOf,
  unimportedSymptom,
} from '../../src/rule-api.ts';

type Sidecar = ResourceByKind['Sidecar'];
type Listener = Sidecar['spec']['egress'][number];

/** Beyond this many names in one namespace a likeness is chance. */
const MAX_CANDIDATES = 500;

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
    const slips = new Map<string, string | undefined>();
    return {
      Sidecar(sidecar) {
        // The default of the whole mesh is worked out for each namespace anew: what it imports there is not decided here.
        if (isMeshWide(sidecar, mesh.config)) return;
        for (const [i, listener] of sidecar.spec.egress.entries()) {
          for (const [j, text] of listener.hosts.entries()) {
            const host = parseSidecarHost(text, sidecar.namespace);
            if (!host || host.dnsName.startsWith('*') || importsAnything(mesh, sidecar, host)) continue;

            const at = { resource: sidecar, path: ['spec', 'egress', i, 'hosts', j] };
            const own = sidecar.namespace;
            const data = { sidecar: `${own}/${sidecar.name}`, host: text, own, symptom: unimportedSymptom(sidecar, mesh.config) };
            const isOpen = mesh.hasUnknownNames('ServiceEntry') || mesh.registry.hasUnknownHosts(host.namespace);
            const cause = isOpen ? undefined : causeOf(mesh, sidecar, listener, host, slips);
            if (!cause) {
              if (mesh.closedWorld && !isOpen) report('absent', at, { data });
              else report('notInView', at, { data, severity: 'info' });
              continue;
            }
            const { id, found, fixed, registered } = cause;
            report(id, at, {
              data: { ...data, found, fixed },
              // Something else that registers the host may lie outside of the files.
              ...((id === 'nearMiss' || id === 'wildcard' || host.namespace === undefined) && !mesh.closedWorld && { confidence: 'likely' }),
              related: [
                {
                  at: placeOf(registered),
                  message: `${registered.resource.kind} ${registered.namespace}/${registered.resource.name} registers '${registered.host}'`,
                },
              ],
              ...(id !== 'hidden' && { fixes: [{ title: `write '${fixed}'`, safe: false, changes: [{ do: 'replace', at, value: fixed }] }] }),
            });
          }
        }
      },
    };
  },
});

/** An entry may be there for a VirtualService of its namespace, too (S-5). */
function importsAnything(mesh: Mesh, sidecar: Sidecar, host: SidecarHost): boolean {
  if (importedBy(sidecar, host, mesh.registry).length > 0) return true;
  return host.namespace !== undefined && mesh.virtualServices.importedBy(host.namespace, host.dnsName, sidecar.namespace).length > 0;
}

/** Why an exact host imports nothing, where the files show it. */
function causeOf(mesh: Mesh, sidecar: Sidecar, listener: Listener, host: SidecarHost, slips: Map<string, string | undefined>) {
  const { registry } = mesh;
  // What `.` means, or where the registration lands, is known only once `kubectl -n` says it.
  const isKnown = (each: RegisteredHost) =>
    (host.namespacePart !== '.' || mesh.hasKnownNamespace(sidecar)) && mesh.hasKnownNamespace(each.resource) && mesh.belongTogether(sidecar, each.resource);
  const isVisible = (each: RegisteredHost) => registry.isVisible(each, sidecar.namespace);
  const ofNamespace = (name: string) => (host.namespace === undefined ? registry.covering(name) : registry.ofNamespace(host.namespace).covering(name));

  const here = ofNamespace(host.dnsName).filter(isKnown);
  const hidden = here.find((each) => each.host === host.dnsName);
  if (hidden) {
    const found = `${hidden.resource.kind} ${hidden.namespace}/${hidden.resource.name}`;
    return mesh.hasKnownNamespace(sidecar) ? ({ id: 'hidden', found, fixed: '', registered: hidden } as const) : undefined;
  }
  const elsewhere = registry.named(host.dnsName).find((each) => isVisible(each) && isKnown(each));
  if (elsewhere) {
    if (importsFrom(elsewhere, listener, sidecar)) return undefined;
    const part = elsewhere.namespace === sidecar.namespace ? '.' : elsewhere.namespace;
    return { id: 'otherNamespace', found: elsewhere.namespace, fixed: `${part}/${host.dnsName}`, registered: elsewhere } as const;
  }
  const wildcard = here.find(isVisible);
  if (wildcard) {
    if (importsFrom(wildcard, listener, sidecar)) return undefined;
    return { id: 'wildcard', found: wildcard.host, fixed: `${host.namespacePart}/${wildcard.host}`, registered: wildcard } as const;
  }

  const near = host.namespace === undefined ? undefined : slipIn(host.namespace, host.dnsName, mesh, slips);
  const meant = near === undefined ? undefined : ofNamespace(near).find((each) => each.host === near && isKnown(each) && isVisible(each));
  if (!meant || importsFrom(meant, listener, sidecar)) return undefined;
  return { id: 'nearMiss', found: meant.host, fixed: `${host.namespacePart}/${meant.host}`, registered: meant } as const;
}

/** Whether the listener imports a registration by another entry: then nothing is missing but for a line that does nothing. */
function importsFrom(registered: RegisteredHost, listener: Listener, sidecar: Sidecar): boolean {
  return listener.hosts.some((text) => {
    const host = parseSidecarHost(text, sidecar.namespace);
    if (!host || (host.namespace !== undefined && host.namespace !== registered.namespace)) return false;
    return isSubsetOf(registered.host, host.dnsName);
  });
}

/** The host of a namespace that a name is a slip of; each question is answered once. */
function slipIn(namespace: string, name: string, mesh: Mesh, known: Map<string, string | undefined>): string | undefined {
  const key = `${namespace}/${name}`;
  if (known.has(key)) return known.get(key);
  const candidates = mesh.registry.externalHostsOf(namespace);
  const slip = candidates.length > MAX_CANDIDATES ? undefined : slipOf(name, candidates);
  known.set(key, slip);
  return slip;
}

function placeOf(registered: RegisteredHost) {
  const path = registered.resource.kind === 'ServiceEntry' ? ['spec', 'hosts', registered.index] : ['metadata', 'name'];
  return { resource: registered.resource, path };
}
