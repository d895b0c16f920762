import type { Resource } from '../../resources/resource.ts';
import type { Path } from '../../yaml/locate.ts';
import type { Pod } from '../clusters/pods.ts';
import { isWithin, shownAddress } from '../terms/address.ts';
import type { Connection } from '../terms/connection.ts';
import { type LayerVerdict, likely } from './layer-verdict.ts';

const PREFIX = 'traffic.sidecar.istio.io/';
const INTERCEPTION = 'sidecar.istio.io/interceptionMode';

/**
 * M-3: whether a connection goes past the sidecar of the Pod that opens it, by an annotation of the Pod. An address that is not known is taken for a public one.
 * @returns undefined where the sidecar gets it
 */
export function captureVerdict(pod: Pick<Pod, 'annotations' | 'resource'>, { ip, port }: Pick<Connection, 'ip' | 'port'>): LayerVerdict | undefined {
  const found = EXCLUSIONS.find(({ annotation, takesOut }) => {
    const value = pod.annotations[annotation];
    return value !== undefined && takesOut(entriesOf(value), { ip, port, annotations: pod.annotations });
  });
  if (!found || !pod.resource) return undefined;
  return likely(found.why, [{ resource: pod.resource, path: [...annotationsOf(pod.resource), found.annotation] }]);
}

interface Dialled {
  readonly ip: string | undefined;
  readonly port: number;
  readonly annotations: Pod['annotations'];
}

interface Exclusion {
  readonly annotation: string;
  readonly why: string;
  readonly takesOut: (entries: readonly string[], dialled: Dialled) => boolean;
}

const EXCLUSIONS: readonly Exclusion[] = [
  { annotation: INTERCEPTION, why: 'the Pod is not intercepted', takesOut: ([mode]) => mode === 'NONE' },
  { annotation: `${PREFIX}excludeOutboundPorts`, why: 'the port is left out of the capture', takesOut: (entries, { port }) => entries.includes(String(port)) },
  {
    annotation: `${PREFIX}excludeOutboundIPRanges`,
    why: 'the address is left out of the capture',
    takesOut: (entries, { ip }) => entries.some((range) => holds(range, ip)),
  },
  {
    annotation: `${PREFIX}includeOutboundIPRanges`,
    why: 'the address is in none of the ranges that are captured',
    takesOut: (entries, { ip, port, annotations }) =>
      !entriesOf(annotations[`${PREFIX}includeOutboundPorts`] ?? '').some((entry) => entry === '*' || entry === String(port)) && isLeftOut(entries, ip),
  },
];

function entriesOf(value: string): readonly string[] {
  return value.split(',').flatMap((entry) => entry.trim() || []);
}

function isEverything(range: string): boolean {
  return range === '*' || range.endsWith('/0');
}

function isMadeUp(ip: string): boolean {
  return shownAddress(ip) !== ip;
}

function holds(range: string, ip: string | undefined): boolean {
  return isEverything(range) || (ip !== undefined && isWithin(ip, range));
}

const PRIVATE = /^(?:10\.|172\.(?:1[6-9]|2\d|3[01])\.|192\.168\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|169\.254\.|f[cd][\da-f]{2}:)/i;

/** An address within the cluster that no file tells may be in any range; a public one is in none that is private. */
function isLeftOut(ranges: readonly string[], ip: string | undefined): boolean {
  if (ip === undefined) return ranges.every((range) => PRIVATE.test(range));
  return isMadeUp(ip) ? ranges.length === 0 : !ranges.some((range) => holds(range, ip));
}

/** Where the annotations of a workload's Pods stand. */
function annotationsOf({ type }: Resource): Path {
  if (type === 'Pod') return ['metadata', 'annotations'];
  const template: Path = ['spec', 'template', 'metadata', 'annotations'];
  return type === 'CronJob' ? ['spec', 'jobTemplate', ...template] : template;
}
