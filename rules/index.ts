import { OWN_RULES } from '../src/engine/own-rules.ts';
import type { AnyRule } from '../src/engine/rule.ts';
import sidecarHostFormat from './visibility/sidecar-host-format.ts';

/** Every rule, sorted by code. Written by `node src/scripts/rule-index.mjs`; a test compares it with the directory. */
export const RULES: readonly AnyRule[] = [
  sidecarHostFormat,
  ...OWN_RULES,
];
