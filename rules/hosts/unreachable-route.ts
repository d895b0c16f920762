import { defineRule, httpMatchCovers, nameOf, type Path, type ResourceByKind, RulesToThemselves, scopeCovers, scopedMatches } from '../../src/rule-api.ts';

type VirtualService = ResourceByKind['VirtualService'];

/** A match that never gets a request, for what stands before it. */
interface Dead {
  readonly rule: number;
  readonly path: Path;
  readonly by: Path;
}

export default defineRule({
  meta: {
    name: 'unreachable-route',
    code: 'EL319',
    family: 'hosts',
    peers: ['IST0130', 'IST0131'],
    severity: 'warning',
    summary: 'A rule of a VirtualService stands behind another one that takes everything it would match.',
  },
  messages: {
    rule: {
      text: '{vs}: this rule is never used: a rule before it takes everything that it would match',
      label: 'behind a rule that takes it all',
      symptom: 'calls go where the earlier rule sends them; this rule changes nothing',
      help: 'put this rule before the other one, the most specific first, or remove it',
    },
    match: {
      text: '{vs}: this match is never used: a rule before it takes everything that it would match',
      label: 'behind a rule that takes it all',
      symptom: 'calls go where the earlier rule sends them; this match changes nothing',
      help: 'put this rule before the other one, the most specific first, or remove the match',
    },
  },

  create: ({ mesh, report }) => {
    const loops = new RulesToThemselves(mesh);
    return {
      VirtualService(vs) {
        for (const section of ['http', 'tcp'] as const) {
          if (vs.templates.some((path) => path[1] === section || path[1] === 'gateways')) continue;
          // A rule that hides the others because it holds at a gateway by mistake is told of as such.
          const dead = (section === 'http' ? deadHttpMatches(vs) : deadTcpMatches(vs)).filter(({ by }) => !loops.has(vs, section, Number(by[2])));
          for (const rule of new Set(dead.map((each) => each.rule))) {
            const ofRule = dead.filter((each) => each.rule === rule);
            const isWhole = ofRule.length === Math.max(1, vs.spec[section][rule]?.match.length ?? 0);
            for (const { path, by } of isWhole ? ofRule.slice(0, 1) : ofRule) {
              const at = { resource: vs, path: isWhole ? ['spec', section, rule] : path };
              report(isWhole ? 'rule' : 'match', at, {
                data: { vs: nameOf(vs) },
                // As where a fault is put before the rule that it takes out of use.
                ...(leadsAlike(vs, section, rule, by) && { severity: 'info' }),
                related: [{ at: { resource: vs, path: by }, message: 'takes everything that the later one would match' }],
              });
            }
          }
        }
      },
    };
  },
});

/** the first match counts. A rule with a delegate takes only what the delegate takes. */
function deadHttpMatches(vs: VirtualService): readonly Dead[] {
  const matches = scopedMatches(vs, 'http').filter(({ isSound }) => isSound);
  return matches.flatMap(({ rule, path, match, scope }) => {
    const taker = matches.find(
      (other) => other.rule < rule && !vs.spec.http[other.rule]?.delegate && scopeCovers(other.scope, scope) && httpMatchCovers(other.match, match),
    );
    return taker ? [{ rule, path, by: taker.path }] : [];
  });
}

/** a match without subnets ends the search. */
function deadTcpMatches(vs: VirtualService): readonly Dead[] {
  const matches = scopedMatches(vs, 'tcp').filter(({ isSound }) => isSound);
  return matches.flatMap(({ rule, path, scope }) => {
    const taker = matches.find((other) => other.rule < rule && (other.match?.destinationSubnets.length ?? 0) === 0 && scopeCovers(other.scope, scope));
    return taker ? [{ rule, path, by: taker.path }] : [];
  });
}

/** Whether a rule does nothing but lead where the one before it leads: then nothing is lost by its not being used. */
function leadsAlike(vs: VirtualService, section: 'http' | 'tcp', rule: number, by: Path): boolean {
  const destinationsOf = (index: number): string => {
    const route = vs.spec[section][index]?.route ?? [];
    // A lone destination gets everything, whatever its weight.
    return JSON.stringify(route.length === 1 ? route.map(({ destination }) => [destination]) : route);
  };
  if (destinationsOf(rule) === '[]' || destinationsOf(rule) !== destinationsOf(Number(by[2]))) return false;
  return !MORE.some((field) => vs.isSet(['spec', section, rule, field]));
}

/** What else a rule may bring about. */
const MORE = ['rewrite', 'timeout', 'retries', 'fault', 'mirror', 'mirrors', 'corsPolicy', 'headers'];
