import type { Resource } from '../resources/resource.ts';
import type { Confidence, Severity } from './finding.ts';
import type { AnyRule, Place, RuleMeta } from './rule.ts';

/** What an override looks at. */
export interface SeverityTarget {
  readonly file: string;
  /** The resource's; undefined for a finding about no resource. */
  readonly namespace?: string;
  readonly kind?: string;
}

/** Severities for some of the findings, by the file, namespace and kind that they are about. */
export interface SeverityOverride {
  readonly fits: (target: SeverityTarget) => boolean;
  /** By name or code. */
  readonly severities: Severities;
}

/** What a configuration says of severities. */
export interface SeveritySettings {
  /** Severities other than the rules' own, by name or code. */
  readonly severities?: Severities;
  /** They hold over `severities`; of several that fit a finding and name its rule, the last one decides. */
  readonly overrides?: readonly SeverityOverride[];
}

type Severities = ReadonlyMap<string, Severity | 'off'>;

interface Judged {
  readonly rule: AnyRule;
  readonly at: Place;
  readonly details: { readonly severity?: Severity; readonly confidence?: Confidence };
}

/**
 * What is not certain is never an error (docs/architecture.md, "Severity"). What a configuration says holds in any case, but for what a rule itself thinks worth
 * an info only: who wants unknown-gateway to be an error does not mean the Gateways that lie outside of the files.
 */
export function severityOf(reported: Judged, options: SeveritySettings): Severity | 'off' {
  const { rule, details } = reported;
  const own = details.severity ?? rule.meta.severity;
  const confidence = details.confidence ?? 'certain';
  const wanted = configuredAt(reported, options);
  if (wanted === undefined) return own === 'error' && confidence !== 'certain' ? 'warning' : own;
  const isAside = details.severity === 'info' && rule.meta.severity !== 'info';
  return wanted !== 'off' && isAside ? 'info' : wanted;
}

function configuredIn(severities: Severities | undefined, meta: RuleMeta): Severity | 'off' | undefined {
  return severities?.get(meta.name) ?? severities?.get(meta.code);
}

/** What a configuration says of a rule where no override fits. */
function configured(meta: RuleMeta, options: SeveritySettings): Severity | 'off' | undefined {
  return configuredIn(options.severities, meta) ?? (meta.isOptIn ? 'off' : undefined);
}

/** Whether a rule is off everywhere: an override may turn it on for some files. */
export function isOff(meta: RuleMeta, options: SeveritySettings): boolean {
  const isOn = ({ severities }: SeverityOverride): boolean => (configuredIn(severities, meta) ?? 'off') !== 'off';
  return configured(meta, options) === 'off' && !options.overrides?.some(isOn);
}

function configuredAt({ rule, at }: Judged, options: SeveritySettings): Severity | 'off' | undefined {
  const naming = options.overrides?.filter(({ severities }) => configuredIn(severities, rule.meta) !== undefined) ?? [];
  const target = 'resource' in at ? targetOf(at.resource) : { file: at.file.file };
  const override = naming.length === 0 ? undefined : naming.findLast(({ fits }) => fits(target));
  return override ? configuredIn(override.severities, rule.meta) : configured(rule.meta, options);
}

function targetOf({ source, namespace, kind, name }: Resource): SeverityTarget {
  return { file: source.file.file, namespace: kind === 'Namespace' ? name : namespace, kind };
}
