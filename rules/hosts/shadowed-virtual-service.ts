import { defineRule, nameOf, shadowedRoutes } from '../../src/rule-api.ts';

export default defineRule({
  meta: {
    name: 'shadowed-virtual-service',
    code: 'EL317',
    family: 'hosts',
    peers: ['IST0109', 'KIA1106'],
    severity: 'error',
    summary: 'Two VirtualServices route HTTP for one host in sidecars: sidecars use only the older one.',
  },
  messages: {
    shadowed: {
      text: "{vs}: {other} routes '{host}' as well, and sidecars never merge two VirtualServices for a host: all http rules of the younger one are ignored",
      label: 'routed by two VirtualServices',
      symptom: 'no error anywhere: calls follow the rules of the older object; routes, timeouts and retries of the younger do nothing',
      help: 'move all rules for the host into one VirtualService',
    },
  },

  create: ({ mesh, report }) => ({
    Mesh() {
      for (const { claim, other, areBothUsed } of shadowedRoutes(mesh)) {
        const { virtualService: vs, index, host } = claim;
        report(
          'shadowed',
          { resource: vs, path: ['spec', 'hosts', index] },
          {
            data: { vs: nameOf(vs), other: nameOf(other.virtualService), host },
            ...(other.virtualService.source.file !== vs.source.file && { confidence: 'likely' }),
            ...(!areBothUsed && { severity: 'info' }),
            related: [
              {
                at: { resource: other.virtualService, path: ['spec', 'hosts', other.index] },
                message: `${nameOf(other.virtualService)}: the older of the two is used`,
              },
            ],
          },
        );
      }
    },
  }),
});
