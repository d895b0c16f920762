import {
  callOf,
  defineRule,
  describe,
  distinctSubsets,
  HiddenSubsets,
  isMissedBeside,
  listed,
  missedAt,
  missedRule,
  nameOf,
  SYMPTOMS,
  storyOf,
  undefinedSubset,
} from '../../src/rule-api.ts';

const FAILS = `${describe(SYMPTOMS['no-cluster'].http)}; TLS and TCP connections are reset (flag NC)`;
/** How many namespaces are looked for. */
const NAMED = 3;

export default defineRule({
  meta: {
    name: 'undefined-subset',
    code: 'EL305',
    family: 'hosts',
    peers: ['IST0101', 'KIA1107'],
    severity: 'error',
    asksPaths: true,
    summary: 'A route leads to a subset that no DestinationRule defines for the clients that use it.',
    fixable: 'suggestion',
  },
  messages: {
    slip: {
      text: "{vs}: no DestinationRule defines subset '{subset}' of {host}, so what is routed there fails; did you mean '{found}'?",
      label: 'no such subset',
      symptom: FAILS,
      help: "write '{found}', or define subset '{subset}' in a DestinationRule for {host}",
    },
    missing: {
      text: "{vs}: no DestinationRule defines subset '{subset}' of {host}, so what is routed there fails; defined are: {defined}",
      label: 'no such subset',
      symptom: FAILS,
      help: "define subset '{subset}' in a DestinationRule for {host}, or route to one that is defined",
    },
    absent: {
      text: "{vs}: no DestinationRule defines subset '{subset}' of {host}, so what is routed there fails",
      label: 'no such subset',
      symptom: FAILS,
      help: "define subset '{subset}' in a DestinationRule for {host}, or lint the file that does together with this one{closed}",
    },
    notInView: {
      text: "{vs}: no DestinationRule in these files defines subset '{subset}' of {host}",
      label: 'not in view',
      help: 'lint the file that holds the DestinationRule together with this one',
    },
    hidden: {
      text: "{vs}: subset '{subset}' of {host} is not defined for clients in {namespaces}, so what they send there fails: a DestinationRule of namespace {owner} is not looked at from there",
      label: 'undefined for clients in {namespaces}',
      symptom: FAILS,
      help: 'define the subset in a DestinationRule of namespace {service}, which all clients look at, or in each of their namespaces; or keep this VirtualService to its own clients: exportTo: ["."]',
    },
    onTheWay: {
      text: "{vs} sends calls to {call} from {client} to subset '{subset}' of {host}, so they fail: no DestinationRule that holds there defines it",
      label: 'undefined for {client}',
      help: "define the subset in a DestinationRule for {host} in the namespace of its Service, which all clients look at, or in the clients' own",
    },
  },

  create: ({ mesh, report }) => {
    const hiddenSubsets = new HiddenSubsets(mesh);
    return {
      Path(path) {
        const { missing, destination } = path;
        if (missing?.missing !== 'subset' || !destination) return;
        const { host, subset } = missing.key;
        const missed = missedRule(mesh.destinationRules.defining(host, subset), path.last, mesh);
        report(
          'onTheWay',
          { resource: destination.resource, path: [...destination.path, 'subset'] },
          { data: { vs: nameOf(destination.resource), host, subset, ...callOf(path) }, related: missedAt(missed), ...storyOf(path) },
        );
      },
      VirtualService(vs) {
        if (mesh.hasTemplates('DestinationRule') || mesh.destinationRules.hasUnknownHosts) return;
        for (const destination of distinctSubsets(vs, mesh.config.clusterDomain)) {
          const { host, subset } = destination;
          const at = { resource: vs, path: [...destination.path, 'subset'] };
          const data = { vs: nameOf(vs), host, subset };
          const definers = mesh.destinationRules.defining(host, subset);
          const hidden = hiddenSubsets.find(destination, definers, NAMED + 1);
          if (hidden) {
            const { definer, service, namespaces } = hidden;
            report('hidden', at, {
              data: { ...data, namespaces: listed(namespaces), owner: definer.namespace, service },
              confidence: 'likely',
              related: [
                { at: { resource: definer, path: ['metadata', 'namespace'] }, message: `${nameOf(definer)} defines it for clients of its own namespace` },
              ],
            });
          }
          if (definers.length > 0) continue;
          const known = undefinedSubset(mesh, destination);
          if (known) {
            const { rule, meant, defined } = known;
            const confidence = known.isCertain ? ('certain' as const) : ('likely' as const);
            const related = [{ at: { resource: rule, path: ['spec', 'subsets'] }, message: `${nameOf(rule)} defines other subsets of this host` }];
            const fixes = [{ title: `write '${meant}'`, safe: false, changes: [{ do: 'replace' as const, at, value: meant ?? '' }] }];
            if (meant === undefined) report('missing', at, { data: { ...data, defined: listed(defined) }, confidence, related });
            else report('slip', at, { data: { ...data, found: meant }, confidence, related, fixes });
          } else if (mesh.closedWorld) report('absent', at, { data: { ...data, closed: ': the configuration says that nothing lies outside (closedWorld)' } });
          else if (isMissedBeside(mesh, destination)) report('absent', at, { data: { ...data, closed: '' }, confidence: 'likely' });
          else report('notInView', at, { data, severity: 'info' });
        }
      },
    };
  },
});
