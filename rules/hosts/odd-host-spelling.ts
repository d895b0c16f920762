import { defineRule, type Mesh, type NamedHost, nameOf, type ResourceByKind, unmetShortNames } from '../../src/rule-api.ts';

type ServiceEntry = ResourceByKind['ServiceEntry'];

export default defineRule({
  meta: {
    name: 'odd-host-spelling',
    code: 'EL307',
    family: 'hosts',
    peers: ['IST0133'],
    severity: 'error',
    summary: 'A host is spelt in a way that Istio accepts, but that no call ever matches.',
    fixable: 'suggestion',
  },
  messages: {
    upperCase: {
      text: "{entry}: host '{host}' has capital letters, which calls never match: Envoy compares server names in lower case, and routes lead to a cluster that does not exist",
      label: 'capital letters',
      symptom: 'HTTP calls get 503 (flag NC); TLS calls are not known: with REGISTRY_ONLY they are reset, curl: (35), with ALLOW_ANY they pass unmanaged',
      help: "write '{fixed}', here and wherever the host is named",
    },
    trailingDot: {
      text: "{entry}: host '{host}' ends in a dot, which calls never match: clients send the name without it",
      label: 'ends in a dot',
      symptom: 'the host stays unknown: with REGISTRY_ONLY HTTP calls get 502 and TLS connections are reset, curl: (35); with ALLOW_ANY they pass unmanaged',
      help: "write '{fixed}', here and wherever the host is named",
    },
    withoutDot: {
      text: "{entry}: '{host}' in {other} never means this host: a name without a dot is completed to {completed}, the host of a Service",
      label: 'a name without a dot',
      symptom: '{symptom}',
      help: "give the entry a host with a dot in it, like '{host}.example', and write that wherever the host is named",
    },
    partialWildcard: {
      text: "{resource}: '{host}' has a wildcard inside of a label, which Envoy does not take as a TLS server name: it refuses the whole listener of the port",
      label: 'wildcard inside of a label',
      symptom: 'sidecars keep the listener that they had, and new Pods get none: all TLS hosts on the port suffer, curl: (35)',
      help: "write '{fixed}', or each name",
    },
  },

  create: ({ mesh, report }) => {
    let shortNames: ReturnType<typeof unmetShortNames> | undefined;
    return {
      ServiceEntry(entry) {
        for (const [i, host] of entry.spec.hosts.entries()) {
          const at = { resource: entry, path: ['spec', 'hosts', i] };
          const fix = (fixed: string) => ({ fixes: [{ title: `write '${fixed}'`, safe: false, changes: [{ do: 'replace' as const, at, value: fixed }] }] });
          const lower = host.toLowerCase();
          const data = { entry: nameOf(entry), host };
          if (host !== lower && isFoundByName(mesh, entry)) report('upperCase', at, { data: { ...data, fixed: lower }, ...fix(lower) });
          else if (/[^.]\.$/.test(host) && isFoundByName(mesh, entry))
            report('trailingDot', at, { data: { ...data, fixed: host.slice(0, -1) }, ...fix(host.slice(0, -1)) });
          else if (isPartialWildcard(host) && hasPort(mesh, entry, 'tls')) {
            const fixed = `*${host.slice(host.indexOf('.'))}`;
            report('partialWildcard', at, { data: { resource: nameOf(entry), host, fixed }, confidence: 'likely', ...fix(fixed) });
          } else if (/^[\w-]+$/.test(host)) {
            shortNames ??= unmetShortNames(mesh);
            const missing = (shortNames.get(host) ?? []).filter((named) => mesh.belongTogether(entry, named.resource));
            const [first] = missing;
            if (!first) continue;
            report('withoutDot', at, {
              data: { ...data, other: nameOf(first.resource), completed: first.completed, symptom: MISSED[first.role] },
              confidence: 'likely',
              related: missing.map(({ resource, path }) => ({ at: { resource, path }, message: 'the same name here' })),
            });
          }
        }
      },
      VirtualService(vs) {
        for (const [i, { match }] of vs.spec.tls.entries()) {
          for (const [j, { sniHosts }] of match.entries()) {
            for (const [k, host] of sniHosts.entries()) {
              if (!isPartialWildcard(host)) continue;
              const fixed = `*${host.slice(host.indexOf('.'))}`;
              report(
                'partialWildcard',
                { resource: vs, path: ['spec', 'tls', i, 'match', j, 'sniHosts', k] },
                { data: { resource: nameOf(vs), host, fixed }, confidence: 'likely' },
              );
            }
          }
        }
      },
    };
  },
});

const MISSED: Readonly<Record<NamedHost['role'], string>> = {
  destination: 'what is routed there fails: HTTP 503 (flag NC); TLS and TCP connections are reset',
  host: 'no error anywhere: calls to the host go their default way',
  policy: 'no error anywhere: the TLS settings, subsets and limits of the rule do not apply; where it was to start TLS, plaintext is sent',
};

/** Whether sidecars find the host by its name, and not by the address that clients dial. */
function isFoundByName(mesh: Mesh, entry: ServiceEntry): boolean {
  return hasPort(mesh, entry, 'http') || (hasPort(mesh, entry, 'tls') && entry.spec.addresses.length === 0);
}

function hasPort(mesh: Mesh, entry: ServiceEntry, group: ReturnType<Mesh['protocolGroup']>): boolean {
  return entry.spec.ports.some(({ protocol }) => mesh.protocolGroup(protocol) === group);
}

/** `*-api.example`: the star is a part of a label only. */
function isPartialWildcard(host: string): boolean {
  return /^\*[^.]+\./.test(host);
}
