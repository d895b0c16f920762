/** What is known of a condition: `undefined` where something that is not in view decides. */
export type Truth = boolean | undefined;

/** True if all are, false if one is. */
export function all(truths: readonly Truth[]): Truth {
  if (truths.includes(false)) return false;
  return truths.includes(undefined) ? undefined : true;
}

/** True if one is, false if none is. */
export function any(truths: readonly Truth[]): Truth {
  if (truths.includes(true)) return true;
  return truths.includes(undefined) ? undefined : false;
}

/** Unknown stays unknown. */
export function not(truth: Truth): Truth {
  return truth === undefined ? undefined : !truth;
}
