import { any, type Infer, integer, list, map, object, string } from './field.ts';
import type { KindDefinition, Resource } from './resource.ts';

/** A port as Kubernetes has it; `targetPort` is a number or a container port's name. */
const servicePort = object('ServicePort', { name: string(), port: integer(), protocol: string(), appProtocol: string(), targetPort: any() }, { open: true });

const spec = object(
  'ServiceSpec',
  { type: string(), clusterIP: string(), clusterIPs: list(string()), externalName: string(), ports: list(servicePort), selector: map(string()) },
  { open: true },
);

/** Kubernetes Service, as far as Istio's registry reads it (docs/traffic-model.md, N-10 to N-16). */
export const service = { kind: 'Service', group: '', scope: 'Namespaced', root: 'spec', spec } as const satisfies KindDefinition;

export type Service = Resource<'Service', Infer<typeof spec>>;
