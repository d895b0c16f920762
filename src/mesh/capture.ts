import type { Resource } from '../resources/resource.ts';
import type { GatewayHop } from './gateway-hops.ts';
import { MESH } from './gateway-reference.ts';
import { addTo } from './group-by.ts';
import { expandShortName } from './host-name.ts';
import type { Mesh } from './mesh.ts';
import { matchesOf } from './routes.ts';

/** What an annotation of a Pod takes past its sidecar (docs/traffic-model.md, M-3). */
export interface Uncaptured {
  /** Ports that are left out everywhere. */
  readonly ports: readonly number[];
  /** Whether addresses outside of the cluster are left out: all are, or only ranges are captured that leave them out. */
  readonly outside: boolean;
}

const PREFIX = 'traffic.sidecar.istio.io/';
/** Annotations of Pods that say which outbound connections the sidecar gets. */
const CAPTURE_ANNOTATIONS = [`${PREFIX}excludeOutboundPorts`, `${PREFIX}excludeOutboundIPRanges`, `${PREFIX}includeOutboundIPRanges`] as const;

const READ_FROM_PODS =
  /^(?:traffic\.sidecar\.istio\.io\/(?:(?:in|ex)clude(?:Outbound|Inbound)(?:Ports|IPRanges)|excludeInterfaces|kubevirtInterfaces)|proxy\.istio\.io\/config|sidecar\.istio\.io\/(?:inject|interceptionMode|userVolume|userVolumeMount))$/;

/** Whether the sidecar's injection reads an annotation from Pods, and from nowhere else (Istio: pkg/kube/inject). */
export function isReadFromPods(annotation: string): boolean {
  return READ_FROM_PODS.test(annotation);
}

const EVERYTHING = new Set(['0.0.0.0/0', '*']);
const PRIVATE = /^(?:10\.|172\.(?:1[6-9]|2\d|3[01])\.|192\.168\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|169\.254\.|f[cd][\da-f]{2}:)/i;

/** @returns undefined for annotations that leave nothing outside of the cluster out */
export function uncapturedBy(annotation: (typeof CAPTURE_ANNOTATIONS)[number], value: string): Uncaptured | undefined {
  const entries = value.split(',').flatMap((entry) => entry.trim() || []);
  if (annotation === `${PREFIX}excludeOutboundPorts`) {
    const ports = entries.map(Number).filter((port) => Number.isInteger(port) && port > 0);
    return ports.length > 0 ? { ports, outside: false } : undefined;
  }
  // Of ranges, an empty list captures nothing; one of private ranges alone nothing outside.
  const outside =
    annotation === `${PREFIX}includeOutboundIPRanges` ? entries.every((entry) => PRIVATE.test(entry)) : entries.some((entry) => EVERYTHING.has(entry));
  return outside ? { ports: [], outside } : undefined;
}

/** Ports by which nearly everything outside is called. */
const OF_THE_WEB = [443, 80];

/** Calls that an annotation takes past a workload's sidecar. */
export interface Bypass {
  readonly annotation: string;
  /** The port that is called; undefined for addresses outside of the cluster, on whatever port. */
  readonly port: number | undefined;
  /** A way to a gateway that the sidecar would have taken for them; undefined where nothing in view steers them. */
  readonly hop: GatewayHop | undefined;
}

/** M-3: finds what Pods keep from their sidecars though it is steered to a gateway, or could be any host. Keeps the ways to gateways. */
export class Bypasses {
  private readonly mesh: Mesh;
  private steered: ReadonlyMap<number, readonly GatewayHop[]> | undefined;

  constructor(mesh: Mesh) {
    this.mesh = mesh;
  }

  /**
   * @param workload the Pod, or what makes it
   * @param annotations of the Pod
   */
  of(workload: Resource, annotations: Readonly<Record<string, string>>): readonly Bypass[] {
    return CAPTURE_ANNOTATIONS.flatMap((annotation): readonly Bypass[] => {
      const value = annotations[annotation];
      const left = value === undefined ? undefined : uncapturedBy(annotation, value);
      if (!left) return [];
      this.steered ??= steeredPorts(this.mesh);
      const { steered } = this;
      const hop = hopPast(this.mesh, workload, left, steered);
      const port = left.outside ? undefined : left.ports.find((each) => (hop ? steered.get(each)?.includes(hop) : OF_THE_WEB.includes(each)));
      return hop || left.outside || port !== undefined ? [{ annotation, port, hop }] : [];
    });
  }
}

/** Whether an annotation is about what the sidecar captures. */
export function isAboutCapture(annotation: string): boolean {
  return annotation.startsWith(PREFIX);
}

/** The ways to gateways by the ports on which sidecars take them: those that the matches name, else all ports of the hosts. */
export function steeredPorts(mesh: Mesh): ReadonlyMap<number, readonly GatewayHop[]> {
  const found = new Map<number, GatewayHop[]>();
  for (const hop of mesh.gatewayHops) {
    for (const port of new Set(portsOf(mesh, hop))) {
      addTo(found, port, hop);
    }
  }
  return found;
}

/**
 * A way to a gateway that a workload's sidecar would take for what it does not get.
 * @param steered of the whole mesh, by {@link steeredPorts}
 */
export function hopPast(
  mesh: Mesh,
  workload: Resource,
  { ports, outside }: Uncaptured,
  steered: ReadonlyMap<number, readonly GatewayHop[]>,
): GatewayHop | undefined {
  const candidates = outside ? [...steered.values()].flat() : ports.flatMap((port) => steered.get(port) ?? []);
  return candidates.find(
    ({ virtualService }) => mesh.virtualServices.isVisible(virtualService, workload.namespace) && mesh.belongTogether(virtualService, workload),
  );
}

function portsOf(mesh: Mesh, { virtualService, destination }: GatewayHop): readonly number[] {
  const { spec, namespace } = virtualService;
  const matches = matchesOf(virtualService, destination.section, destination.rule).filter(({ gateways }) => gateways.length === 0 || gateways.includes(MESH));
  const written = matches.map(({ port }) => port || undefined);
  if (written.length > 0 && !written.includes(undefined)) return written.flatMap((port) => port ?? []);
  const registered = spec.hosts.flatMap((host) => mesh.registry.named(expandShortName(host, namespace, mesh.config.clusterDomain)));
  return registered.flatMap(({ ports }) => ports.map(({ number }) => number));
}
