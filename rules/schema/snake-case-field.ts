import {
  defineRule,
  type FixPlan,
  type Mesh,
  nameOf,
  type Problem,
  pathText,
  type Resource,
  type ResourcePlace,
  refusal,
  whileRefused,
} from '../../src/rule-api.ts';

type SnakeCaseField = Extract<Problem, { readonly type: 'snake-case-field' }>;

export default defineRule({
  meta: {
    name: 'snake-case-field',
    code: 'EL104',
    family: 'schema',
    severity: 'error',
    summary: 'A field is written in snake_case, which the API server does not know: strict clients refuse the object, others lose the field.',
    fixable: 'safe',
  },
  messages: {
    optional: {
      text: "{resource}: '{field}' must be written '{camelCase}': kubectl refuses it, other clients drop it without a word",
      label: "write '{camelCase}'",
      help: "write '{camelCase}'",
    },
    required: {
      text: "{resource}: '{field}' must be written '{camelCase}': kubectl refuses it, other clients drop it, and without {camelCase} the API server refuses {parent}",
      label: "write '{camelCase}'",
      help: "write '{camelCase}'",
    },
  },

  create: ({ mesh, report }) => ({
    Resource(resource) {
      for (const problem of resource.problems) {
        if (problem.type !== 'snake-case-field') continue;
        const { field, camelCase, path } = problem;
        const at = { resource, path, part: 'key' } as const;
        const data = { resource: nameOf(resource), field, camelCase, parent: parentName(problem) };
        const details = { refusedBy: problem.refusedBy, symptom: symptom(resource, problem, mesh), fixes: [fix(at, problem)] };
        if (problem.required) report('required', at, { data, ...details });
        else report('optional', at, { data, ...details });
      }
    },
  }),
});

/** The nearest named parent: `match` for `spec.tls[0].match[0].sni_hosts`. */
function parentName({ path }: SnakeCaseField): string {
  const named = path.slice(0, -1).findLast((step) => typeof step === 'string');
  return named === undefined ? 'the object' : `the ${named}`;
}

function symptom(resource: Resource, problem: SnakeCaseField, mesh: Mesh): string {
  const unknown = `unknown field "${pathText(problem.path)}"`;
  if (!problem.required) return `${refusal(resource, problem, unknown, mesh)} Where the field is dropped instead, the object takes effect without it.`;
  const required = `${pathText([...problem.path.slice(0, -1), problem.camelCase])}: Required value`;
  return (
    `kubectl apply (1.25 and later) refuses the ${resource.kind}: strict decoding error: ${unknown}. A client without strict validation ` +
    `drops the field, and then the API server refuses the object: ${required}. ${whileRefused(resource, mesh)}`
  );
}

function fix(at: ResourcePlace, { field, camelCase, path }: SnakeCaseField): FixPlan {
  if (at.resource.isSet([...path.slice(0, -1), camelCase])) {
    return { title: `remove '${field}': '${camelCase}' is written as well`, safe: false, changes: [{ do: 'remove', at }] };
  }
  return { title: `write '${camelCase}'`, safe: true, changes: [{ do: 'rename', at, key: camelCase }] };
}
