import type { Reason } from '../terms/reason.ts';

/**
 * What a layer beside the proxies' configuration makes of a connection: authorization, network policies, capture. Nothing recorded from Istio stands behind
 * these, and much of what decides lies outside of the files: whoever reports one says `likely` (docs/architecture.md, "Severity, and what is unknown").
 */
export interface LayerVerdict {
  /** In a sentence's words, without subject: `no rule lets it out`. */
  readonly why: string;
  /** The fields that decided, the first of them the one to look at. */
  readonly because: readonly Reason[];
  readonly confidence: 'likely';
}

/** The verdict of a layer that is judged without recorded answers of Istio to hold it against. */
export function likely(why: string, because: readonly Reason[]): LayerVerdict {
  return { why, because, confidence: 'likely' };
}
