/**
 * Stands, letter for letter, for text that a template engine would replace, so that the rest of the document can be read with its offsets unchanged.
 * A private-use character: it cannot occur in a valid Istio value.
 */
export const MASK = '\uE000';

/** Text of Helm, kustomize vars, envsubst, ytt and "fill this in" conventions inside of a value that parses. */
const IN_VALUE =
  /\{\{|\{%|\uE000|\$\([A-Za-z_][\w.-]*\)|\$\{[^}]*\}|\$[A-Z_]{2,}|^<[A-Za-z][\w .-]*>$|<[A-Za-z][\w.-]*>(?=[./:-]|$)|^\[[A-Za-z][\w .-]*\]$|^__\w+__$|\(\(|^\.\.\.$|-\.\.\.$/;

/** Lines that a template engine adds or removes as a whole: Helm and Jinja blocks, ytt annotations. */
const WHOLE_LINE = /^[ \t]*(?:\{\{|\{%|#@)/m;

/** Whether a value is, or contains, text that will be replaced before the object reaches the cluster; its meaning is unknown. */
export function isTemplateText(value: string): boolean {
  return IN_VALUE.test(value);
}

/** Whether whole lines of a document come or go with a template, so that what it holds in the end cannot be told. */
export function hasTemplateLines(text: string): boolean {
  return WHOLE_LINE.test(text);
}

/** Replaces each `{{ … }}` within a line by {@link MASK} characters of the same length. */
export function maskTemplates(text: string): string {
  if (!text.includes('{{')) return text;
  return text.replace(/\{\{.*?\}\}/g, (template) => MASK.repeat(template.length));
}
