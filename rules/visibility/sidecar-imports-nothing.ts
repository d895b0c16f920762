import {
  defineRule,
  importedBy,
  type Mesh,
  nearest,
  parseSidecarHost,
  type RegisteredHost,
  type ResourceByKind,
  type SidecarHost,
  unimportedSymptom,
} from '../../src/rule-api.ts';

type Sidecar = ResourceByKind['Sidecar'];

/** Beyond this many names in one namespace a near miss is chance. */
const MAX_CANDIDATES = 500;

export default defineRule({
  meta: {
    name: 'sidecar-imports-nothing',
    code: 'EL502',
    family: 'visibility',
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
    notInView: {
      text: "Sidecar {sidecar}: egress host '{host}' matches nothing in these files",
      label: 'not in view',
      help: 'lint the files that register the host together with this one',
    },
  },

  create: ({ mesh, report }) => ({
    Sidecar(sidecar) {
      for (const [i, listener] of sidecar.spec.egress.entries()) {
        for (const [j, text] of listener.hosts.entries()) {
          const host = parseSidecarHost(text, sidecar.namespace);
          if (!host || host.dnsName.startsWith('*') || importedBy(sidecar, host, mesh.registry).length > 0) continue;

          const at = { resource: sidecar, path: ['spec', 'egress', i, 'hosts', j] };
          const own = sidecar.namespace;
          const data = { sidecar: `${own}/${sidecar.name}`, host: text, own, symptom: unimportedSymptom(sidecar, mesh.config) };
          const cause = causeOf(mesh, sidecar, host);
          if (!cause) {
            report('notInView', at, { data, severity: 'info' });
            continue;
          }
          const { id, found, fixed, registered } = cause;
          const isGuess = [sidecar, registered.resource].some((resource) => !resource.isSet(['metadata', 'namespace']));
          report(id, at, {
            data: { ...data, found, fixed },
            ...((id === 'nearMiss' || isGuess) && { confidence: 'likely' }),
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
  }),
});

/** Why an exact host imports nothing, where the files show it. */
function causeOf(mesh: Mesh, sidecar: Sidecar, host: SidecarHost) {
  const { registry } = mesh;
  const isInScope = (each: RegisteredHost) => host.namespace === undefined || each.namespace === host.namespace;
  const isVisible = (each: RegisteredHost) => registry.isVisible(each, sidecar.namespace);

  const isNear = (each: RegisteredHost) => mesh.belongTogether(sidecar, each.resource);

  const exact = registry.named(host.dnsName).filter(isNear);
  const hidden = exact.find(isInScope);
  if (hidden) return { id: 'hidden', found: `${hidden.resource.kind} ${hidden.namespace}/${hidden.resource.name}`, fixed: '', registered: hidden } as const;
  const elsewhere = exact.find(isVisible);
  if (elsewhere) {
    const part = elsewhere.namespace === sidecar.namespace ? '.' : elsewhere.namespace;
    return { id: 'otherNamespace', found: elsewhere.namespace, fixed: `${part}/${host.dnsName}`, registered: elsewhere } as const;
  }
  const wildcard = registry.covering(host.dnsName).find((each) => isNear(each) && isInScope(each) && isVisible(each));
  if (wildcard) return { id: 'wildcard', found: wildcard.host, fixed: `${host.namespacePart}/${wildcard.host}`, registered: wildcard } as const;

  const candidates = host.namespace === undefined ? [] : registry.externalHostsOf(host.namespace);
  const near = candidates.length > MAX_CANDIDATES ? undefined : nearest(host.dnsName, candidates);
  const meant = near === undefined ? undefined : registry.named(near).find((each) => isNear(each) && isInScope(each) && isVisible(each));
  return meant && ({ id: 'nearMiss', found: meant.host, fixed: `${host.namespacePart}/${meant.host}`, registered: meant } as const);
}

function placeOf(registered: RegisteredHost) {
  const path = registered.resource.kind === 'ServiceEntry' ? ['spec', 'hosts', registered.index] : ['metadata', 'name'];
  return { resource: registered.resource, path };
}
