import { describe } from '../outcomes/symptoms.ts';
import type { Reason } from '../terms/reason.ts';
import type { FailingPath } from './failing-paths.ts';
import type { MissedRule } from './missed-rule.ts';
import type { Probe } from './probe.ts';

const DEFAULT_PORTS: Readonly<Record<Probe['proto'], number | undefined>> = { http: 80, https: 443, tls: undefined, tcp: undefined, mtls: 443 };

/** What is called, as a URL: `https://api.bank.example`, `tcp://db.bank.example:5432`. */
export function callText({ to, proto }: Pick<Probe, 'to' | 'proto'>): string {
  return `${proto}://${to.host}${to.port === DEFAULT_PORTS[proto] ? '' : `:${to.port}`}`;
}

/** Who calls: `clients in namespace shop`, with labels where only some do. */
function clientText({ namespace, labels }: Probe['from']): string {
  const entries = Object.entries(labels);
  return `clients in namespace ${namespace}${entries.length === 0 ? '' : ` with ${entries.map(([key, value]) => `${key}=${value}`).join(',')}`}`;
}

/** What the messages about a connection that fails have in common: who calls what. */
export function callOf({ connection: { probe } }: FailingPath): { readonly client: string; readonly call: string } {
  return { client: clientText(probe.from), call: callText(probe) };
}

/** What findings about a connection that fails have in common. They rest on nothing else being there that files do not show. */
export function storyOf(path: FailingPath): { readonly trace: FailingPath; readonly confidence: 'likely'; readonly symptom?: string } {
  return { trace: path, confidence: 'likely', ...(path.symptom && { symptom: describe(path.symptom) }) };
}

/** The field that says to which port of the servers a port of a Service leads. */
export function targetPortOf(port: Reason | undefined): Reason | undefined {
  return port && { resource: port.resource, path: [...port.path, 'targetPort'] };
}

/** The place of a rule that should have held, to be told beside a finding; none where there is no such rule. */
export function missedAt(missed: MissedRule | undefined): readonly { readonly at: Reason; readonly message: string }[] {
  return missed ? [{ at: missed.at, message: `DestinationRule ${missed.rule.namespace}/${missed.rule.name} ${missed.why}` }] : [];
}

/** The settings by which sidecars started the TLS that ended in trouble at a gateway; undefined where clients speak TLS themselves, or no rule decided. */
export function sidecarTlsAt({ path, last }: FailingPath): Reason | undefined {
  const [outer] = last.connection.tls;
  const cluster = path.hops.at(-2)?.cluster;
  return path.at !== 'gateway' || !outer || outer.by === 'client' || !cluster || 'missing' in cluster ? undefined : cluster.tlsAt;
}

/**
 * What a gateway lacks for a connection that was sent to it and ends there: a route, a listener with routes of the kind, or a filter chain for the server name
 * of the client's own TLS. Undefined where it ends elsewhere, or for something else.
 */
export function lackAtGateway({ path: { outcome, hops }, last }: FailingPath): 'no-route' | 'refused' | 'server-name' | undefined {
  if (last.proxy.kind !== 'gateway' || hops.length < 2) return undefined;
  if (outcome === 'no-filter-chain' && last.connection.tls[0]?.by === 'client') return 'server-name';
  return outcome === 'no-route' || outcome === 'refused' ? outcome : undefined;
}
