import {
  Bypasses,
  defineRule,
  isAboutCapture,
  isGatewayWorkload,
  isReadFromPods,
  nameOf,
  type Path,
  type Resource,
  type ResourceByKind,
} from '../../src/rule-api.ts';

type Templated = ResourceByKind['Deployment' | 'StatefulSet' | 'DaemonSet' | 'ReplicaSet' | 'Job'];
type Labels = Readonly<Record<string, string>>;

export default defineRule({
  meta: {
    name: 'bypassed-capture',
    code: 'EL708',
    family: 'policy',
    peers: ['IST0107'],
    severity: 'warning',
    summary:
      'An annotation about what the sidecar captures stands where Istio does not read it, or takes calls past the sidecar that are meant to go through it.',
    securitySeverity: 5,
  },
  messages: {
    notOnPod: {
      text: '{workload}: the annotation {annotation} stands on the {kind} itself, and Istio reads it from Pods: {consequence}',
      label: 'belongs to spec.template.metadata.annotations',
      symptom: '{symptom}',
      help: 'move it to spec.template.metadata.annotations',
    },
    steered: {
      text: '{workload}: {annotation} takes {what} past the sidecar, so {route}, which sends them to {gateway}, does not hold for these Pods',
      label: 'past the sidecar, and past the gateway',
      symptom:
        'calls leave straight from the Pod: neither the sidecar nor the gateway logs them, and no policy holds. Where a firewall lets only the gateway out, they time out',
      help: 'remove what is needed by the route from the annotation',
    },
    blocked: {
      text: '{workload}: {annotation} takes {what} past the sidecar, so REGISTRY_ONLY does not hold for them: these Pods reach any host that way',
      label: 'past the sidecar',
      symptom: 'calls to hosts that nothing registers get through, and no log has them',
      help: 'remove the annotation, and register the hosts that the Pods need by ServiceEntries; or leave out single addresses, by excludeOutboundIPRanges',
    },
  },

  create: ({ mesh, report }) => {
    const bypasses = new Bypasses(mesh);
    const checkPlace = (resource: Templated, inTemplate: Labels) => {
      for (const annotation of Object.keys(resource.annotations)) {
        // What stands at both places works; some people keep a copy.
        if (!isReadFromPods(annotation) || annotation in inTemplate) continue;
        const isCapture = isAboutCapture(annotation);
        report('notOnPod', placeOf(resource, [], annotation), {
          data: {
            kind: resource.kind,
            workload: nameOf(resource),
            annotation,
            consequence: isCapture ? 'the sidecar captures what it did before' : 'it changes nothing',
            symptom: isCapture
              ? 'connections that should leave past the sidecar still go through it: under REGISTRY_ONLY they are blocked (BlackHoleCluster), and listeners for other hosts may take them'
              : 'the Pods run as if it were not there',
          },
        });
      }
    };

    const checkPod = (resource: Resource, path: Path, labels: Labels, annotations: Labels) => {
      if (isGatewayWorkload({ labels, annotations })) return;
      for (const { annotation, port, hop } of bypasses.of(resource, annotations)) {
        const what = port === undefined ? 'calls to addresses outside of the cluster' : `calls to port ${port}`;
        const data = { workload: nameOf(resource), annotation, what };
        const at = placeOf(resource, path, annotation);
        if (hop) {
          const { virtualService, destination } = hop;
          report('steered', at, {
            data: { ...data, route: nameOf(virtualService), gateway: destination.host },
            confidence: 'likely',
            related: [
              { at: { resource: virtualService, path: [...destination.path, 'host'] }, message: `${nameOf(virtualService)} sends sidecars to the gateway` },
            ],
          });
        } else if (mesh.config.outboundPolicy === 'REGISTRY_ONLY') report('blocked', at, { data, confidence: 'likely' });
      }
    };

    const check = (resource: Templated) => {
      const { labels = {}, annotations = {} } = resource.spec.template?.metadata ?? {};
      checkPlace(resource, annotations);
      checkPod(resource, ['spec', 'template'], labels, annotations);
    };
    return {
      Deployment: check,
      StatefulSet: check,
      DaemonSet: check,
      ReplicaSet: check,
      Job: check,
      Pod: (pod) => checkPod(pod, [], pod.labels, pod.annotations),
    };
  },
});

function placeOf(resource: Resource, path: Path, annotation: string) {
  return { resource, path: [...path, 'metadata', 'annotations', annotation], part: 'key' as const };
}
