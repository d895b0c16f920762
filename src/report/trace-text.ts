import { type Answer, allDelivered, endsWell, type ToldTrace } from '../engine/answer.ts';
import type { Finding, Location } from '../engine/finding.ts';
import type { TracedEnd, TracedField, TracedHop, TracedPart } from '../engine/trace.ts';
import { describe } from '../traffic/outcomes/symptoms.ts';
import { writeClient, writeDestination } from '../traffic/probes/probe-text.ts';
import { confirmCommands } from './confirm-commands.ts';
import { outcomeText, proxyText, subjectOf, wireText } from './outcome-text.ts';
import { type Paint, paintFor } from './paint.ts';
import type { Terminal } from './report.ts';
import { displayWidth, printableLine, wrap } from './terminal-text.ts';

export interface TraceTextInput {
  readonly answers: readonly Answer[];
  /** What the linter says of things on a path. */
  readonly advice: (answer: Answer) => readonly Finding[];
  readonly terminal: Terminal;
}

/** Paths for people: each hop with what decided and where it stands, what is on the wire between them, how it ends, what to change and how to check it. */
export function traceText({ answers, advice, terminal }: TraceTextInput): string {
  const page = new Page(terminal);
  for (const [index, answer] of answers.entries()) {
    if (index > 0) page.rule();
    answerText(answer, advice(answer), page);
  }
  return page.text();
}

const LABEL = 14;
const INDENT = 4;

/** Rows that are wrapped at the terminal's width. */
class Page {
  readonly paint: Paint;
  private readonly width: number;
  private readonly link: (location: Location) => string | undefined;
  private readonly rows: string[] = [];

  constructor(terminal: Terminal) {
    this.paint = paintFor(terminal);
    this.width = terminal.width;
    this.link = ({ file }) => terminal.fileUrl?.(file);
  }

  text(): string {
    return `${this.rows.join('\n')}\n`;
  }

  blank(): void {
    if (this.rows.length > 0 && this.rows.at(-1) !== '') this.rows.push('');
  }

  rule(): void {
    this.blank();
    this.rows.push(this.paint.faint('─'.repeat(Math.min(this.width, 80))), '');
  }

  /** Text in full width; further rows are indented by as much more as its sign (`✓ `) takes. */
  line(text: string, style: (text: string) => string = (same) => same, indent = 0): void {
    const hanging = /^[\u2713\u2717\u2192] /.test(text) ? 2 : 0;
    const rows = wrap(printableLine(text), Math.max(MOST_NARROW, this.width - indent), hanging);
    for (const [index, row] of rows.entries()) this.rows.push(`${' '.repeat(index === 0 ? indent : indent + hanging)}${style(row)}`);
  }

  /** A command: never wrapped, so that it can be copied. */
  command(text: string): void {
    this.rows.push(`${' '.repeat(INDENT)}${printableLine(text)}`);
  }

  heading(text: string): void {
    this.blank();
    this.line(text, this.paint.strong);
  }

  /** `label   text`, further rows below the text. */
  entry(label: string, text: string, style: (text: string) => string = (same) => same): void {
    const rows = wrap(printableLine(text), Math.max(MOST_NARROW, this.width - INDENT - LABEL));
    for (const [index, row] of rows.entries()) this.labeled(index === 0 ? label : '', style(row));
  }

  /** A sentence, and the place that it speaks of: on the same row where it fits. */
  field(label: string, sentence: string, { path, location }: Pick<TracedField, 'path' | 'location'>): void {
    const place = printableLine(`${location.file}:${location.startLine}:${location.startColumn}`);
    const room = this.width - INDENT - LABEL;
    const linked = this.paint.faint(this.paint.link(place, this.link(location)));
    const field = printableLine(path);
    const isShort = displayWidth(field) + displayWidth(place) + 4 <= room;
    const where = `${this.paint.faint(field)}  ${linked}`;
    if (displayWidth(sentence) + displayWidth(field) + displayWidth(place) + 4 <= room) {
      this.labeled(label, `${sentence}  ${where}`);
      return;
    }
    this.entry(label, sentence);
    for (const row of isShort ? [where] : [this.paint.faint(field), linked]) this.labeled('', `  ${row}`);
  }

  /** A row that is painted already. */
  private labeled(label: string, row: string): void {
    this.rows.push(`${' '.repeat(INDENT)}${this.paint.faint(label.padEnd(LABEL))}${row}`.trimEnd());
  }
}

const MOST_NARROW = 30;

function answerText(answer: Answer, advice: readonly Finding[], page: Page): void {
  const { probe, clients, mesh, when } = answer;
  const { paint } = page;
  page.line(`${clientsText(clients) ?? writeClient(probe.from)} → ${writeDestination(probe)}${mesh === undefined ? '' : ` in mesh ${mesh}`}`, paint.strong);
  if (answer.asWritten) writtenText(answer.asWritten, page);
  page.blank();
  if (answer.asWritten) page.line('Once repaired:', paint.strong);
  verdict(answer, when, page);
  for (const story of answer.others ?? []) verdict(story, story.when, page);
  for (const assumption of answer.assumptions) page.entry('assumed', assumption);
  pathText(answer.expect, page);
  for (const other of answer.expect.others ?? []) splitText(other, page);
  if (!allDelivered({ ...answer, elsewhere: [] })) changeText(answer, advice, page);
  page.heading('To confirm it in the cluster');
  for (const { about, lines } of confirmCommands(answer)) {
    page.line(`# ${about}`, page.paint.faint, INDENT);
    for (const command of lines) page.command(command);
  }
  for (const other of answer.elsewhere ?? []) {
    page.rule();
    answerText(other, [], page);
  }
}

/** More are counted. */
const SHOWN_CLIENTS = 4;

function clientsText(clients: readonly string[] | undefined): string | undefined {
  if (!clients) return undefined;
  const shown = clients.slice(0, SHOWN_CLIENTS).join(', ');
  return clients.length > SHOWN_CLIENTS ? `${shown} and ${clients.length - SHOWN_CLIENTS} more` : shown;
}

function verdict(story: Pick<Answer, 'expect' | 'symptom'>, when: string | undefined, page: Page): void {
  const { paint } = page;
  const isGood = endsWell(story.expect);
  page.line(`${isGood ? '✓' : '✗'} ${outcomeText(story.expect, when)}`, isGood ? paint.good : paint.severity.error, 2);
  page.entry('you see', describe(story.symptom));
}

const REFUSERS = {
  'strict-client': 'kubectl apply (1.25 and later) refuses',
  'api-server': 'the API server refuses',
  webhook: "Istio's webhook refuses",
} as const;

function writtenText({ refused, stories }: NonNullable<Answer['asWritten']>, page: Page): void {
  page.blank();
  page.line('As written:', page.paint.strong);
  for (const { resource, refusedBy, location } of refused) {
    page.line(
      `${REFUSERS[refusedBy]} ${resource.kind} ${resource.namespace}/${resource.name} (${location.file}:${location.startLine}:${location.startColumn}); without it:`,
      undefined,
      2,
    );
  }
  for (const story of stories) verdict(story, story.when, page);
}

function splitText(other: TracedEnd, page: Page): void {
  page.heading(`${other.share ?? 0} % of the traffic go another way`);
  page.line(`${endsWell(other) ? '✓' : '✗'} ${outcomeText(other)}`, undefined, 2);
  pathText(other, page);
}

function pathText(end: TracedEnd, page: Page): void {
  const { paint } = page;
  for (const [index, hop] of end.hops.entries()) {
    page.blank();
    page.line(`${index + 1}  ${proxyText(hop)}${hop.proxy.includes('/') ? '' : ` in ${hop.namespace}`}`, paint.strong);
    page.entry('receives', wireText(hop.receives));
    if (index === 0 && !hop.proxy.includes('/')) page.entry('dialled', `${hop.receives.address ?? '?'}:${hop.receives.port}`);
    hopText(hop, page);
  }
  page.blank();
  const isGood = endsWell(end);
  const { delivered, sends } = end;
  const target =
    delivered && `${delivered.pod === undefined ? delivered.host : `Pod ${delivered.pod.replace(/-synth$/, '')} of ${delivered.host}`}:${delivered.port}`;
  if (target !== undefined) page.line(`${end.hops.length + 1}  ${target}`, paint.strong);
  if (sends) page.entry('receives', wireText(sends));
  page.line(`${isGood ? '✓' : '✗'} ${isGood && target !== undefined ? 'arrives' : outcomeText(end)}`, isGood ? paint.good : paint.severity.error, INDENT);
  if (end.because) page.field('because of', subjectOf(end.because), end.because);
}

const ORDER: readonly TracedPart[] = ['server', 'listener', 'policy', 'filter chain', 'virtual host', 'route', 'cluster', 'subset', 'TLS'];

function hopText(hop: TracedHop, page: Page): void {
  for (const part of ORDER) {
    const text = partText(part, hop);
    if (text !== undefined) page.entry(part, text);
    let label = text === undefined ? part : '';
    let before: string | undefined;
    for (const field of hop.decidedBy) {
      if (field.part !== part) continue;
      const subject = subjectOf(field);
      page.field(label, `${subject === before ? 'and' : subject} ${field.what}`, field);
      label = '';
      before = subject;
    }
  }
}

const LACKS: Readonly<Record<NonNullable<TracedHop['missing']>, string>> = {
  host: 'nothing that this proxy sees registers the host',
  'hidden-host': 'what registers the host is not visible to this proxy',
  port: 'the host has no such port',
  subset: 'no DestinationRule that this proxy sees defines the subset',
  'subset-endpoints': 'no endpoint has the labels of the subset',
  endpoints: 'it has no endpoints',
};

function partText(part: TracedPart, hop: TracedHop): string | undefined {
  const { listener, match, kind, terminates, virtualHost, route, cluster, clusterType, missing, tls, sendsTo } = hop;
  switch (part) {
    case 'listener':
      if (listener === 'virtualOutbound') return 'virtualOutbound: nothing in view has a listener for this address and port';
      return listener === undefined ? `none on port ${hop.port}` : `${listener}${terminates === undefined ? '' : `, terminates TLS (${terminates})`}`;
    case 'filter chain':
      if (kind === undefined) return listener === undefined ? undefined : 'none that fits';
      return `${match === undefined ? '' : `${match === 'default' ? 'the default one' : match}, `}${kind === 'http' ? 'reads HTTP' : 'passes bytes on'}`;
    case 'virtual host':
      return virtualHost;
    case 'route':
      return route === hop.routeSource ? undefined : route;
    case 'cluster':
      if (cluster === undefined) return undefined;
      if (missing !== undefined) return `${cluster} ✗ ${LACKS[missing]}`;
      return `${cluster}${clusterType === undefined ? '' : ` (${clusterType})`}${sendsTo === undefined ? '' : `, to ${sendsTo.address}:${sendsTo.port}`}`;
    case 'TLS':
      if (tls === undefined) return undefined;
      return tls.mode === 'NONE' ? 'none is added' : `${tls.mode}${tls.sni === '' || tls.sni === undefined ? ', without SNI' : `, SNI ${tls.sni}`}`;
    default:
      return undefined;
  }
}

/** What the linter says of it, or, where it says nothing, where the decision fell. */
function changeText(answer: Answer, advice: readonly Finding[], page: Page): void {
  page.heading('What to change');
  for (const { severity, code, rule, message, help, location } of advice) {
    page.line(`${severity}[${code} ${rule}] ${location.file}:${location.startLine}:${location.startColumn}`, page.paint.severity[severity], 2);
    page.line(message, undefined, INDENT);
    if (help !== undefined) page.line(`→ ${help}`, page.paint.strong, INDENT);
  }
  if (advice.length > 0) return;
  for (const sentence of plainAdvice(failingEnd(answer))) page.line(sentence, undefined, 2);
}

function failingEnd({ expect, others = [], asWritten }: Answer): TracedEnd {
  const ends = [expect, ...[...others, ...(asWritten?.stories ?? [])].map((story: ToldTrace) => story.expect)];
  return ends.find((end) => !endsWell(end)) ?? expect;
}

const ADVICE: Readonly<Record<string, string>> = {
  blocked: 'Register the host and port in a ServiceEntry that is exported to the client, and import it where a Sidecar limits what the client sees.',
  'double-tls':
    'Either let the client speak plain HTTP to a port that is declared HTTP, and let the proxy start TLS; or take the TLS settings of the DestinationRule away.',
  'plaintext-to-tls': 'Let the proxy start TLS (DestinationRule with tls.mode SIMPLE for the port), or let the client speak TLS itself.',
  'protocol-error': 'Declare the port with the protocol that the client speaks on it, or let the client speak what is declared.',
  'handshake-failed': 'Set the TLS mode of the DestinationRule to what the other end expects: ISTIO_MUTUAL is for proxies of the mesh only.',
  'no-route': 'Add a route of a VirtualService that fits the request (host, gateways, port, path) to the proxy at which it ends.',
  'no-cluster': 'Make the destination of the route one that the proxy sees: host, port and subset have to be registered and visible in its namespace.',
  'no-endpoints': 'Give the host endpoints, or another resolution.',
  'no-filter-chain': 'Make a server of the Gateway accept the server name that arrives, and TLS where it expects TLS.',
  refused: 'Open the port: a server of a Gateway with a route, or a port of the Service.',
  loop: 'Bind a route to the gateway that leads out to the host, beside the one in sidecars that leads to the gateway.',
  rejected: 'Remove one of the two filter chains that match the same connections.',
  denied: 'Allow the client in the AuthorizationPolicy.',
  dropped: 'Allow the connection in a NetworkPolicy.',
};

function plainAdvice({ outcome, hops, because }: TracedEnd): readonly string[] {
  const field = because ?? hops.at(-1)?.decidedBy.at(-1);
  const place =
    field &&
    `It was decided last by ${field.resource.kind} ${field.resource.namespace}/${field.resource.name}, ${field.path} (${field.location.file}:${field.location.startLine}).`;
  return [ADVICE[outcome], place].filter((sentence) => sentence !== undefined);
}
