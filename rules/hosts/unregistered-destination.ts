import { callOf, defineRule, describe, isOutsideHost, mayHoldMoreHosts, nameOf, SYMPTOMS, storyOf, unregisteredDestinations } from '../../src/rule-api.ts';

const FAILS = `${describe(SYMPTOMS['no-cluster'].http)}; TLS and TCP connections are reset. With ALLOW_ANY as well: a route to an unknown host fails`;

export default defineRule({
  meta: {
    name: 'unregistered-destination',
    code: 'EL303',
    family: 'hosts',
    peers: ['IST0101', 'KIA1101'],
    severity: 'error',
    asksPaths: true,
    summary: 'A route leads to a host that no Service and no ServiceEntry registers.',
    fixable: 'suggestion',
  },
  messages: {
    alias: {
      text: '{vs}: destination {host} is an ExternalName Service, an alias of {target}, which no ServiceEntry registers, so what is routed there fails',
      label: "leads to '{target}'",
      symptom: FAILS,
      help: "add a ServiceEntry for '{target}'",
    },
    withinWildcard: {
      text: "{vs}: destination {host} is registered only as part of '{wildcard}', which is no destination for it, so what is routed there fails",
      label: 'no ServiceEntry of exactly this name',
      symptom: FAILS,
      help: "add a ServiceEntry for '{host}' itself",
    },
    nearMiss: {
      text: "{vs}: destination '{host}' is registered by nothing in these files; did you mean '{found}'?",
      label: 'no such host here',
      symptom: `if it is a slip: ${FAILS}`,
      help: "write '{found}', or add a ServiceEntry for '{host}'",
    },
    external: {
      text: "{vs}: destination '{host}' is registered by no ServiceEntry in these files; without one, what is routed there fails",
      label: 'no ServiceEntry in view',
      symptom: FAILS,
      help: "add a ServiceEntry for '{host}', or lint the file that holds it together with this one",
    },
    absent: {
      text: "{vs}: destination '{host}' is no host of this mesh: no Service and no ServiceEntry registers it, so what is routed there fails",
      label: 'nothing registers it',
      symptom: FAILS,
      help: "add a ServiceEntry or Service for '{host}'; if it exists outside of these files, name it in the configuration (assume), which says that they are complete (closedWorld)",
    },
    notInView: {
      text: "{vs}: destination '{host}' is not in these files",
      label: 'not in view',
      help: 'lint the file that holds the Service together with this one',
    },
    onTheWay: {
      text: '{vs} sends calls to {call} from {client} on to {host}, which the gateway does not know, so they fail',
      label: 'unknown to the gateway',
      help: 'add a ServiceEntry for {host}, or lint the file that holds it together with this one',
    },
  },

  create: ({ mesh, report }) => ({
    Path(path) {
      const { missing, destination, last } = path;
      if (missing?.missing !== 'host' || !destination || last.proxy.kind !== 'gateway' || !isOutsideHost(missing.key.host) || mayHoldMoreHosts(mesh)) return;
      // Where only routing is in view, entries may stand elsewhere.
      if (mesh.all('Service').length + mesh.all('Namespace').length === 0) return;
      report(
        'onTheWay',
        { resource: destination.resource, path: [...destination.path, 'host'] },
        { data: { vs: nameOf(destination.resource), host: missing.key.host, ...callOf(path) }, ...storyOf(path) },
      );
    },
    VirtualService(vs) {
      const likely = mesh.closedWorld ? {} : { confidence: 'likely' as const };
      for (const { resource, path, host, unregistered } of unregisteredDestinations(mesh, vs)) {
        const at = { resource, path };
        const data = { vs: nameOf(vs), host };
        switch (unregistered.why) {
          case 'alias': {
            const { alias } = unregistered;
            const related = [{ at: { resource: alias, path: ['spec', 'externalName'] }, message: `${nameOf(alias)} is an alias` }];
            report('alias', at, { data: { ...data, target: alias.spec.externalName ?? '' }, related });
            break;
          }
          case 'within-wildcard': {
            const { registration } = unregistered;
            const related = [{ at: { resource: registration.resource, path: ['spec', 'hosts', registration.index] }, message: nameOf(registration.resource) }];
            report('withinWildcard', at, { data: { ...data, wildcard: registration.host }, ...likely, related });
            break;
          }
          case 'near-miss': {
            const { found } = unregistered;
            const fixes = [{ title: `write '${found}'`, safe: false, changes: [{ do: 'replace' as const, at, value: found }] }];
            report('nearMiss', at, { data: { ...data, found }, ...likely, fixes });
            break;
          }
          case 'absent':
            report('absent', at, { data });
            break;
          case 'external':
            report('external', at, { data, ...(unregistered.isMissed ? { confidence: 'likely' } : { severity: 'info' }) });
            break;
          case 'not-in-view':
            report('notInView', at, { data, severity: 'info' });
            break;
          default:
            unregistered satisfies never;
        }
      }
    },
  }),
});
