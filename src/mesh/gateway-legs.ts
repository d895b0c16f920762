import type { Gateway } from '../resources/gateway.ts';
import type { VirtualService } from '../resources/virtual-service.ts';
import type { Path } from '../yaml/locate.ts';
import { stepInto } from '../yaml/step-into.ts';
import { type GatewayReference, MESH, resolveGateway } from './gateway-reference.ts';
import { parseProtocol, protocolGroup } from './protocol.ts';
import type { RouteSection } from './routes.ts';
import { isTemplated } from './template-paths.ts';

const SECTIONS = ['http', 'tls', 'tcp'] as const;

/** One match of a rule, or the whole rule where it has none, as far as it concerns gateways. */
export interface LegMatch {
  /** The Gateways at which it can match, the entries for `mesh` left out. */
  readonly gateways: readonly GatewayReference[];
  readonly port: number | undefined;
  /** To the match, or to the rule where it has none. */
  readonly path: Path;
}

/** A rule of a VirtualService that applies at gateways and nowhere else. */
export interface GatewayLeg {
  readonly section: RouteSection;
  readonly rule: number;
  readonly matches: readonly LegMatch[];
}

/** G-6, N-9: the rules of a VirtualService that are for gateways alone: it is not bound to `mesh`, or all of the rule's matches name Gateways. */
export function gatewayLegs(virtualService: VirtualService): readonly GatewayLeg[] {
  const { spec, namespace } = virtualService;
  if (spec.gateways.length === 0 || isTemplated(virtualService, ['spec', 'gateways'])) return [];
  return SECTIONS.flatMap((section) =>
    spec[section].flatMap((route, rule) => {
      const path: Path = ['spec', section, rule];
      if (isTemplated(virtualService, stepInto(path, 'match'))) return [];
      const written = route.match.map(({ gateways, port }, index) => ({ gateways, port, path: stepInto(path, 'match', index) }));
      const matches = (written.length > 0 ? written : [{ gateways: [], port: undefined, path }]).map(({ gateways, port, path: at }) => {
        const entries = gateways.length > 0 ? gateways : spec.gateways;
        return { entries, port: port || undefined, path: at, gateways: entries.flatMap((entry) => resolveGateway(entry, namespace) ?? []) };
      });
      return matches.some(({ entries }) => entries.includes(MESH)) ? [] : [{ section, rule, matches }];
    }),
  );
}

type Server = Gateway['spec']['servers'][number];

/**
 * G-5: the section of a VirtualService that a server takes its routes from.
 * @returns undefined where none does, or where Istio refuses the server
 */
export function sectionFor({ port, tls }: Server): RouteSection | undefined {
  const protocol = parseProtocol(port?.protocol);
  switch (protocolGroup(protocol)) {
    case 'http':
      return 'http';
    case 'tcp':
      return 'tcp';
    case 'tls':
      if (!tls || tls.mode === 'AUTO_PASSTHROUGH') return undefined;
      if (tls.mode === 'PASSTHROUGH') return 'tls';
      return protocol === 'HTTPS' ? 'http' : 'tcp';
    default:
      return undefined;
  }
}
