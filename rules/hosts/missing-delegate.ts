import { defineRule, isTemplated, type Mesh, nameOf, type Path, type ResourceByKind, slipOf } from '../../src/rule-api.ts';

type VirtualService = ResourceByKind['VirtualService'];

const FAILS = 'the rule is dropped without a word: requests take the next rule that fits them, or the route that the host has without this VirtualService';

export default defineRule({
  meta: {
    name: 'missing-delegate',
    code: 'EL332',
    family: 'hosts',
    severity: 'error',
    summary: 'A rule leaves its routes to a VirtualService that is not there, or cannot be a delegate.',
    fixable: 'suggestion',
  },
  messages: {
    hosts: {
      text: '{vs} leaves this rule to {delegate}, which has {what} of its own: only a VirtualService without hosts and gateways can be a delegate',
      label: 'no delegate',
      symptom: FAILS,
      help: "remove '{what}' from {delegate}, or write the routes here",
    },
    elsewhere: {
      text: "{vs} leaves this rule to VirtualService '{name}' of namespace {namespace}, where these files have none; there is one in {found}",
      label: 'looked up in {namespace}',
      symptom: FAILS,
      help: "write 'namespace: {found}' under delegate, if that one is meant",
    },
    nearMiss: {
      text: "{vs} leaves this rule to VirtualService '{name}' of namespace {namespace}, which these files do not have; did you mean '{found}'?",
      label: 'no such VirtualService here',
      symptom: FAILS,
      help: "write '{found}', or add the VirtualService '{name}'",
    },
    absent: {
      text: "{vs} leaves this rule to VirtualService '{name}' of namespace {namespace}, which is not in these files",
      label: 'not in view',
      symptom: FAILS,
      help: 'add it, or lint the file that holds it together with this one',
    },
  },

  create: ({ mesh, report }) => ({
    VirtualService(vs) {
      for (const [index, { delegate }] of vs.spec.http.entries()) {
        const path: Path = ['spec', 'http', index, 'delegate'];
        if (!delegate?.name || isTemplated(vs, path)) continue;
        const { name } = delegate;
        const namespace = delegate.namespace || vs.namespace;
        const at = { resource: vs, path: [...path, 'name'] };
        const data = { vs: nameOf(vs), name, namespace };
        const found = mesh.named('VirtualService', namespace, name).filter((each) => each === vs || mesh.belongTogether(each, vs));
        const [target, another] = found;
        if (target) {
          const what = another ? undefined : hindrance(target);
          const related = [{ at: { resource: target, path: ['spec', what ?? ''], part: 'key' as const }, message: nameOf(target) }];
          if (what !== undefined) report('hosts', at, { data: { ...data, what, delegate: nameOf(target) }, related });
          continue;
        }
        // Alternatives of a delegate may each belong to another tree.
        if (mesh.named('VirtualService', namespace, name).length > 0 || mesh.hasUnknownNames('VirtualService')) continue;
        const elsewhere = mesh.namedAnywhere('VirtualService', name).find((each) => hindrance(each) === undefined && mesh.belongTogether(each, vs));
        const meant = slipOf(name, delegatesOf(mesh, namespace));
        const isKnown = mesh.hasKnownNamespace(vs) || Boolean(delegate.namespace);
        if (elsewhere && isKnown) {
          const related = [{ at: { resource: elsewhere, path: ['metadata', 'namespace'] }, message: nameOf(elsewhere) }];
          report('elsewhere', at, { data: { ...data, found: elsewhere.namespace }, related });
        } else if (meant !== undefined) {
          const fixes = [{ title: `write '${meant}'`, safe: false, changes: [{ do: 'replace' as const, at, value: meant }] }];
          report('nearMiss', at, { data: { ...data, found: meant }, confidence: 'likely', fixes });
        } else report('absent', at, { data, ...(!mesh.closedWorld && { severity: 'info' }) });
      }
    },
  }),
});

/** what keeps a VirtualService from being a delegate. */
function hindrance(vs: VirtualService): 'hosts' | 'gateways' | undefined {
  if (isTemplated(vs, ['spec'])) return undefined;
  if (vs.spec.hosts.length > 0) return 'hosts';
  return vs.spec.gateways.length > 0 ? 'gateways' : undefined;
}

function delegatesOf(mesh: Mesh, namespace: string): readonly string[] {
  return mesh.inNamespace('VirtualService', namespace).flatMap((each) => (each.spec.hosts.length === 0 ? [each.name] : []));
}
