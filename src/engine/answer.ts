import { overlaps } from '../mesh/host-name.ts';
import { Mesh } from '../mesh/mesh.ts';
import type { JudgedMesh } from '../mesh/meshes.ts';
import type { RefusedBy } from '../resources/field.ts';
import type { Resource } from '../resources/resource.ts';
import { clientsInView } from '../traffic/probes/clients.ts';
import { reasonsOf } from '../traffic/probes/failing-paths.ts';
import type { Probe } from '../traffic/probes/probe.ts';
import { writeClient } from '../traffic/probes/probe-text.ts';
import { isDelivered, type Stories, type Story, Storyteller } from '../traffic/probes/story.ts';
import type { Finding, Location, ResourceId } from './finding.ts';
import { idOf, locationOf } from './place.ts';
import { type Trace, traceOf } from './trace.ts';

/** What becomes of a connection under one reading of what the files leave open. */
export interface ToldTrace extends Omit<Trace, 'probe'> {
  readonly when: string;
}

/** An object that is not in the cluster as it is written. */
export interface RefusedObject {
  readonly resource: ResourceId;
  readonly refusedBy: RefusedBy;
  readonly location: Location;
}

/** What becomes of a connection, as `egress-lint trace` says it. */
export interface Answer extends Trace {
  /** The mesh of which it is told, where there are several. */
  readonly mesh?: string;
  /** Where nobody says who connects: the clients that are treated alike; the probe comes from the first. */
  readonly clients?: readonly string[];
  /** What is taken to be so, where the files leave it open and it makes a difference. */
  readonly when?: string;
  /** What is taken for granted and decided. */
  readonly assumptions: readonly string[];
  /** What happens if it is not so. */
  readonly others?: readonly ToldTrace[];
  /** What happens before objects that are refused as they are written are repaired; the answer itself takes them as repaired. */
  readonly asWritten?: { readonly refused: readonly RefusedObject[]; readonly stories: readonly ToldTrace[] };
  /** The answers in other meshes, where they are others. */
  readonly elsewhere?: readonly Answer[];
}

/** Whether the connection arrives in every story that is told of it. */
export function allDelivered({ expect, others = [], asWritten, elsewhere = [] }: Answer): boolean {
  const ends = [expect, ...[...others, ...(asWritten?.stories ?? [])].map((story) => story.expect)];
  return ends.every((end) => [end, ...(end.others ?? [])].every(endsWell)) && elsewhere.every(allDelivered);
}

/** Whether the connection arrives. */
export function endsWell({ outcome, code }: Trace['expect']): boolean {
  return isDelivered({ outcome: outcome as Parameters<typeof isDelivered>[0]['outcome'], code });
}

export interface AnswerOptions {
  /** Whether the order of documents is said to be that of age. */
  readonly isOrderSaid?: boolean;
  /** What the linter says of the files: objects of which it says that they are refused count as refused, beside those that cannot be read as what they are. */
  readonly findings?: readonly Finding[];
}

/** Answers what becomes of connections in the meshes of a tree. What is worked out for one question is kept for the next. */
export class Answers {
  private readonly tellers: readonly MeshTeller[];

  constructor(meshes: readonly JudgedMesh[], { isOrderSaid = false, findings = [] }: AnswerOptions = {}) {
    const refusals = new Map(
      findings.flatMap((finding) => (finding.refusedBy && finding.resource ? [[refusalKey(finding.resource, finding.location.file), finding]] : [])),
    );
    this.tellers = meshes.map((mesh) => new MeshTeller(mesh, isOrderSaid, refusals));
  }

  /** The storytellers of the meshes that a connection concerns: those that hold objects of its client's namespace and about its host, as far as there are such. */
  private concerned({ from, to }: Probe): readonly MeshTeller[] {
    if (this.tellers.length === 1) return this.tellers;
    const rank = (teller: MeshTeller): number => (teller.knows(to.host) ? 2 : 0) + (teller.holds(from.namespace) ? 1 : 0);
    const best = Math.max(...this.tellers.map(rank));
    return this.tellers.filter((teller) => rank(teller) === best);
  }

  /** What becomes of a connection: one answer where all meshes agree that it concerns. */
  answer(probe: Probe): Answer {
    const concerned = this.concerned(probe);
    const told = distinctBy(concerned, (teller) => (concerned.length === 1 ? '' : teller.keyOf(probe)));
    const [first, ...others] = told.map(({ item, same }) => item.answer(probe, this.tellers.length > 1 ? same.map(({ name }) => name).join(', ') : undefined));
    if (!first) throw new Error('a run has a mesh');
    return { ...first, ...(others.length > 0 && { elsewhere: others }) };
  }

  /** For each class of clients in view that is treated alike, what becomes of its connections. */
  classes(destination: Omit<Probe, 'from'>): readonly Answer[] {
    const from = { namespace: '', labels: {} };
    const concerned = this.tellers.filter((teller) => teller.knows(destination.to.host));
    const tellers = concerned.length > 0 ? concerned : this.concerned({ ...destination, from });
    return tellers.flatMap((teller) => {
      const probes = clientsInView(teller.storyteller.model).map((client): Probe => ({ ...destination, from: client }));
      return distinctBy(probes, (probe) => teller.keyOf(probe)).map(({ item, same }) => ({
        ...teller.answer(item, this.tellers.length > 1 ? teller.name : undefined),
        clients: same.map((probe) => writeClient(probe.from)),
      }));
    });
  }

  /** The mesh in which a client is looked up by name. */
  get models(): readonly Storyteller[] {
    return this.tellers.map(({ storyteller }) => storyteller);
  }
}

/** One mesh, as it is meant and as it is written. */
class MeshTeller {
  readonly name: string;
  readonly storyteller: Storyteller;
  private readonly judged: JudgedMesh;
  private readonly isOrderSaid: boolean;
  private readonly refusals: ReadonlyMap<string, Finding>;
  private readonly refused: readonly Resource[];
  private lazyWritten: Storyteller | undefined;

  constructor(judged: JudgedMesh, isOrderSaid: boolean, refusals: ReadonlyMap<string, Finding>) {
    this.refusals = refusals;
    this.judged = judged;
    this.name = judged.name;
    this.isOrderSaid = isOrderSaid;
    this.storyteller = new Storyteller(judged.mesh, isOrderSaid);
    this.refused = judged.mesh.resources.filter((resource) => resource.problems.length > 0 || this.refusalOf(resource) !== undefined);
  }

  holds(namespace: string): boolean {
    return this.judged.mesh.resources.some((resource) => resource.namespace === namespace || (resource.type === 'Namespace' && resource.name === namespace));
  }

  knows(host: string): boolean {
    const { mesh } = this.judged;
    if (mesh.registry.covering(host).length > 0) return true;
    return mesh.all('VirtualService').some(({ spec }) => spec.hosts.some((name) => name !== '*' && overlaps(name, host)));
  }

  keyOf(probe: Probe): string {
    return JSON.stringify([this.storyteller.keyOf(probe), this.written?.keyOf(probe)]);
  }

  answer(probe: Probe, mesh: string | undefined): Answer {
    const { first, others, assumptions } = this.storyteller.tell(probe);
    const asWritten = this.asWritten(probe, first);
    return {
      ...traceOf(probe, first.paths),
      ...(mesh !== undefined && { mesh }),
      ...(first.when !== '' && { when: first.when }),
      assumptions,
      ...(others.length > 0 && { others: others.map((story) => toldOf(probe, story)) }),
      ...(asWritten && { asWritten }),
    };
  }

  /** Only where a refused object has a say, or would make a difference. */
  private asWritten(probe: Probe, intended: Story): Answer['asWritten'] {
    if (!this.written) return undefined;
    const stories = this.written.tell(probe);
    const onTheWay = new Set([...intended.paths, ...stories.first.paths].flatMap((path) => reasonsOf(path).map(({ resource }) => resource)));
    // No field of a Sidecar is among those that decided where it hides nothing, or everything.
    const isOwn = ({ type, namespace }: Resource): boolean => type === 'Sidecar' && namespace === probe.from.namespace;
    const decisive = this.refused.filter((resource) => onTheWay.has(resource) || isOwn(resource));
    if (decisive.length === 0 && this.written.keyOf(probe) === this.storyteller.keyOf(probe)) return undefined;
    const refused = decisive.length > 0 ? decisive : this.refused;
    return {
      refused: refused.map((resource) => refusedObject(resource, this.refusalOf(resource))),
      stories: storiesOf(stories).map((story) => toldOf(probe, story)),
    };
  }

  private refusalOf(resource: Resource): Finding | undefined {
    return this.refusals.size === 0 ? undefined : this.refusals.get(refusalKey(idOf(resource), resource.source.file.file));
  }

  /** The mesh without the objects that are refused as they are written. */
  private get written(): Storyteller | undefined {
    if (this.refused.length === 0) return undefined;
    if (!this.lazyWritten) {
      const refused = new Set(this.refused);
      const files = this.judged.files.map((file) => ({ ...file, resources: file.resources.filter((resource) => !refused.has(resource)) }));
      this.lazyWritten = new Storyteller(new Mesh(files, this.judged.mesh.assumptions), this.isOrderSaid);
    }
    return this.lazyWritten;
  }
}

function storiesOf({ first, others }: Stories): readonly Story[] {
  return [first, ...others];
}

function toldOf(probe: Probe, { when, paths }: Story): ToldTrace {
  const { expect, symptom } = traceOf(probe, paths);
  return { when, expect, symptom };
}

function refusalKey({ kind, namespace, name }: ResourceId, file: string): string {
  return JSON.stringify([kind, namespace, name, file]);
}

function refusedObject(resource: Resource, finding: Finding | undefined): RefusedObject {
  if (finding?.refusedBy) return { resource: idOf(resource), refusedBy: finding.refusedBy, location: finding.location };
  const [problem] = resource.problems;
  return {
    resource: idOf(resource),
    refusedBy: problem?.refusedBy ?? 'webhook',
    location: locationOf({ resource, path: problem?.path ?? [], part: 'key' }),
  };
}

/** The first of each kind of item, with all that are of its kind. */
function distinctBy<T>(items: readonly T[], keyOf: (item: T) => string): readonly { readonly item: T; readonly same: readonly T[] }[] {
  const found = new Map<string, { readonly item: T; readonly same: T[] }>();
  for (const item of items) {
    const key = keyOf(item);
    const known = found.get(key);
    if (known) known.same.push(item);
    else found.set(key, { item, same: [item] });
  }
  return [...found.values()];
}
