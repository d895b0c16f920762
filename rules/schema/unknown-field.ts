import {
  belongsTo,
  defineRule,
  type EgressHostPlace,
  egressHostsByEntry,
  type FixPlan,
  type Mesh,
  meantField,
  nameOf,
  onceRepaired,
  type Path,
  type Problem,
  pathText,
  type Resource,
  type ResourceByKind,
  type ResourcePlace,
  refusal,
  sidecarMeant,
  writtenText,
} from '../../src/rule-api.ts';

type UnknownField = Extract<Problem, { readonly type: 'unknown-field' }>;
type Sidecar = ResourceByKind['Sidecar'];

const METADATA = new Set(['name', 'namespace', 'labels', 'annotations']);
const FIELDS_SHOWN = 12;
const IMPORTS_SHOWN = 3;

export default defineRule({
  meta: {
    name: 'unknown-field',
    code: 'EL103',
    family: 'schema',
    severity: 'error',
    summary: 'A field that the kind does not have: strict clients refuse the object, others silently lose the field.',
    fixable: 'suggestion',
  },
  messages: {
    unknown: { text: "{resource}: {where} has no field '{field}'; {hint}", label: '{label}' },
  },

  create: ({ mesh, report }) => {
    let importers: ReadonlyMap<Resource, readonly EgressHostPlace[]> | undefined;
    const importersOf = (entry: Resource): readonly EgressHostPlace[] => {
      if (entry.type !== 'ServiceEntry') return [];
      importers ??= egressHostsByEntry(mesh);
      return importers.get(entry) ?? [];
    };
    return {
      Resource(resource) {
        for (const problem of resource.problems) {
          if (problem.type !== 'unknown-field') continue;
          const parent = problem.path.slice(0, -1);
          const meant = meantField(problem);
          const imports = importersOf(resource);
          const target = meant === undefined ? sidecarMeant(problem.path, imports) : undefined;
          const where = parent.length === 0 ? `a ${resource.kind}` : pathText(parent);
          const why = hint(problem, resource, meant);
          const at = { resource, path: problem.path, part: 'key' } as const;
          report('unknown', at, {
            data: { resource: nameOf(resource), where, field: problem.field, hint: why, label: why.replace(/^it /, '') },
            refusedBy: problem.refusedBy,
            symptom: symptom(resource, problem, mesh),
            help: help(problem, meant, target),
            related: [...parentPlace(resource, parent), ...imports.slice(0, IMPORTS_SHOWN).map(importStory)],
            fixes: fixes(at, problem, meant, target),
          });
        }
      },
    };
  },
});

function hint({ field, path, siblings }: UnknownField, { type }: Resource, meant: string | undefined): string {
  if (path.length === 1 && METADATA.has(field)) return 'it belongs under metadata';
  if (meant !== undefined) return `did you mean '${meant}'?`;
  const home = belongsTo(field, type, path.slice(0, -1));
  if (home !== undefined) return `it belongs to ${home}`;
  if (siblings.length === 1) return `it has only '${siblings[0]}'`;
  return siblings.length > FIELDS_SHOWN ? 'no field has a name like it' : `there are ${siblings.join(', ')}`;
}

function symptom(resource: Resource, problem: UnknownField, mesh: Mesh): string {
  const refused = refusal(resource, problem, `unknown field "${pathText(problem.path)}"`, mesh);
  const dropped = 'A client without strict validation drops the field without a word.';
  const repaired = onceRepaired(resource);
  return repaired === undefined ? `${refused} ${dropped}` : `${refused} ${dropped} With the field dropped or repaired ${repaired}.`;
}

function help({ field }: UnknownField, meant: string | undefined, target: Sidecar | undefined): string {
  if (target) return `remove '${field}', or move it into ${nameOf(target)}`;
  return meant === undefined ? `remove '${field}', or set it where it belongs` : `write '${meant}', or remove '${field}'`;
}

function fixes(at: ResourcePlace, { field, path }: UnknownField, meant: string | undefined, target: Sidecar | undefined): readonly FixPlan[] {
  const { resource } = at;
  const remove: FixPlan = { title: `remove '${field}'`, safe: false, changes: [{ do: 'remove', at }] };
  if (meant !== undefined) {
    if (resource.isSet([...path.slice(0, -1), meant])) return [remove];
    return [{ title: `rename '${field}' to '${meant}'`, safe: false, changes: [{ do: 'rename', at, key: meant }] }, remove];
  }
  const yaml = target && writtenText(resource, path);
  // An anchor or alias means something else, or nothing, in another document.
  if (!target || yaml === undefined || /(?:^|[\s[,{:-])[&*]\w/.test(yaml)) return [remove];
  const add = { do: 'add', at: { resource: target, path: ['spec'] }, key: field, yaml } as const;
  return [remove, { title: `move '${field}' to ${nameOf(target)}`, safe: false, changes: [{ do: 'remove', at }, add] }];
}

/** What lacks the field, as a place to look at: the nearest parent that has a key. */
function parentPlace(resource: Resource, parent: Path): readonly { readonly at: ResourcePlace; readonly message: string }[] {
  const keyed = parent.slice(0, parent.findLastIndex((step) => typeof step === 'string') + 1);
  return keyed.length === 0 ? [] : [{ at: { resource, path: keyed, part: 'key' }, message: `of ${nameOf(resource)}` }];
}

function importStory(at: EgressHostPlace): { readonly at: ResourcePlace; readonly message: string } {
  return { at, message: `${nameOf(at.resource)} imports the host that this entry would register` };
}
