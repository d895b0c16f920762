import type { LoadedFile } from '../mesh/load.ts';
import type { Mesh } from '../mesh/mesh.ts';
import type { FieldNode, Infer, RefusedBy } from '../resources/field.ts';
import type { KindName, ResourceByKind } from '../resources/kinds.ts';
import type { Resource } from '../resources/resource.ts';
import type { SourceText, Span } from '../text/source-text.ts';
import type { FailingPath } from '../traffic/probes/failing-paths.ts';
import type { Part, Path } from '../yaml/locate.ts';
import type { Confidence, Severity } from './finding.ts';

export const FAMILIES = ['schema', 'tls', 'hosts', 'ports', 'visibility', 'gateways', 'policy', 'ambient', 'linter'] as const;
export type Family = (typeof FAMILIES)[number];

/** What is known of a rule without running it. */
export interface RuleMeta {
  /** Kebab-case; names the defect, so that "allow NAME" reads right. */
  readonly name: string;
  /** `EL` and three digits; permanent, listed in rules/codes.md. Rules of others have codes that begin otherwise. */
  readonly code: string;
  readonly family: Family;
  /**
   * What `istioctl analyze` (IST…) and Kiali (KIA…) call the same mistake. Their own annotations with these codes silence the rule too, and its page
   * names them as "also known as".
   */
  readonly peers?: readonly string[];
  /** What the rule reports when it is certain. */
  readonly severity: Severity;
  /** Its severity in the preset `strict`, where that is another. */
  readonly strict?: Severity;
  /** Whether the rule is off unless a configuration turns it on: the preset `strict` does where `strict` is given, the preset `all` in any case. */
  readonly isOptIn?: true;
  /** Whether the traffic model is run for this rule. The `Path` visitors of other rules are called as well then, and not otherwise: the model costs as much as all rules. */
  readonly asksPaths?: true;
  /** One sentence: what is wrong. */
  readonly summary: string;
  /** 0.1 to 10: makes code scanning list it as a security alert (CVSS scale). Only for rules about security. */
  readonly securitySeverity?: number;
  /** `safe`: `--fix` repairs it; `suggestion`: it offers changes that a person has to choose. */
  readonly fixable?: 'safe' | 'suggestion';
  /** The module that holds the rule, where it is none of ours. */
  readonly module?: string;
  /** What explains a rule that is none of ours, for the package has no page of it. */
  readonly docs?: RuleDocs;
  /** What a configuration may tell the rule: `rules: { NAME: [SEVERITY, OPTIONS] }`. */
  readonly options?: FieldNode;
}

export interface RuleDocs {
  /** Markdown that follows title and summary: what people see, why, what is wrong and what is right. `explain` and code scanning show it. */
  readonly text?: string;
  /** A page on the web. */
  readonly url?: string;
}

/** Where a rule is explained: on its page in the package; a rule of others at its URL, else in its module. */
export function docsOf({ name, module, docs }: RuleMeta): string {
  return docs?.url ?? module ?? `docs/rules/${name}.md`;
}

/** The texts of one message; `{name}` stands for a datum that the report gives. */
export interface MessageTexts {
  /** What is wrong: names the resource, the field and the consequence. */
  readonly text: string;
  /** A few words for the underlined place. */
  readonly label?: string;
  /** What people see at run time. */
  readonly symptom?: string;
  /** What to do; starts with a verb. */
  readonly help?: string;
}
export type Messages = Readonly<Record<string, MessageTexts>>;

type Placeholders<S> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | Placeholders<Rest> : never;
type PlaceholdersOf<T extends MessageTexts> = Placeholders<T['text']> | Placeholders<T['label']> | Placeholders<T['symptom']> | Placeholders<T['help']>;
type Data<T extends MessageTexts> = { readonly [K in PlaceholdersOf<T>]: string | number };

/** A field of a resource. The path is relative to the object's root; where nothing is written there, the nearest parent's key is shown. */
export interface ResourcePlace {
  readonly resource: Resource;
  readonly path: Path;
  /** Which part of a mapping entry to underline; its value unless said otherwise. */
  readonly part?: Part;
}
/** A piece of a file that is no resource. */
export interface FilePlace {
  readonly file: SourceText;
  readonly span: Span;
}
export type Place = ResourcePlace | FilePlace;

/** One change to a document; the engine turns it into text edits that keep comments, order, quoting and indentation. */
export type Change =
  /** Text gets quotes where it needs them; numbers and booleans stand without. */
  | { readonly do: 'replace'; readonly at: ResourcePlace; readonly value: string | number | boolean }
  | { readonly do: 'rename'; readonly at: ResourcePlace; readonly key: string }
  | { readonly do: 'remove'; readonly at: ResourcePlace }
  /** Adds an entry to the mapping at `at`. `yaml` is what follows the key: text on the same line, or a block whose lines start at column 0. */
  | { readonly do: 'add'; readonly at: ResourcePlace; readonly key: string; readonly yaml: string }
  /** Replaces a piece of a file that is no value: a comment. */
  | { readonly do: 'write'; readonly at: FilePlace; readonly text: string };

export interface FixPlan {
  /** What it does, in the imperative. */
  readonly title: string;
  /** True only if it never changes which traffic is allowed, and there is no other sensible repair. */
  readonly safe: boolean;
  readonly changes: readonly Change[];
}

interface Details {
  /** Further places of the story, in the order in which a person should read them. */
  readonly related?: readonly { readonly at: Place; readonly message: string }[];
  readonly fixes?: readonly FixPlan[];
  /** Lowers the rule's severity for this finding. */
  readonly severity?: Severity;
  /** Other than `certain` makes an error a warning. */
  readonly confidence?: Confidence;
  readonly refusedBy?: RefusedBy;
  /** Replaces the message's own symptom, where it depends on more than a few words. */
  readonly symptom?: string;
  /** Replaces the message's own help. */
  readonly help?: string;
  /** The connection that fails for it. */
  readonly trace?: FailingPath;
}

/** Reports a finding. The compiler checks the message's name and that each of its placeholders gets its datum. */
export type Report<M extends Messages> = <Id extends keyof M & string>(
  message: Id,
  at: Place,
  ...details: [PlaceholdersOf<M[Id]>] extends [never] ? [details?: Details] : [details: Details & { readonly data: Data<M[Id]> }]
) => void;

export interface RuleContext<M extends Messages = Messages, O = unknown> {
  readonly mesh: Mesh;
  readonly report: Report<M>;
  /** As {@link RuleMeta.options} describes them, decoded; what nobody configured is as if written empty. */
  readonly options: O;
}

/** What came of a comment or annotation that silences rules, once every other rule has run. */
export interface SuppressionUse {
  readonly at: Place;
  /** Names in it that silenced nothing, though their rules ran; empty where that cannot be told. */
  readonly unused: readonly string[];
  /** Whether all of it silenced nothing. */
  readonly isUnused: boolean;
  /** The change that takes the unused names away; where all are unused, the whole. */
  readonly removal: Change;
  /** Names that no rule has, with the one that was probably meant. */
  readonly unknown: readonly { readonly name: string; readonly at: Place; readonly meant: string | undefined }[];
  /** What stands where `disable-next-line`, `disable-line` or `disable-file` should. */
  readonly unknownVerb?: { readonly verb: string; readonly meant: string | undefined };
}

/** What a rule wants to look at: resources of a kind, every resource, every file, or the mesh as a whole (once). */
export type Visitors = { readonly [K in KindName]?: (resource: ResourceByKind[K]) => void } & {
  readonly Resource?: (resource: Resource) => void;
  readonly File?: (file: LoadedFile) => void;
  readonly Mesh?: (mesh: Mesh) => void;
  /** Connections that objects in view are there for and that always fail, where no finding tells why yet. */
  readonly Path?: (path: FailingPath) => void;
  /** Runs after all other visitors, when it is known what was silenced. */
  readonly Suppression?: (suppression: SuppressionUse) => void;
};

export interface Rule<M extends Messages = Messages, F = unknown> {
  readonly meta: RuleMeta & { readonly options?: F };
  readonly messages: M;
  readonly create: (context: RuleContext<M, Infer<F>>) => Visitors;
}

/** A rule of whatever messages, as lists of rules hold it. */
// biome-ignore lint/suspicious/noExplicitAny: messages are contravariant in a rule's context
export type AnyRule = Rule<any, any>;

/** Gives a rule its type. An identity function: rules get everything through their context, so a second copy of the library does no harm. */
export const defineRule = <const M extends Messages, F = unknown>(rule: Rule<M, F>): Rule<M, F> => rule;
