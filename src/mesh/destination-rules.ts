import type { DestinationRule } from '../resources/destination-rule.ts';
import type { Path } from '../yaml/locate.ts';
import { isExportedTo } from './export-to.ts';
import { HostIndex } from './host-index.ts';
import { expandShortName } from './host-name.ts';
import type { MeshConfig } from './mesh-config.ts';

type TrafficPolicy = NonNullable<DestinationRule['spec']['trafficPolicy']>;
export type ClientTls = NonNullable<TrafficPolicy['tls']>;

/** How a proxy speaks to a host's port, and the field that says so. */
export interface TlsDecision {
  readonly tls: ClientTls;
  readonly rule: DestinationRule;
  /** To the `tls` mapping. */
  readonly path: Path;
}

/** The rules of one host text. Hundreds may share the egress gateway's host, each for a subset or a namespace of its own. */
class HostRules {
  private readonly bySubset = new Map<string, DestinationRule[]>();
  /** Those whose policy for the host as a whole may set TLS. */
  private readonly withTls: DestinationRule[] = [];
  readonly byNamespace = new Map<string, HostRules>();
  private readonly all: DestinationRule[] = [];

  add(rule: DestinationRule): void {
    this.all.push(rule);
    const policy = rule.spec.trafficPolicy;
    if (policy?.tls || policy?.portLevelSettings.length) this.withTls.push(rule);
    for (const { name = '' } of rule.spec.subsets) append(this.bySubset, name, rule);
  }

  defining(subset: string): readonly DestinationRule[] {
    return this.bySubset.get(subset) ?? [];
  }

  decisions(port: number | undefined, subset: string | undefined): readonly TlsDecision[] {
    const own = subset === undefined ? [] : this.defining(subset);
    return [...own, ...this.withTls.filter((rule) => !own.includes(rule))].flatMap((rule) => tlsFor(rule, port, subset) ?? []);
  }

  /** Whether any rule without a selector is exported to a namespace. */
  isFor(exporter: string, client: string): boolean {
    return this.all.some(({ spec }) => spec.workloadSelector === undefined && isExportedTo(spec.exportTo, exporter, client, PUBLIC));
  }
}

const PUBLIC: readonly string[] = ['*'];

/**
 * DestinationRules by host (docs/traffic-model.md, section 6).
 * Rules with a workloadSelector are left to the traffic model: they speak for some clients only.
 */
export class DestinationRules {
  private readonly index: HostIndex<HostRules>;
  private readonly config: MeshConfig;

  constructor(rules: readonly DestinationRule[], config: MeshConfig) {
    this.config = config;
    const byHost = new Map<string, HostRules>();
    for (const rule of rules) {
      const ofHost = entry(byHost, expandShortName(rule.spec.host ?? '', rule.namespace, config.clusterDomain));
      ofHost.add(rule);
      entry(ofHost.byNamespace, rule.namespace).add(rule);
    }
    this.index = new HostIndex(byHost);
  }

  /** The rules of whatever namespace that define a subset of a host. */
  defining(host: string, subset: string): readonly DestinationRule[] {
    return this.index.covering(host).flatMap((rules) => rules.defining(subset));
  }

  /** Every TLS setting that a rule in view, of whatever namespace, gives for a host's port and subset. */
  tlsAnywhere(host: string, port: number | undefined, subset: string | undefined): readonly TlsDecision[] {
    return this.index.covering(host).flatMap((rules) => rules.decisions(port, subset));
  }

  /**
   * D-2: the TLS settings that hold for a host's port and subset where proxies of a namespace call it. The first namespace that has any rule for the host
   * wins: the client's own, the host's, the root; there the most specific host text. Rules of one host and namespace are merged (D-3): the first that says counts.
   * @param serviceNamespace the namespace that registers the host
   * @returns more than one where age decides between them
   */
  tlsInEffect(host: string, serviceNamespace: string, clientNamespace: string, port: number | undefined, subset: string | undefined): readonly TlsDecision[] {
    return this.rulesInEffect(host, serviceNamespace, clientNamespace)?.decisions(port, subset) ?? [];
  }

  private rulesInEffect(host: string, serviceNamespace: string, clientNamespace: string): HostRules | undefined {
    // Most specific first (N-5), so the first that a namespace has is the one that counts there.
    const covering = this.index.covering(host);
    if (clientNamespace !== this.config.rootNamespace) {
      for (const { byNamespace } of covering) {
        const own = byNamespace.get(clientNamespace);
        if (own?.isFor(clientNamespace, clientNamespace)) return own;
      }
    }
    for (const namespace of [serviceNamespace, this.config.rootNamespace]) {
      // The host text is chosen before the export is looked at (D-2).
      const theirs = covering.map(({ byNamespace }) => byNamespace.get(namespace)).find((rules) => rules !== undefined);
      if (theirs?.isFor(namespace, clientNamespace)) return theirs;
    }
    return undefined;
  }
}

function entry(index: Map<string, HostRules>, key: string): HostRules {
  const known = index.get(key) ?? new HostRules();
  index.set(key, known);
  return known;
}

function append(index: Map<string, DestinationRule[]>, key: string, rule: DestinationRule): void {
  const list = index.get(key);
  if (list) list.push(rule);
  else index.set(key, [rule]);
}

/**
 * D-5, D-6: the TLS settings that a rule gives for a port and subset. A port's own entry replaces the rest as a whole, so one without `tls` means none;
 * a subset replaces field by field, its port entry wholesale.
 * @param port the Service's port number; undefined where the route does not say
 */
function tlsFor(rule: DestinationRule, port: number | undefined, subset: string | undefined): TlsDecision | undefined {
  const index = subset === undefined ? -1 : rule.spec.subsets.findIndex((each) => each.name === subset);
  const own = rule.spec.subsets[index]?.trafficPolicy;
  if (own) {
    const at: Path = ['spec', 'subsets', index, 'trafficPolicy'];
    const entry = portEntry(own, port);
    if (entry !== -1) return decision(rule, own.portLevelSettings[entry]?.tls, [...at, 'portLevelSettings', entry]);
    if (own.tls) return decision(rule, own.tls, at);
  }
  const policy = rule.spec.trafficPolicy;
  if (!policy) return undefined;
  const entry = portEntry(policy, port);
  if (entry !== -1) return decision(rule, policy.portLevelSettings[entry]?.tls, ['spec', 'trafficPolicy', 'portLevelSettings', entry]);
  return decision(rule, policy.tls, ['spec', 'trafficPolicy']);
}

function portEntry(policy: TrafficPolicy, port: number | undefined): number {
  return port === undefined ? -1 : policy.portLevelSettings.findIndex((entry) => entry.port?.number === port);
}

function decision(rule: DestinationRule, tls: ClientTls | undefined, policyPath: Path): TlsDecision | undefined {
  return tls && { tls, rule, path: [...policyPath, 'tls'] };
}
