import { defineRule, type Mesh, nameOf, nearest, type Path, type Problem, slipOf } from '../../src/rule-api.ts';

type Source = Mesh['config']['sources'][number];

export default defineRule({
  meta: {
    name: 'mesh-config-typo',
    code: 'EL701',
    family: 'policy',
    severity: 'error',
    summary: 'The mesh configuration holds a key or a value that Istio does not know: the setting never takes effect.',
    securitySeverity: 6.5,
  },
  messages: {
    value: {
      text: "{holder}: '{value}' is no value of {field}, so istiod refuses the whole mesh configuration and keeps the one before, or its defaults{policy}",
      label: '{meant}',
      symptom: '{symptom}',
      help: 'write one of {allowed}',
    },
    type: {
      text: '{holder}: {field} must be {expected}, so istiod refuses the whole mesh configuration and keeps the one before, or its defaults{policy}',
      label: 'is {actual}',
      symptom: '{symptom}',
      help: 'write {field} as {expected}',
    },
    key: {
      text: "{holder}: the mesh configuration has no key '{key}', and istiod ignores it without a word{policy}; did you mean '{meant}'?",
      label: "did you mean '{meant}'?",
      symptom: '{symptom}',
      help: "write '{meant}'",
    },
    nested: {
      text: "{holder}: the keys of the mesh configuration stand under 'meshConfig' here, where istiod does not look: it ignores all of them without a word{policy}",
      label: 'belongs to Helm values and IstioOperators',
      symptom: '{symptom}',
      help: "remove the line 'meshConfig:' and move its keys one level up",
    },
  },

  create: ({ mesh, report }) => ({
    Mesh() {
      for (const source of mesh.config.sources) {
        for (const problem of source.problems) {
          const at = { resource: source.resource, path: [...source.path, ...problem.path] };
          const data = { holder: nameOf(source.resource), field: problem.path.join('.'), ...consequenceOf(problem.path) };
          if (problem.type === 'unknown-value') {
            // istiod takes the number of a value as well.
            if (/^\d+$/.test(problem.value)) continue;
            const meant = nearest(problem.value, problem.allowed);
            report('value', at, {
              data: { ...data, value: problem.value, allowed: problem.allowed.join(', '), meant: meant ? `did you mean '${meant}'?` : 'no such value' },
            });
          } else if (problem.type === 'wrong-type' && isUnreadable(source) && !/number/.test(`${problem.expected} ${problem.actual}`)) {
            report('type', at, { data: { ...data, expected: problem.expected, actual: problem.actual } });
          } else if (problem.type === 'unknown-field') {
            if (problem.field === 'meshConfig' && problem.path.length === 1) report('nested', { ...at, part: 'key' }, { data: { ...data, ...UNMANAGED } });
            const meant = slipOf(problem.field, problem.siblings);
            if (meant !== undefined)
              report('key', { ...at, part: 'key' }, { data: { ...data, key: problem.field, meant, ...consequenceOf(meantPath(problem, meant)) } });
          }
        }
      }
    },
  }),
});

const UNMANAGED = {
  policy: ', of which outboundTrafficPolicy is ALLOW_ANY',
  symptom: 'calls to hosts that are not registered still get through (PassthroughCluster in the access log): nothing is blocked',
};

/** What it does to outbound traffic: without a policy that istiod can read, everything passes. */
function consequenceOf([first]: Path): { readonly policy: string; readonly symptom: string } {
  if (first === 'outboundTrafficPolicy' || first === 'outbound_traffic_policy') return UNMANAGED;
  return { policy: '', symptom: "nothing fails: what the setting should do just does not happen. istiod's own log names it when the file is read, if at all" };
}

function meantPath({ path }: Problem, meant: string): Path {
  return [...path.slice(0, -1), meant];
}

function isUnreadable({ raw }: Source): boolean {
  return raw === undefined;
}
