/** How a VirtualService compares a string: at most one of the three. */
export interface StringMatch {
  readonly exact?: string | undefined;
  readonly prefix?: string | undefined;
  readonly regex?: string | undefined;
}

/** whether a text fits. A match that says nothing fits nothing (callers know what that means to them: {@link asksForPresence}). */
export function fitsText(match: StringMatch, text: string): boolean {
  if (match.exact !== undefined) return text === match.exact;
  if (match.prefix !== undefined) return text.startsWith(match.prefix);
  return match.regex !== undefined && fitsRegex(match.regex, text);
}

/** of headers and query parameters, `{}` and the regex `*` ask only whether they are there. Istio: route.go, canBeConvertedToPresentMatch. */
export function asksForPresence({ exact, prefix, regex }: StringMatch): boolean {
  return (exact === undefined && prefix === undefined && regex === undefined) || regex === '*';
}

const compiled = new Map<string, RegExp | undefined>();

/** Envoy fits the whole text, in the syntax of RE2. One that cannot be compiled fits nothing: Istio refuses it. */
export function fitsRegex(regex: string, text: string): boolean {
  if (!compiled.has(regex)) compiled.set(regex, compile(regex));
  return compiled.get(regex)?.test(text) ?? false;
}

/** RE2 writes flags in front (`(?i)`), where JavaScript has none. */
function compile(regex: string): RegExp | undefined {
  const [written = '', flags = ''] = /^\(\?([imsU]+)\)/.exec(regex) ?? [];
  try {
    return new RegExp(`^(?:${regex.slice(written.length)})$`, flags.replace(/[^ims]/g, ''));
  } catch {
    return undefined;
  }
}
