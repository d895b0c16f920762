import { defineRule, isTemplated, type Mesh, nameOf, type Path, type Resource, type ResourceByKind, slipOf } from '../../src/rule-api.ts';

type Policy = ResourceByKind['BackendTLSPolicy'];

const ISTIO_GROUP = 'networking.istio.io';
const NO_TLS =
  'the policy has no effect, which only its status says (Accepted: False): calls go to the backend without TLS, and get HTTP 400 from an HTTPS port, or 503';
const BLOCKED = 'HTTP 503 for every call to the backend: without a CA that it can read, Istio lets nothing through; the status says NoValidCACertificate';

export default defineRule({
  meta: {
    name: 'backend-tls-policy-not-applied',
    code: 'EL807',
    family: 'ambient',
    severity: 'error',
    summary: 'A BackendTLSPolicy names a target or a CA that Istio does not take.',
    fixable: 'suggestion',
  },
  messages: {
    targetGroup: {
      text: '{policy}: a target of kind {kind} needs group: {right}; with this group Istio finds no target',
      label: 'needs group: {right}',
      symptom: NO_TLS,
      help: "write group: '{right}'",
    },
    targetElsewhere: {
      text: '{policy} looks for {kind} {name} in its own namespace {namespace}, where these files have none; there is one in {found}',
      label: 'looked up in {namespace}',
      symptom: NO_TLS,
      help: 'move the policy into namespace {found}: a BackendTLSPolicy speaks of its own namespace only',
    },
    section: {
      text: "{policy}: {target} has no port called '{section}'; its ports are {ports}",
      label: 'the name of a port is due',
      symptom: NO_TLS,
      help: "write the name of the port, not its number; or leave 'sectionName' out for all ports",
    },
    caKind: {
      text: '{policy}: Istio reads the CA from a ConfigMap only, not from a {kind}',
      label: 'no ConfigMap',
      symptom: BLOCKED,
      help: "put the CA into a ConfigMap of {namespace}, under the key 'ca.crt', and name that",
    },
    caKey: {
      text: "{policy}: {configMap} has no 'ca.crt', only {keys}",
      label: "no 'ca.crt' in it",
      symptom: BLOCKED,
      help: "call the key of the CA 'ca.crt'",
    },
    caNearMiss: {
      text: "{policy}: there is no ConfigMap '{name}' in these files; did you mean '{found}'?",
      label: 'no such ConfigMap here',
      symptom: BLOCKED,
      help: "write '{found}', or add the ConfigMap '{name}' to namespace {namespace}",
    },
  },

  create: ({ mesh, report }) => ({
    BackendTLSPolicy(policy) {
      const names = { policy: nameOf(policy), namespace: policy.namespace };
      for (const [index, { group = '', kind = '', name = '', sectionName }] of policy.spec.targetRefs.entries()) {
        const path: Path = ['spec', 'targetRefs', index];
        const at = (field: string) => ({ resource: policy, path: [...path, field] });
        if (isTemplated(policy, path) || (kind !== 'Service' && kind !== 'ServiceEntry')) continue;
        const right = kind === 'Service' ? '' : ISTIO_GROUP;
        if (group !== right) {
          const fixes = [{ title: `write group: '${right}'`, safe: false, changes: [{ do: 'replace' as const, at: at('group'), value: right }] }];
          report('targetGroup', at('group'), { data: { ...names, kind, right: right || "''" }, fixes });
          continue;
        }
        const [target] = mesh.named(kind, policy.namespace, name).filter((each) => mesh.belongTogether(each, policy));
        const elsewhere = target ? undefined : onlyElsewhere(mesh, policy, kind, name);
        if (elsewhere) {
          const related = [{ at: { resource: elsewhere, path: ['metadata', 'namespace'] as Path }, message: nameOf(elsewhere) }];
          report('targetElsewhere', at('name'), { data: { ...names, kind, name, found: elsewhere.namespace }, related });
        }
        const ports = target && !isTemplated(target, ['spec', 'ports']) ? target.spec.ports.map((port) => port.name ?? '') : undefined;
        if (!target || !sectionName || !ports || ports.includes(sectionName)) continue;
        report('section', at('sectionName'), {
          data: { ...names, target: nameOf(target), section: sectionName, ports: ports.map((port) => `'${port}'`).join(', ') },
          related: [{ at: { resource: target, path: ['spec', 'ports'], part: 'key' }, message: nameOf(target) }],
        });
      }
      // Istio reads the first one only.
      const [ca] = policy.spec.validation?.caCertificateRefs ?? [];
      const path: Path = ['spec', 'validation', 'caCertificateRefs', 0];
      if (!ca?.name || isTemplated(policy, path)) return;
      if (ca.kind !== 'ConfigMap') {
        report('caKind', { resource: policy, path: [...path, 'kind'] }, { data: { ...names, kind: ca.kind ?? '' } });
        return;
      }
      const at = { resource: policy, path: [...path, 'name'] };
      const [configMap] = mesh.named('ConfigMap', policy.namespace, ca.name).filter((each) => mesh.belongTogether(each, policy));
      if (configMap) {
        const keys = Object.keys(configMap.spec.data);
        if (keys.length === 0 || configMap.templates.length > 0 || keys.includes('ca.crt') || keys.includes('cacert')) return;
        const related = [{ at: { resource: configMap, path: ['data'], part: 'key' as const }, message: nameOf(configMap) }];
        report('caKey', at, { data: { ...names, configMap: nameOf(configMap), keys: keys.map((key) => `'${key}'`).join(', ') }, related });
        return;
      }
      const candidates = mesh.inNamespace('ConfigMap', policy.namespace).map((each) => each.name);
      const found = mesh.hasUnknownNames('ConfigMap') || candidates.includes(ca.name) ? undefined : slipOf(ca.name, candidates);
      if (found !== undefined) {
        const fixes = [{ title: `write '${found}'`, safe: false, changes: [{ do: 'replace' as const, at, value: found }] }];
        report('caNearMiss', at, { data: { ...names, name: ca.name, found }, confidence: 'likely', fixes });
      }
    },
  }),
});

/** The one object of a name in another namespace, where none may lie in the policy's own. */
function onlyElsewhere(mesh: Mesh, policy: Policy, kind: 'Service' | 'ServiceEntry', name: string): Resource | undefined {
  if (!mesh.hasKnownNamespace(policy) || mesh.hasUnknownNames(kind)) return undefined;
  const [only, another] = mesh.namedAnywhere(kind, name);
  return only && !another && only.namespace !== policy.namespace && mesh.hasKnownNamespace(only) && mesh.belongTogether(only, policy) ? only : undefined;
}
