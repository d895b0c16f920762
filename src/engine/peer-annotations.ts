import type { LoadedFile } from '../mesh/load.ts';
import type { Resource } from '../resources/resource.ts';
import { placeOf } from './place.ts';
import type { RuleMeta } from './rule.ts';

/** An annotation by which another tool is told what not to report of an object. */
interface PeerAnnotation {
  readonly name: string;
  /** How the tool's codes start. */
  readonly prefix: string;
  /** The value that stands for all of them. */
  readonly all: string;
}

/** `istioctl analyze` reads a list of codes or `*`, Kiali a list of codes, or nothing for all of them. */
const PEERS: readonly PeerAnnotation[] = [
  { name: 'galley.istio.io/analyze-suppress', prefix: 'IST', all: '*' },
  { name: 'kiali.io/ignore-validations', prefix: 'KIA', all: '' },
];

/** The codes, or starts of codes, that an object's annotations silence. */
type Silenced = readonly string[];

/**
 * What the annotations of other tools silence: a rule that reports the same mistake under a code of ours (`RuleMeta.peers`). "All" means all codes of that tool,
 * and so leaves rules alone that it has no code for. That such an annotation silences nothing here is no news: it may well be needed there.
 */
export class PeerAnnotations {
  private readonly silenced = new Map<string, Silenced>();
  private readonly peersOf: ReadonlyMap<string, readonly string[]>;

  constructor(files: readonly LoadedFile[], metas: readonly RuleMeta[]) {
    this.peersOf = new Map(metas.map(({ name, peers = [] }) => [name, peers]));
    for (const { source, resources } of files) {
      if (!PEERS.some(({ name }) => source.text.includes(name))) continue;
      for (const resource of resources) {
        const codes = codesOn(resource);
        if (codes.length > 0) this.silenced.set(placeOf(resource), codes);
      }
    }
  }

  /** Whether any of the objects that a finding speaks of says that the rule's mistake is not to be reported. */
  covers(rule: string, resources: readonly Resource[]): boolean {
    if (this.silenced.size === 0) return false;
    const peers = this.peersOf.get(rule) ?? [];
    return resources.some((resource) => this.silenced.get(placeOf(resource))?.some((code) => peers.some((peer) => peer.startsWith(code))) ?? false);
  }

  /** Whether anything is silenced for one of the objects. */
  mayCover(resources: readonly Resource[]): boolean {
    return this.silenced.size > 0 && resources.some((resource) => this.silenced.has(placeOf(resource)));
  }
}

function codesOn({ annotations }: Resource): Silenced {
  return PEERS.flatMap(({ name, prefix, all }) => {
    const value = annotations[name];
    if (value === undefined) return [];
    const entries = value.split(',').map((entry) => entry.trim());
    if (entries.includes(all) && (all !== '' || entries.length === 1)) return [prefix];
    return entries.map((entry) => entry.toUpperCase()).filter((entry) => entry.startsWith(prefix) && /\d{4}$/.test(entry));
  });
}
