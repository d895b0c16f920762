import { defineRule, isTemplated, nameOf, type ResourceByKind, slipOf } from '../../src/rule-api.ts';

type Exported = ResourceByKind['ServiceEntry' | 'VirtualService' | 'DestinationRule'];

/** `*`: all namespaces, `.`: its own, `~`: none. */
const WORDS = new Set(['*', '.', '~', '']);

/** Beyond this many namespaces a likeness is chance. */
const MAX_CANDIDATES = 500;

export default defineRule({
  meta: {
    name: 'unknown-export-namespace',
    code: 'EL509',
    family: 'visibility',
    peers: ['KIA0005'],
    severity: 'warning',
    summary: 'exportTo names a namespace that nothing in view has, but another one resembles it.',
    fixable: 'suggestion',
  },
  messages: {
    nearMiss: {
      text: "{object} is exported to namespace '{namespace}', which nothing in these files has; did you mean '{found}'?",
      label: "did you mean '{found}'?",
      symptom: 'clients and gateways of {found} do not see it: its hosts, routes or settings do not exist for them',
      help: "write '{found}'",
    },
  },

  create: ({ mesh, report }) => {
    let names: ReadonlySet<string> | undefined;
    const check = (object: Exported) => {
      for (const [index, namespace] of object.spec.exportTo.entries()) {
        const path = ['spec', 'exportTo', index];
        if (WORDS.has(namespace) || isTemplated(object, path)) continue;
        names ??= new Set(mesh.resources.flatMap((each) => (each.kind === 'Namespace' ? each.name : mesh.hasKnownNamespace(each) ? each.namespace : [])));
        if (names.has(namespace) || names.size > MAX_CANDIDATES) continue;
        const found = slipOf(namespace, names);
        if (found === undefined) continue;
        const at = { resource: object, path };
        report('nearMiss', at, {
          data: { object: nameOf(object), namespace, found },
          confidence: 'likely',
          fixes: [{ title: `write '${found}'`, safe: false, changes: [{ do: 'replace', at, value: found }] }],
        });
      }
    };
    return { ServiceEntry: check, VirtualService: check, DestinationRule: check };
  },
});
