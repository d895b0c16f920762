import { defineRule, type Resource, type ResourceByKind } from '../../src/rule-api.ts';

type Templated = ResourceByKind['Deployment' | 'StatefulSet' | 'DaemonSet' | 'ReplicaSet' | 'Job'];

/** Annotations that the sidecar's injection reads, from Pods and nowhere else. */
const READ_FROM_PODS =
  /^(?:traffic\.sidecar\.istio\.io\/(?:(?:in|ex)clude(?:Outbound|Inbound)(?:Ports|IPRanges)|excludeInterfaces|kubevirtInterfaces)|proxy\.istio\.io\/config|sidecar\.istio\.io\/(?:inject|interceptionMode|userVolume|userVolumeMount))$/;

const CAPTURE = /^traffic\.sidecar\.istio\.io\//;

export default defineRule({
  meta: {
    name: 'bypassed-capture',
    code: 'EL708',
    family: 'policy',
    severity: 'warning',
    summary:
      'An annotation about what the sidecar captures stands where Istio does not read it, or takes traffic past the sidecar that is meant to go through it.',
  },
  messages: {
    notOnPod: {
      text: '{kind} {workload}: the annotation {annotation} stands on the {kind} itself, and Istio reads it from Pods: {consequence}',
      label: 'belongs to spec.template.metadata.annotations',
      symptom: '{symptom}',
      help: 'move it to spec.template.metadata.annotations',
    },
  },

  create: ({ report }) => {
    const check = (resource: Templated) => {
      const inTemplate = resource.spec.template?.metadata?.annotations ?? {};
      for (const annotation of Object.keys(resource.annotations)) {
        // What stands at both places works; some people keep a copy.
        if (!READ_FROM_PODS.test(annotation) || annotation in inTemplate) continue;
        const isCapture = CAPTURE.test(annotation);
        report('notOnPod', placeOf(resource, annotation), {
          data: {
            kind: resource.kind,
            workload: `${resource.namespace}/${resource.name}`,
            annotation,
            consequence: isCapture ? 'the sidecar captures what it did before' : 'it changes nothing',
            symptom: isCapture
              ? 'connections that should leave past the sidecar still go through it: under REGISTRY_ONLY they are blocked (BlackHoleCluster), and listeners for other hosts may take them'
              : 'the Pods run as if it were not there',
          },
        });
      }
    };
    return { Deployment: check, StatefulSet: check, DaemonSet: check, ReplicaSet: check, Job: check };
  },
});

function placeOf(resource: Resource, annotation: string) {
  return { resource, path: ['metadata', 'annotations', annotation], part: 'key' as const };
}
