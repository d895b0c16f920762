/** Sorts texts by code units, as Go and therefore Istio compare them: the same order under every locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
