import type { LoadedFile } from '../mesh/load.ts';
import type { Mesh } from '../mesh/mesh.ts';
import type { JudgedMesh } from '../mesh/meshes.ts';
import { decode } from '../resources/decode.ts';
import type { Resource } from '../resources/resource.ts';
import { type FailingPath, failingPaths } from '../traffic/probes/failing-paths.ts';
import { isAlong } from '../yaml/locate.ts';
import { unmasked } from '../yaml/template-text.ts';
import { AtSource, type TextOfOrigin } from './at-source.ts';
import { explainedPaths } from './explained-paths.ts';
import { type Finding, type Fix, reaches, type Severity } from './finding.ts';
import { fingerprint } from './fingerprint.ts';
import { changesToEdits } from './fix.ts';
import { originOf } from './origin.ts';
import { crashedRule } from './own-rules.ts';
import { idOf, locationOf, pathText, stablePathText } from './place.ts';
import { type AnyRule, docsOf, type FixPlan, type MessageTexts, type Place, type RuleMeta, type SuppressionUse, type Visitors } from './rule.ts';
import { isOff, type SeveritySettings, severityOf } from './severity.ts';
import { suppressionsIn } from './suppressions.ts';
import { traceOf } from './trace.ts';
import { outcomeOf, type Verdict } from './verdicts.ts';

export interface LintOptions extends SeveritySettings {
  /** Every rule there is: a name that none of them has is unknown. What shall not run is switched off in `severities`. */
  readonly rules: readonly AnyRule[];
  /** What rules are to go by, as written in a configuration, by name. */
  readonly options?: ReadonlyMap<string, unknown>;
  /** Findings below this are counted, not worked out: places cost a second parse of their documents. Everything is worked out by default. */
  readonly least?: Severity;
  /** The texts that rendered objects were made from: findings then stand there, where that can be told. */
  readonly textOfOrigin?: TextOfOrigin;
  /** Called instead of each visit of a rule, which it has to make: to take its time, or to tell how far the run is. */
  readonly around?: (rule: string, visit: () => void) => void;
}

export interface LintResult {
  /** Sorted by file, place and code. */
  readonly findings: readonly Finding[];
  /** How many more there are below {@link LintOptions.least}. */
  readonly below: Readonly<Record<Severity, number>>;
  /** How many were silenced by comments or annotations. */
  readonly suppressed: number;
  /** Whether a rule failed: the run's exit status is then 2. */
  readonly crashed: boolean;
}

/** What `report` takes once the compiler has checked it against the rule's messages. */
interface LooseDetails {
  readonly data?: Readonly<Record<string, string | number>>;
  readonly related?: readonly { readonly at: Place; readonly message: string }[];
  readonly fixes?: readonly FixPlan[];
  readonly severity?: Severity;
  readonly confidence?: Finding['confidence'];
  readonly refusedBy?: Finding['refusedBy'];
  readonly symptom?: string;
  readonly help?: string;
  readonly trace?: FailingPath;
}

interface Reported {
  readonly rule: AnyRule;
  readonly messageId: string;
  readonly at: Place;
  readonly details: LooseDetails;
}

/** Runs the rules over a mesh and everything that it was made of. Pure: the same input gives the same findings, whatever the order of files. */
export function lint(files: readonly LoadedFile[], mesh: Mesh, options: LintOptions): LintResult {
  return lintMeshes(files, [{ name: '', files, mesh }], options);
}

/**
 * Runs the rules once for each mesh. What several meshes say of one place is one finding, the gravest; where it does not hold in all that
 * its file belongs to, it names those in which it does.
 * @param files all files, each once: their comments and annotations silence findings in whatever mesh
 */
export function lintMeshes(files: readonly LoadedFile[], meshes: readonly JudgedMesh[], options: LintOptions): LintResult {
  const metas = options.rules.map((rule) => rule.meta);
  const suppressions = suppressionsIn(files, metas);
  const runs = meshes.map((each) => new Run(each.files, each.mesh, options));
  const verdicts = new Map<string, Verdict[]>();
  const sources = options.textOfOrigin && new AtSource(options.textOfOrigin);
  const edited: Edited = {
    place: (place) => sources?.placeOf(place) ?? place,
    file: (resource) => (sources ? sources.originOf(resource) : originOf(resource)),
  };
  const judge = (reported: readonly Reported[], index: number): void => {
    for (const each of reported) {
      const severity = severityOf(each, options);
      if (severity === 'off') continue;
      const resources = resourcesOf(each);
      const mayBeSilenced = suppressions.mayCover(resources);
      const isBelow = options.least !== undefined && !reaches(severity, options.least) && !mayBeSilenced;
      const identity = identityOf({ ...each, at: edited.place(each.at) });
      const known = verdicts.get(identity);
      const elsewhere = known?.find((verdict) => !verdict.meshes.has(index));
      elsewhere?.meshes.add(index);
      const isTold = elsewhere !== undefined && reaches(elsewhere.severity, severity);
      if (isTold && !mayBeSilenced) continue;
      const finding = isBelow ? undefined : toFinding(each, severity, edited);
      const verdict = { severity, finding, isSilenced: finding !== undefined && suppressions.covers(finding, resources), meshes: new Set([index]) };
      if (elsewhere && !isTold) Object.assign(elsewhere, { ...verdict, meshes: elsewhere.meshes });
      else if (known && !elsewhere) known.push(verdict);
      else if (!known) verdicts.set(identity, [verdict]);
    }
  };
  for (const [index, run] of runs.entries()) judge(withPaths(run, options), index);
  const crashed = (): boolean => runs.some((run) => run.crashed);
  // A rule that failed may be the very one that a suppression is for.
  if (!crashed()) judge(runs[0]?.onSuppressions(suppressions.uses({ metas, isOff: (meta) => isOff(meta, options) })) ?? [], 0);
  return { ...outcomeOf([...verdicts.values()], meshes), crashed: crashed() };
}

/** What the rules say of a mesh, each with the first connection that fails for it, and what they say of connections that fail for no reason told before. */
function withPaths(run: Run, options: LintOptions): readonly Reported[] {
  const reported = run.onMesh();
  if (!run.looksAtPaths) return reported;
  const grave = reported
    .filter((each) => isGrave(each, options))
    .map((each) => ({
      at: each.at,
      isRefused: each.details.refusedBy !== undefined,
      isAdvice: each.rule.meta.securitySeverity !== undefined || each.rule.meta.family === 'policy',
      each,
    }));
  const { stories, open } = explainedPaths(grave, run.failingPaths());
  const told = new Map([...stories].map(([{ each }, trace]) => [each, { ...each, details: { trace, ...each.details } }]));
  const ofPaths = run.onPaths(open);
  // What a rule suspects of a field is settled by a connection that fails there.
  const settled = new Set(ofPaths.map(subjectOf));
  return [...reported.filter((each) => isGrave(each, options) || !settled.has(subjectOf(each))).map((each) => told.get(each) ?? each), ...ofPaths];
}

function isGrave(reported: Reported, options: LintOptions): boolean {
  const severity = severityOf(reported, options);
  return severity !== 'off' && reaches(severity, 'warning');
}

/** What tells a report about a resource from others, in whatever mesh and namespace it is judged. */
function identityOf(reported: Reported): string {
  return `${reported.messageId} ${subjectOf(reported)}`;
}

/** The rule, and the place of which it says something. */
function subjectOf({ rule, at }: Reported): string {
  if (!('resource' in at)) return JSON.stringify([rule.meta.code, at.file.file, at.span.start]);
  const { kind, source } = at.resource;
  return JSON.stringify([rule.meta.code, source.file.file, source.document.start, kind, ...source.prefix, ':', ...at.path]);
}

/** What stands for the traffic model where rules are timed, and where one fails. */
const THE_MODEL: Pick<AnyRule, 'meta'> = { meta: { ...crashedRule.meta, name: '(traffic model)' } };

/** The rules of one run. A rule that throws is reported, and the others go on. */
class Run {
  crashed = false;
  private readonly files: readonly LoadedFile[];
  private readonly mesh: Mesh;
  private readonly around: LintOptions['around'];
  private visiting: { rule: AnyRule; visitors: Visitors }[] = [];
  private reported: Reported[] = [];

  constructor(files: readonly LoadedFile[], mesh: Mesh, options: LintOptions) {
    this.files = files;
    this.mesh = mesh;
    this.around = options.around;
    for (const rule of options.rules) {
      if (isOff(rule.meta, options)) continue;
      const report = (messageId: string, at: Place, details: LooseDetails = {}): void => {
        if (!Object.hasOwn(rule.messages, messageId)) throw new Error(`it has no message '${messageId}'`);
        if (!restsOnTemplateText(rule, at) && !isAssumed(mesh, at)) this.reported.push({ rule, messageId, at, details });
      };
      this.guard(rule, undefined, () => this.visiting.push({ rule, visitors: rule.create({ mesh, report, options: optionsOf(rule.meta, options) }) }));
    }
  }

  onMesh(): readonly Reported[] {
    for (const { rule, visitors } of this.visiting) {
      const { File, Mesh: whole } = visitors;
      if (File) for (const file of this.files) this.guard(rule, { file: file.source, span: { start: 0, end: 0 } }, () => File(file));
      if (whole) this.guard(rule, undefined, () => whole(this.mesh));
    }
    const handlers = handlersByKind(this.visiting);
    for (const file of this.files) {
      for (const resource of file.resources) {
        for (const { rule, visit } of handlers(resource.type)) this.guard(rule, { resource, path: ['metadata', 'name'] }, () => visit(resource));
      }
    }
    // What the others have gathered is let go.
    this.visiting = this.visiting.filter(({ visitors }) => visitors.Path ?? visitors.Suppression);
    return this.taken();
  }

  /** Whether any rule wants to know of connections that fail. */
  get looksAtPaths(): boolean {
    return this.visiting.some(({ rule, visitors }) => visitors.Path !== undefined && (rule.meta.asksPaths || rule.meta.module !== undefined));
  }

  failingPaths(): readonly FailingPath[] {
    let found: readonly FailingPath[] = [];
    this.guard(THE_MODEL, undefined, () => {
      found = failingPaths(this.mesh);
    });
    return found;
  }

  /** Clients that suffer from one cause are one finding: the first of them tells it. */
  onPaths(paths: readonly FailingPath[]): readonly Reported[] {
    for (const path of paths) {
      for (const { rule, visitors } of this.visiting) {
        const { Path: visit } = visitors;
        if (visit) this.guard(rule, path.connection.at, () => visit(path));
      }
    }
    return distinctBy(this.taken(), identityOf);
  }

  onSuppressions(uses: readonly SuppressionUse[]): readonly Reported[] {
    for (const { rule, visitors } of this.visiting) {
      const { Suppression: visit } = visitors;
      if (visit) for (const use of uses) this.guard(rule, use.at, () => visit(use));
    }
    return this.taken();
  }

  private taken(): readonly Reported[] {
    const { reported } = this;
    this.reported = [];
    return reported;
  }

  private guard(rule: Pick<AnyRule, 'meta'>, at: Place | undefined, visit: () => void): void {
    try {
      if (this.around) this.around(rule.meta.name, visit);
      else visit();
    } catch (error) {
      this.crashed = true;
      const first = this.files[0]?.source;
      const place = at ?? (first && { file: first, span: { start: 0, end: 0 } });
      const { name, module = '' } = rule.meta;
      const details = { data: { rule: name, module, error: error instanceof Error ? error.message : String(error) } };
      if (place) this.reported.push({ rule: crashedRule, messageId: module === '' ? 'crashed' : 'crashedPlugin', at: place, details });
    }
  }
}

function distinctBy<T>(items: readonly T[], keyOf: (item: T) => string): readonly T[] {
  const seen = new Map<string, T>();
  for (const item of items) {
    const key = keyOf(item);
    if (!seen.has(key)) seen.set(key, item);
  }
  return [...seen.values()];
}

type Handler = { readonly rule: AnyRule; readonly visit: (resource: Resource) => void };

/** For each kind, the visitors that want it, in the order of the rules. */
function handlersByKind(visiting: readonly { rule: AnyRule; visitors: Visitors }[]): (kind: string) => readonly Handler[] {
  const cache = new Map<string, Handler[]>();
  return (kind) => {
    const known = cache.get(kind);
    if (known) return known;
    const handlers: Handler[] = [];
    for (const { rule, visitors } of visiting) {
      const visit = visitors[kind as keyof Visitors] as ((resource: Resource) => void) | undefined;
      if (visitors.Resource) handlers.push({ rule, visit: visitors.Resource });
      if (visit) handlers.push({ rule, visit });
    }
    cache.set(kind, handlers);
    return handlers;
  };
}

/** Template text is unknown: nothing follows from a field that holds it, or from a parent that it may complete. */
function restsOnTemplateText(rule: AnyRule, at: Place): boolean {
  if (!('resource' in at) || rule.meta.name === 'template-text') return false;
  return at.resource.templates.some((template) => isAlong(template, at.path));
}

/** What is assumed stands in no file that could be wrong. */
function isAssumed(mesh: Mesh, at: Place): boolean {
  return 'resource' in at && mesh.isAssumed(at.resource);
}

/** Options as the rule describes them; a configuration has been checked before (config/). */
function optionsOf({ name, options: description }: RuleMeta, options: LintOptions): unknown {
  return description && decode(description, options.options?.get(name) ?? {}, [], { labels: {}, namespace: undefined, isPlain: true }).value;
}

/** Where a person edits what was rendered. */
interface Edited {
  readonly place: (place: Place) => Place;
  /** The file that a resource was rendered from; undefined where nothing says so. */
  readonly file: (resource: Resource) => string | undefined;
}

function toFinding({ rule, messageId, at, details }: Reported, severity: Severity, edited: Edited): Finding {
  const texts = rule.messages[messageId] as MessageTexts;
  const data = details.data ?? {};
  const symptom = details.symptom ?? texts.symptom;
  const help = details.help ?? texts.help;
  const message = fill(texts.text, data);
  const resource = 'resource' in at ? idOf(at.resource) : undefined;
  const path = 'resource' in at ? pathText(at.path) : undefined;
  const place = edited.place(at);
  const location = locationOf(place);
  const origin = place !== at ? location.file : 'resource' in at ? edited.file(at.resource) : undefined;
  const finding: Finding = {
    rule: rule.meta.name,
    code: rule.meta.code,
    severity,
    confidence: details.confidence ?? 'certain',
    ...(details.refusedBy && { refusedBy: details.refusedBy }),
    message,
    ...(texts.label !== undefined && { label: fill(texts.label, data) }),
    ...(symptom !== undefined && { symptom: fill(symptom, data) }),
    ...(help !== undefined && { help: fill(help, data) }),
    docs: docsOf(rule.meta),
    ...(resource && { resource }),
    ...(path !== undefined && { path }),
    location,
    related: (details.related ?? []).map((related) => ({
      message: unmasked(related.message),
      location: locationOf(edited.place(related.at)),
      ...('resource' in related.at && { resource: idOf(related.at.resource), path: pathText(related.at.path) }),
    })),
    // A repair that cannot be written into the text is none; what was rendered is edited by nobody.
    fixes: (origin === undefined ? (details.fixes ?? []) : []).map(toFix).filter((fix) => fix.edits.length > 0),
    ...(origin !== undefined && { origin }),
    fingerprint: fingerprint(rule.meta.name, messageId, resource, 'resource' in at ? stablePathText(at) : undefined, message),
  };
  return details.trace ? withTrace(finding, details.trace) : finding;
}

/** A trace is worked out when it is read: it has a place for every field on the way, and most reports print none of them. */
function withTrace(finding: Finding, { connection, path }: FailingPath): Finding {
  let known: Finding['trace'];
  return Object.defineProperty(finding, 'trace', {
    enumerable: true,
    get: () => {
      known ??= traceOf(connection.probe, [path]);
      return known;
    },
  });
}

function toFix(plan: FixPlan): Fix {
  const edits = changesToEdits(plan.changes).map((edit) => ({ ...edit, text: unmasked(edit.text) }));
  return { title: unmasked(plan.title), safe: plan.safe, edits };
}

function fill(text: string, data: Readonly<Record<string, string | number>>): string {
  return unmasked(text.replace(/\{(\w+)\}/g, (whole, name: string) => (Object.hasOwn(data, name) ? String(data[name]) : whole)));
}

/** The resources that a finding speaks of. */
function resourcesOf({ at, details }: Reported): readonly Resource[] {
  return [at, ...(details.related ?? []).map((related) => related.at)].flatMap((place) => ('resource' in place ? [place.resource] : []));
}
