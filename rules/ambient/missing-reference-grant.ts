import {
  backendsElsewhere,
  type CrossNamespaceReference,
  certificatesElsewhere,
  defineRule,
  type GatewayApiRoute,
  isGranted,
  nameOf,
} from '../../src/rule-api.ts';

export default defineRule({
  meta: {
    name: 'missing-reference-grant',
    code: 'EL808',
    family: 'ambient',
    peers: ['KIA1402'],
    severity: 'error',
    summary: 'A Gateway or a route at a Gateway refers to another namespace, which has no ReferenceGrant for it.',
  },
  messages: {
    backend: {
      text: '{resource} sends to Service {name} of namespace {namespace}, and no ReferenceGrant there lets {kind}s of {own} refer to it',
      label: 'needs a ReferenceGrant in {namespace}',
      symptom: 'HTTP 500 for every call that takes this backend; the status of the route says RefNotPermitted',
      help: 'add a ReferenceGrant to namespace {namespace}: from {kind} in namespace {own}, to Service',
    },
    certificate: {
      text: '{resource} takes its certificate from Secret {name} of namespace {namespace}, and no ReferenceGrant there lets Gateways of {own} refer to it',
      label: 'needs a ReferenceGrant in {namespace}',
      symptom: 'the listener is not programmed: connections are refused or reset; its status says RefNotPermitted',
      help: 'add a ReferenceGrant to namespace {namespace}: from Gateway in namespace {own}, to Secret',
    },
  },

  create: ({ mesh, report }) => {
    const check = (reference: CrossNamespaceReference, message: 'backend' | 'certificate') => {
      const { resource, path, from, to } = reference;
      if (mesh.hasTemplates('ReferenceGrant') || !mesh.hasKnownNamespace(resource) || isGranted(mesh, reference)) return;
      // A grant may lie outside of the files, but hardly where what it is about lies in them.
      const targets = to.kind === 'Service' ? mesh.named('Service', to.namespace, to.name) : mesh.credentialHolders.named(to.name).map((each) => each.resource);
      const isInView = targets.some((target) => target.namespace === to.namespace && mesh.belongTogether(target, resource));
      const hasGrants = mesh.inNamespace('ReferenceGrant', to.namespace).some((grant) => mesh.belongTogether(grant, resource));
      const data = { resource: nameOf(resource), name: to.name, namespace: to.namespace, kind: from.kind, own: from.namespace };
      const unknown = isInView || hasGrants ? ({ confidence: 'likely' } as const) : ({ severity: 'info' } as const);
      report(message, { resource, path }, { data, ...(!mesh.closedWorld && unknown) });
    };
    const checkRoute = (route: GatewayApiRoute) => {
      for (const reference of backendsElsewhere(route)) check(reference, 'backend');
    };
    return {
      HTTPRoute: checkRoute,
      GRPCRoute: checkRoute,
      TLSRoute: checkRoute,
      TCPRoute: checkRoute,
      KubernetesGateway(gateway) {
        for (const reference of certificatesElsewhere(gateway)) check(reference, 'certificate');
      },
    };
  },
});
