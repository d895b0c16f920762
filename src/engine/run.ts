import type { LoadedFile } from '../mesh/load.ts';
import type { Mesh } from '../mesh/mesh.ts';
import { decode } from '../resources/decode.ts';
import type { Resource } from '../resources/resource.ts';
import { type FailingPath, failingPaths } from '../traffic/probes/failing-paths.ts';
import { isAlong } from '../yaml/locate.ts';
import type { LintOptions } from './lint-options.ts';
import { crashedRule } from './own-rules.ts';
import { identityOf, type LooseDetails, type Reported } from './reported.ts';
import type { AnyRule, Place, RuleMeta, SuppressionUse, Visitors } from './rule.ts';
import { isOff } from './severity.ts';

/** What stands for the traffic model where rules are timed, and where one fails. */
const THE_MODEL: Pick<AnyRule, 'meta'> = { meta: { ...crashedRule.meta, name: '(traffic model)' } };

/** The rules of one run over one mesh. A rule that throws is reported, and the others go on. */
export class Run {
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
