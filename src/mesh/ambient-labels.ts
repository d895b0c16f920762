import type { ServiceEntry } from '../resources/service-entry.ts';
import type { Mesh } from './mesh.ts';

const DATAPLANE_MODE = 'istio.io/dataplane-mode';
const USE_WAYPOINT = 'istio.io/use-waypoint';

type Labels = Readonly<Record<string, string>>;

/** whether labels hand an object, or what is in it, to ztunnel or to a waypoint. */
function isAmbientBy(labels: Labels): boolean {
  return labels[DATAPLANE_MODE] === 'ambient' || labels[USE_WAYPOINT] !== undefined;
}

/** Whether the labels of a namespace hand its traffic to ztunnel or a waypoint. */
export function isAmbientNamespace(mesh: Mesh, namespace: string): boolean {
  return mesh.named('Namespace', '', namespace).some(({ labels }) => isAmbientBy(labels));
}

/** Whether an entry's own labels, or those of its namespace, do. */
export function isAmbientEntry(mesh: Mesh, entry: ServiceEntry): boolean {
  return isAmbientBy(entry.labels) || isAmbientNamespace(mesh, entry.namespace);
}
