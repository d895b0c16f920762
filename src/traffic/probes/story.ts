import { farEndExpects } from '../../mesh/far-end.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { ConnectionPath, OutcomeName } from '../outcomes/outcome.ts';
import { recordedAnswer } from '../outcomes/recorded-answer.ts';
import { TrafficModel, type TrafficModelOptions } from '../traffic-model.ts';
import { NamesInView } from './names-in-view.ts';
import { answerProbe, type Probe, podOf } from './probe.ts';
import { writeClient } from './probe-text.ts';

/** What becomes of a connection under one reading of what the files leave open. */
export interface Story {
  /** What is taken to be so: `ALLOW_ANY (Istio's default)`, `REGISTRY_ONLY`; empty where nothing was left open. */
  readonly when: string;
  /** At least one. */
  readonly paths: readonly ConnectionPath[];
}

/** What becomes of a connection, under each reading that makes a difference; Istio's defaults come first. */
export interface Stories {
  readonly first: Story;
  readonly others: readonly Story[];
  /** What is taken for granted and decided, in whole sentences. */
  readonly assumptions: readonly string[];
}

const DELIVERED: ReadonlySet<OutcomeName> = new Set(['passthrough', 'direct', 'originated', 'gateway', 'mesh', 'uncaptured']);
const FIRST_ERROR = 400;

/** Whether a connection arrives at a server, or gets from a proxy what the configuration wants it to get. */
export function isDelivered({ outcome, code = 0 }: Pick<ConnectionPath, 'outcome' | 'code'>): boolean {
  return DELIVERED.has(outcome) || (outcome === 'proxy-answer' && code < FIRST_ERROR);
}

/** What proxies do with the Pods' look-ups and with unknown destinations: what files need not say. */
interface Setting {
  readonly name: string;
  readonly options: TrafficModelOptions;
  /** The setting from which it differs in the outbound policy alone. */
  readonly policyOf?: string;
}

interface KeyedStory extends Story {
  readonly key: string;
}

function withCapture(name: string): string {
  return `${name}, with DNS capture`;
}

/** L-5: whether a sidecar on the way does not know the destination. */
function meetsUnknown(paths: readonly ConnectionPath[]): boolean {
  return paths.some(({ hops }) =>
    hops.some(({ decision: { action, virtualHost } }) => UNKNOWN.has(action.do) || virtualHost?.startsWith('allow_any') === true),
  );
}

const UNKNOWN: ReadonlySet<string> = new Set(['passthrough', 'block', 'resolve']);

/**
 * Tells what becomes of connections in a mesh, where files leave open what decides under each reading of them. Models are built once, as far as they are needed.
 */
export class Storyteller {
  readonly mesh: Mesh;
  private readonly isOrderSaid: boolean;
  private readonly names: NamesInView;
  private readonly models = new Map<string, TrafficModel>();
  private lazySettings: readonly Setting[] | undefined;

  /** @param isOrderSaid whether the order of documents is said to be that of age: then nothing is assumed about it */
  constructor(mesh: Mesh, isOrderSaid = false) {
    this.mesh = mesh;
    this.isOrderSaid = isOrderSaid;
    this.names = new NamesInView(mesh);
  }

  /** The model under Istio's defaults. */
  get model(): TrafficModel {
    return this.modelWith({});
  }

  tell(probe: Probe): Stories {
    const [first, ...others] = this.distinct(probe);
    if (!first) throw new Error('there is a setting');
    const when = others.length === 0 ? '' : first.when;
    return { first: { when, paths: first.paths }, others, assumptions: this.assumptionsOf(probe, first) };
  }

  /** A text that is the same for connections that go the same way, whatever is so that the files leave open. */
  keyOf(probe: Probe): string {
    return JSON.stringify(this.distinct(probe).map(({ when, key }) => [when, key]));
  }

  /** The ways of a connection under each setting; those that make no difference are left out. */
  private distinct(probe: Probe): readonly KeyedStory[] {
    const told: KeyedStory[] = [];
    for (const setting of this.settings) {
      // Only what nothing knows depends on the policy: under the default one it shows whether that is so.
      const like = setting.policyOf && told.find(({ when }) => when === setting.policyOf);
      if (setting.policyOf !== undefined && !(like && meetsUnknown(like.paths))) continue;
      const paths = answerProbe(this.modelWith(setting.options), probe);
      const key = pathKey(paths);
      if (!told.some((story) => story.key === key)) told.push({ when: setting.name, paths, key });
    }
    return told;
  }

  private modelWith(options: TrafficModelOptions): TrafficModel {
    const key = JSON.stringify(options);
    const model = this.models.get(key) ?? new TrafficModel(this.mesh, options);
    this.models.set(key, model);
    return model;
  }

  /** What the files leave open, in all combinations, the defaults first. */
  private get settings(): readonly Setting[] {
    this.lazySettings ??= this.openSettings();
    return this.lazySettings;
  }

  private openSettings(): readonly Setting[] {
    const { outboundPolicy, dnsCapture } = this.mesh.config;
    const isOpen = outboundPolicy === undefined;
    const first: Setting = { name: isOpen ? "ALLOW_ANY (Istio's default)" : outboundPolicy, options: {} };
    const policies: readonly Setting[] = isOpen
      ? [first, { name: 'REGISTRY_ONLY', options: { outboundPolicy: 'REGISTRY_ONLY' }, policyOf: first.name }]
      : [first];
    const isCaptureOpen = dnsCapture === undefined && this.model.services.all.some(({ hasAutoAddress }) => hasAutoAddress);
    if (!isCaptureOpen) return policies;
    const captured = policies.map(({ name, options, policyOf }) => ({
      name: withCapture(name),
      options: { ...options, dnsCapture: true },
      ...(policyOf !== undefined && { policyOf: withCapture(policyOf) }),
    }));
    return [...policies, ...captured];
  }

  private assumptionsOf(probe: Probe, first: KeyedStory): readonly string[] {
    return [
      ...this.ofClient(probe),
      ...this.ofDestination(probe, first),
      ...this.ofGateways(probe, first),
      ...this.ofAge(probe, first),
      ...farEnd(first.paths),
      ...endpointsElsewhere(first.paths),
      ...this.ofPods(first.paths),
    ];
  }

  private ofClient({ from }: Probe): readonly string[] {
    const isUnknown = podOf(this.model, from) === undefined;
    if (from.gateway !== undefined)
      return isUnknown
        ? [
            `No Pod or Service of a gateway ${from.namespace}/${from.gateway} is in the files: it counts as one with the label istio: ${from.gateway.replace(/^istio-/, '')}.`,
          ]
        : [];
    if (!isUnknown) return [];
    if (Object.keys(from.labels).length === 0) return this.names.ofNamespace(from.namespace);
    return [
      `No Pod ${writeClient(from)} is in the files: it counts as one with just these labels, a sidecar, and the service account ${from.serviceAccount ?? 'default'}.`,
    ];
  }

  private ofDestination({ to }: Probe, { paths }: KeyedStory): readonly string[] {
    return meetsUnknown(paths) ? this.names.ofDestination(to) : [];
  }

  /** Whether the Services of the stock gateways, which no file holds, made a difference: on the way, or by their port for what nothing else knows. */
  private ofGateways(probe: Probe, first: KeyedStory): readonly string[] {
    const services = first.paths.flatMap(({ hops }) => hops.flatMap(({ cluster }) => (cluster && !('missing' in cluster) ? [cluster.service] : [])));
    const passed = services.find(({ registry, resource }) => registry === 'kubernetes' && resource === undefined);
    if (passed) {
      const [name, namespace] = passed.host.split('.');
      return [
        `The Service ${namespace}/${name} is not in the files: it is taken for the stock one (ports 80 → 8080 and 443 → 8443, Pods without the label security.istio.io/tlsMode).`,
      ];
    }
    if (!meetsUnknown(first.paths)) return [];
    const without = answerProbe(this.modelWith({ assumesStockGateways: false }), probe);
    if (pathKey(without) === first.key) return [];
    return [
      `The stock gateways' Services in ${this.mesh.config.rootNamespace} are not in the files and are taken to exist: their port ${probe.to.port} makes sidecars read HTTP there. Without any such Service: ${summaryOf(without)}.`,
    ];
  }

  /** N-17. */
  private ofAge(probe: Probe, first: KeyedStory): readonly string[] {
    if (this.isOrderSaid) return [];
    const reversed = answerProbe(this.modelWith({ reversesAges: true }), probe);
    if (pathKey(reversed) === first.key) return [];
    return [
      `Of two objects the older one wins, and the files do not say which that is: what stands earlier counts as older. The other way round: ${summaryOf(reversed)}.`,
    ];
  }

  private ofPods(paths: readonly ConnectionPath[]): readonly string[] {
    const names = paths
      .flatMap(({ hops, delivered }) => [...hops.map(({ proxy }) => proxy.name), delivered?.pod?.name])
      .filter((name) => name?.endsWith('-synth'));
    const services = [...new Set(names)].map((name) => `${name?.slice(0, -'-synth'.length)}`);
    // The stock gateways' Pods are spoken of with their Services.
    const known = services.filter((name) => !name.startsWith('istio-'));
    return known.length === 0 ? [] : [`No Pod in the files fits the selector of Service ${known.join(', ')}: one is made up that does.`];
  }
}

/** Services without a selector, whose endpoints are objects of their own that no file need hold: that they have none decided, and nobody knows whether it is so. */
function endpointsElsewhere(paths: readonly ConnectionPath[]): readonly string[] {
  const hosts = paths.flatMap(({ outcome, hops }) => {
    const cluster = outcome === 'no-endpoints' ? hops.at(-1)?.cluster : undefined;
    if (!cluster || 'missing' in cluster || cluster.service.selector || cluster.service.resource?.kind !== 'Service') return [];
    return [cluster.service.host];
  });
  return [...new Set(hosts)].map(
    (host) =>
      `The Service ${host} has no selector, and its Endpoints and EndpointSlices are not read: it is taken to have none. If it has some, calls go to those.`,
  );
}

/** What servers outside are taken to expect, where it decided. */
function farEnd(paths: readonly ConnectionPath[]): readonly string[] {
  return paths.flatMap(({ outcome, at, delivered }) => {
    if (!delivered || delivered.pod) return [];
    const expected = farEndExpects(delivered.port);
    if (at === 'server' && expected !== undefined && outcome !== 'handshake-failed')
      return [`${delivered.host} is taken to expect ${expected === 'tls' ? 'TLS' : 'plaintext'} on port ${delivered.port}, as is the custom.`];
    const isManaged = outcome === 'direct' || outcome === 'originated' || outcome === 'gateway';
    return isManaged && expected === undefined
      ? [`What ${delivered.host} expects on port ${delivered.port} is not known: it is taken to understand what arrives.`]
      : [];
  });
}

/** How connections go that are treated alike. */
function pathKey(paths: readonly ConnectionPath[]): string {
  return JSON.stringify(
    paths.map(({ outcome, code, flag, at, share, delivered, hops }) => [
      outcome,
      code,
      flag,
      at,
      Math.round(share),
      delivered && [delivered.host, delivered.port, delivered.tls.map(({ by, sni, certificate }) => [by, sni, certificate])],
      hops.map(({ proxy, clusterName, decision, tls }) => [
        proxy.kind,
        proxy.kind === 'gateway' && [proxy.namespace, proxy.name],
        clusterName,
        decision.virtualHost,
        tls?.mode,
        tls?.sni,
      ]),
    ]),
  );
}

/** The end of a connection in a few words. */
function summaryOf(paths: readonly ConnectionPath[]): string {
  const answer = recordedAnswer(paths);
  const last = answer.hops.at(-1)?.cluster;
  return `${answer.outcome}${answer.code === undefined ? '' : ` ${answer.code}`}${last === undefined ? '' : ` (${last})`}`;
}
