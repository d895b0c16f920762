import type { VirtualService } from '../resources/virtual-service.ts';
import type { Path } from '../yaml/locate.ts';
import { stepInto } from '../yaml/step-into.ts';
import { MESH, resolveGateway } from './gateway-reference.ts';
import type { RouteSection } from './routes.ts';

/** Where and for whom a match can hold: what Istio looks at before it makes a route of it (docs/traffic-model.md, R-4, R-8, G-6). */
export interface MatchScope {
  /** `mesh` or `namespace/name`. */
  readonly gateways: readonly string[];
  readonly port: number | undefined;
  /** The conditions on the client, as one text; '' for none. */
  readonly source: string;
}

export interface ScopedMatch<M> {
  readonly rule: number;
  /** To the match, or to the rule where it has none. */
  readonly path: Path;
  /** Undefined where the rule has no match and takes everything. */
  readonly match: M | undefined;
  readonly scope: MatchScope;
  /** False where fields of the match are refused or unknown: what is left of it says more than was meant. */
  readonly isSound: boolean;
}

interface Match {
  readonly gateways: readonly string[];
  readonly port?: number;
  readonly sourceLabels: Readonly<Record<string, string>>;
  readonly sourceNamespace?: string;
}

export type HttpMatch = VirtualService['spec']['http'][number]['match'][number];
export type TlsMatch = VirtualService['spec']['tls'][number]['match'][number];
export type TcpMatch = VirtualService['spec']['tcp'][number]['match'][number];

/** The matches of a section, in the order in which Istio tries them; a rule without any counts as one that takes everything. */
export function scopedMatches(virtualService: VirtualService, section: 'http'): readonly ScopedMatch<HttpMatch>[];
export function scopedMatches(virtualService: VirtualService, section: 'tls'): readonly ScopedMatch<TlsMatch>[];
export function scopedMatches(virtualService: VirtualService, section: 'tcp'): readonly ScopedMatch<TcpMatch>[];
export function scopedMatches(virtualService: VirtualService, section: RouteSection): readonly ScopedMatch<HttpMatch | TlsMatch | TcpMatch>[];
export function scopedMatches(virtualService: VirtualService, section: RouteSection): readonly ScopedMatch<HttpMatch | TlsMatch | TcpMatch>[] {
  const rules: readonly { readonly match: readonly (HttpMatch | TlsMatch | TcpMatch)[] }[] = virtualService.spec[section];
  return rules.flatMap(({ match }, rule): readonly ScopedMatch<HttpMatch | TlsMatch | TcpMatch>[] => {
    const path: Path = ['spec', section, rule];
    if (match.length === 0)
      return [{ rule, path, match: undefined, scope: scopeOf(virtualService, undefined), isSound: isSound(virtualService, path, path.length + 1) }];
    return match.map((each, index) => {
      const at = stepInto(path, 'match', index);
      return { rule, path: at, match: each, scope: scopeOf(virtualService, each), isSound: isSound(virtualService, at, Number.POSITIVE_INFINITY) };
    });
  });
}

/** Whether nothing is wrong at a path, or beneath it down to a depth. */
function isSound({ problems, templates }: VirtualService, path: Path, depth: number): boolean {
  return ![...problems.map((problem) => problem.path), ...templates].some((at) => at.length <= depth && path.every((part, index) => at[index] === part));
}

function scopeOf({ namespace, spec }: VirtualService, match: Match | undefined): MatchScope {
  const own = spec.gateways.length > 0 ? spec.gateways : [MESH];
  const entries = match && match.gateways.length > 0 ? match.gateways : own;
  const { sourceLabels = {}, sourceNamespace = '' } = match ?? {};
  const labels = Object.entries(sourceLabels).sort();
  return {
    gateways: entries.map((entry) => canonicalGateway(entry, namespace)),
    port: match?.port || undefined,
    source: labels.length === 0 && sourceNamespace === '' ? '' : JSON.stringify([labels, sourceNamespace]),
  };
}

/** N-9: an entry of `gateways` in the one spelling that can be compared: `mesh` or `namespace/name`. */
export function canonicalGateway(entry: string, namespace: string): string {
  const reference = resolveGateway(entry, namespace);
  return reference ? `${reference.namespace}/${reference.name}` : MESH;
}

/** Whether one scope holds wherever and for whomever another does. */
export function scopeCovers(outer: MatchScope, inner: MatchScope): boolean {
  if (outer.port !== undefined && outer.port !== inner.port) return false;
  if (outer.source !== '' && outer.source !== inner.source) return false;
  return inner.gateways.every((gateway) => outer.gateways.includes(gateway));
}

/** Whether a match is for sidecars, and for nothing else. */
export function isForMeshAlone({ gateways }: MatchScope): boolean {
  return gateways.every((gateway) => gateway === MESH);
}

/** Whether a match is for sidecars, at least among others. */
export function isForMesh({ gateways }: MatchScope): boolean {
  return gateways.includes(MESH);
}
