import { defineRule, isForMesh, nameOf, scopedMatches } from '../../src/rule-api.ts';

export default defineRule({
  meta: {
    name: 'leaking-subnets',
    code: 'EL323',
    family: 'hosts',
    severity: 'warning',
    summary: 'destinationSubnets of one TLS match narrow the matches behind it as well.',
  },
  messages: {
    leaking: {
      text: '{vs}: these destinationSubnets hold for the next match as well, which has none of its own: Istio carries them over',
      label: 'also narrows the match behind it',
      symptom:
        'in sidecars, connections of the later match to other addresses are not routed: they pass unmanaged with ALLOW_ANY and are reset with REGISTRY_ONLY',
      help: 'put the match without destinationSubnets first, or write destinationSubnets ["0.0.0.0/0", "::/0"] into it',
    },
  },

  create: ({ report }) => ({
    VirtualService(vs) {
      const matches = scopedMatches(vs, 'tls').filter(({ scope, isSound }) => isSound && isForMesh(scope));
      for (const [i, { match, path, scope }] of matches.entries()) {
        if (!match || match.destinationSubnets.length === 0) continue;
        const next = matches.slice(i + 1).find((later) => {
          const isSamePort = scope.port === undefined || later.scope.port === undefined || scope.port === later.scope.port;
          return isSamePort && (later.scope.source === scope.source || scope.source === '');
        });
        if (!next?.match || next.match.destinationSubnets.length > 0) continue;
        report(
          'leaking',
          { resource: vs, path: [...path, 'destinationSubnets'] },
          {
            data: { vs: nameOf(vs) },
            related: [{ at: { resource: vs, path: [...next.path, 'sniHosts'] }, message: 'has no destinationSubnets of its own' }],
          },
        );
      }
    },
  }),
});
