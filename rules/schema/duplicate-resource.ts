import { defineRule, nameOf, type Resource } from '../../src/rule-api.ts';

export default defineRule({
  meta: {
    name: 'duplicate-resource',
    code: 'EL115',
    family: 'schema',
    severity: 'warning',
    summary: 'One file holds two objects of the same kind, namespace and name: only one of them can be in the cluster.',
  },
  messages: {
    twice: {
      text: '{resource} stands twice in this file: only one of the two can be in the cluster',
      label: 'the same object again',
      symptom:
        'kubectl apply takes the documents in order, so the later one replaces the earlier; other tools refuse the file or choose otherwise. Both are judged here.',
      help: 'give one of them another name, or merge the two',
    },
  },

  create: ({ report }) => ({
    File({ resources }) {
      const first = new Map<string, Resource>();
      for (const resource of resources) {
        if (!isNamed(resource)) continue;
        const identity = [resource.apiVersion.split('/', 1)[0], resource.kind, resource.namespace, resource.name].join('\n');
        const earlier = first.get(identity);
        first.set(identity, earlier ?? resource);
        if (!earlier) continue;
        const path = ['metadata', 'name'];
        report(
          'twice',
          { resource, path },
          {
            data: { resource: nameOf(resource) },
            // Of two copies it does not matter which one is taken.
            ...(isCopy(resource, earlier) && { severity: 'info' }),
            related: [{ at: { resource: earlier, path }, message: 'the first of them' }],
          },
        );
      }
    },
  }),
});

function isCopy(a: Resource, b: Resource): boolean {
  const textOf = ({ labels, annotations, spec }: Resource): string => JSON.stringify([labels, annotations, spec]);
  return textOf(a) === textOf(b);
}

/** Whether the object has a name of its own (`generateName` makes a new one each time) that no template decides. */
function isNamed(resource: Resource): boolean {
  return resource.isSet(['metadata', 'name']) && !resource.templates.some((path) => path[0] === 'metadata');
}
