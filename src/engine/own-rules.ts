import { type AnyRule, defineRule } from './rule.ts';

/** What the engine itself reports. They are listed and documented like every rule, but nothing visits. */
export const crashedRule = defineRule({
  meta: {
    name: 'crashed-rule',
    code: 'EL903',
    family: 'linter',
    severity: 'error',
    summary: 'A rule failed on this input; what it would have found here is missing from the report.',
  },
  messages: {
    crashed: {
      text: "rule '{rule}' failed: {error}",
      help: 'report this with the resource it failed on; until then, switch the rule off for this resource with the annotation egress-lint/ignore',
    },
    crashedPlugin: {
      text: "rule '{rule}' of {module} failed: {error}",
      help: 'repair the rule in {module}, or switch it off with --rule {rule}=off',
    },
  },
  create: () => ({}),
});

export const OWN_RULES: readonly AnyRule[] = [crashedRule];
