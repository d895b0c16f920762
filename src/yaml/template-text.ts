/** Stands for a value that something else writes. A private-use character: it cannot occur in a valid Istio value. */
export const MASK = '\uE000';

/**
 * What `{{ … }}` and `{name}` are written in while the rest of a document is read with its offsets unchanged: letter for letter, each character moved up to the private-use
 * area, so that it means nothing to YAML, and can be moved back. Those for which there is no room there become the first of these.
 */
const MASKED = { first: 0xe001, offset: 0xe000, size: 0x1900, text: /\uE07B(?:\uE07B[\uE001\uE020-\uF8FF]*?\uE07D|[\uE02D-\uE07A]+)\uE07D/g } as const;

/** A text as people are shown it: template text as they wrote it. */
export function unmasked(text: string): string {
  if (!isMasked(text)) return text;
  return text.replace(MASKED.text, (mask) => mask.replace(/./g, shownCharacter)).replaceAll(MASK, '{{…}}');
}

/** Whether a text holds anything that {@link unmasked} changes. */
export function isMasked(text: string): boolean {
  return /[\uE000\uE07B]/.test(text);
}

function maskedCharacter(character: string): string {
  const code = character === '\t' ? 0x20 : character.charCodeAt(0);
  // Controls stay away from what is shown.
  const hasRoom = code < MASKED.size && !/\p{Cc}/u.test(String.fromCharCode(code));
  return String.fromCharCode(hasRoom ? MASKED.offset + code : MASKED.first);
}

function shownCharacter(mask: string): string {
  const code = mask.charCodeAt(0);
  return code === MASKED.first ? '…' : String.fromCharCode(code - MASKED.offset);
}

/**
 * What marks a value as text to be replaced. Each form is as narrow as it can be: template text silences findings, and regular expressions
 * (`(?P<name>…)`, `[a-z]`, `((a|b))`), Envoy's `%REQ(X)%`, path templates (`{*}`), OData paths (`/$metadata`), HTML and `*` are none.
 */
const IN_VALUE: readonly RegExp[] = [
  // Helm, Go templates, Jinja, mustache; ERB. What stands in `{{ }}` within a line is masked before it gets here.
  /[\uE000-\uE07E]|\{\{|\{%|<%/,
  // envsubst, Terraform, Octopus and Azure pipelines: ${X} ${X:-y} #{X}; GitLab inputs: $[[ x ]]
  /[$#]\{[^{}$]+\}|\$\[\[/,
  // kustomize and Pod variables: $(X)
  /\$\([A-Za-z_][\w.-]*\)/,
  // $X: capitals anywhere, small letters only as the whole value
  /\$[A-Z_][A-Z\d_]+(?![a-z])|^\$[A-Za-z_]\w*$/,
  // A part of a name in capitals that no name may have: backend.DATA_PLANE.svc
  /(?:^|\.)[A-Z][A-Z\d]*(?:_[A-Z\d]+)+\.|\.[A-Z][A-Z\d]*(?:_[A-Z\d]+)+(?:$|[/:])/,
  // Concourse, BOSH: ((x)); Maven: @x@; sed scripts: __X__ @@X@@; Zarf: ###X###
  /\(\([A-Za-z_][\w./-]*\)\)|@[A-Za-z][\w.-]*@|__[A-Z][A-Z\d_]*__|^__\w+__$|###\w+###/,
  // Words that ask to be replaced.
  /\b(?:(?:REPLACE|CHANGE|FILL|INSERT)[_-]?(?:ME|THIS|HERE)|REPLACE[_-]WITH|FILL[_-]IN)(?![A-Za-z])|(?:\b|_)PLACEHOLDER(?:\b|_)|\bYOUR[_-][A-Z]/,
  // {name} as the whole value, or as its first part; not within paths and regular expressions
  /^\{[A-Za-z][\w.-]*\}(?:$|[.:-])/,
  // <<name>>
  /<<\w[\w.-]*>>/,
  // An address without its numbers: x.x.x.x, ip.ip.ip.ip, 10.x.x.x
  /^([A-Za-z]{1,4})(?:\.\1){3}(?:\/\w+)?$/,
  /^(?=[^/]*[xX])(?:\d{1,3}|[xX]{1,3})(?:\.(?:\d{1,3}|[xX]{1,3})){3}(?:\/\w+)?$/,
  // [your.domain]: words, so that no character class of a regular expression is one
  /^\[(?:[A-Za-z]{4,}|[A-Za-z]{2,}(?:[ ._-][A-Za-z]{2,})+)\]$/,
  // Left out by the writer of an example.
  /^(?:\.{3}|\u2026)$|-\.{3}$/,
];

/** `<host>`, `<your-host>.example`; not a named group of a regular expression. */
const ANGLE_BRACKETS = /(?<!\(\?P?)<[A-Za-z][\w .,:'-]*>/;
const MARKUP = /<[/!]|\/>/;

/** Lines that a template engine adds or removes as a whole (Helm, Jinja, ERB, Terraform), and ytt's comments, which may replace what stands before them. */
const WHOLE_LINE = /^[ \t]*(?:\{[{%#]|<%|%\{)|(?:^|[ \t])#@(?:[ \t]|$|[a-z-]+\/)/m;

/** A line that is nothing but template text: where a document does not parse, that is why. */
const NOTHING_ELSE = /^[ \t]*(?:-[ \t]+)?(?:\$\{[^{}]*\}|\$\([\w.-]+\)|\$[A-Z_][A-Z\d_]+|__\w+__|<[A-Za-z][^<>\n]*>|\.{3}|\u2026)[ \t]*\r?$/m;

/** `name: {app}`, `- {host}`: a name in braces for a value. To YAML it is a mapping with one key and no value, which no field that we read takes. */
const NAME_IN_BRACES = /(^|[:-])([ \t]+)(\{[A-Za-z][\w.-]*\})(?=[ \t]*(?:$|[\r\n]|[ \t]#))/gm;
/** The same with more text behind it, which is no YAML. */
const BRACES_AND_TEXT = /(?:^|[:-])[ \t]+\{[A-Za-z][\w.-]*\}/m;
/** `image: %IMAGE%:1.0`: no value may start with a percent sign. */
const PERCENT = /[:-][ \t]+%[A-Z][A-Z\d_]+%/;
const BRACED_LETTER = /\{[A-Za-z]/;

/** Whether a value is, or contains, text that will be replaced before the object reaches the cluster; its meaning is unknown. */
export function isTemplateText(value: string): boolean {
  return MAY_BE_TEMPLATE.test(value) && (IN_VALUE.some((form) => form.test(value)) || (ANGLE_BRACKETS.test(value) && !MARKUP.test(value)));
}

/** What each form needs, so that nearly every value is done with one look. */
const MAY_BE_TEMPLATE =
  /[\uE000-\uE07E{$<@[#\u2026]|\(\(|__|\.\.\.|REPLACE|CHANGE|FILL|INSERT|PLACEHOLDER|YOUR|[A-Z\d]_[A-Z\d]|^(?:\w{1,4}\.){3}\w{1,4}(?:\/|$)/;

/** Whether whole lines of a document come or go with a template, so that what it holds in the end cannot be told. */
export function hasTemplateLines(text: string): boolean {
  return WHOLE_LINE.test(text);
}

/** Whether a document that does not parse is a template rather than a mistake. */
export function isBrokenTemplate(text: string): boolean {
  return text.includes('{{') || text.includes('{%') || text.includes('<%') || NOTHING_ELSE.test(text) || BRACES_AND_TEXT.test(text) || PERCENT.test(text);
}

/** Moves each `{{ … }}` within a line, and each name in single braces that stands for a value, to characters that mean nothing to YAML; {@link unmasked} moves them back. */
export function maskTemplates(text: string): string {
  const masked = maskDoubleBraces(text);
  if (!BRACED_LETTER.test(masked)) return masked;
  return masked.replace(NAME_IN_BRACES, (_, before: string, space: string, name: string) => before + space + name.replace(/./g, maskedCharacter));
}

function maskDoubleBraces(text: string): string {
  let open = text.indexOf('{{');
  if (open === -1) return text;
  let close = -1;
  let result = '';
  let done = 0;
  while (open !== -1) {
    if (close < open + 2) close = text.indexOf('}}', open + 2);
    if (close === -1) break;
    const lineEnd = /[\n\r]/.exec(text.slice(open, close));
    if (lineEnd) {
      open = text.indexOf('{{', open + lineEnd.index);
      continue;
    }
    result += text.slice(done, open) + text.slice(open, close + 2).replace(/[\s\S]/g, maskedCharacter);
    done = close + 2;
    open = text.indexOf('{{', done);
  }
  return result + text.slice(done);
}

/** `EXTERNAL_HOST`: a word in capitals, which is a placeholder where it is no name of a value. */
export function isWordInCapitals(value: string): boolean {
  return /^[A-Z][A-Z\d]*(?:_[A-Z\d]+)+$/.test(value);
}
