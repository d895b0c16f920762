import type { Resource } from '../resources/resource.ts';
import type { FailingPath } from '../traffic/probes/failing-paths.ts';
import { unmasked } from '../yaml/template-text.ts';
import type { Finding, Fix, Severity } from './finding.ts';
import { fingerprint } from './fingerprint.ts';
import { changesToEdits } from './fix.ts';
import { idOf, locationOf, pathText, stablePathText } from './place.ts';
import type { Reported } from './reported.ts';
import { docsOf, type FixPlan, type MessageTexts, type Place } from './rule.ts';
import { traceOf } from './trace.ts';

/** Where a person edits what was rendered. */
export interface Edited {
  readonly place: (place: Place) => Place;
  /** The file that a resource was rendered from; undefined where nothing says so. */
  readonly file: (resource: Resource) => string | undefined;
}

/** What is told of a report: its texts filled in, its places worked out. */
export function toFinding({ rule, messageId, at, details }: Reported, severity: Severity, edited: Edited): Finding {
  const texts = rule.messages[messageId] as MessageTexts;
  const data = details.data ?? {};
  const symptom = details.symptom ?? texts.symptom;
  const help = details.help ?? texts.help;
  const message = fill(texts.text, data);
  const resource = 'resource' in at ? idOf(at.resource) : undefined;
  const path = 'resource' in at ? pathText(at.path) : undefined;
  const place = edited.place(at);
  const location = locationOf(place);
  const origin = place !== at ? location.file : 'resource' in at ? edited.file(at.resource) : undefined;
  const finding: Finding = {
    rule: rule.meta.name,
    code: rule.meta.code,
    severity,
    confidence: details.confidence ?? 'certain',
    ...(details.refusedBy && { refusedBy: details.refusedBy }),
    message,
    ...(texts.label !== undefined && { label: fill(texts.label, data) }),
    ...(symptom !== undefined && { symptom: fill(symptom, data) }),
    ...(help !== undefined && { help: fill(help, data) }),
    docs: docsOf(rule.meta),
    ...(resource && { resource }),
    ...(path !== undefined && { path }),
    location,
    related: (details.related ?? []).map((related) => ({
      message: unmasked(related.message),
      location: locationOf(edited.place(related.at)),
      ...('resource' in related.at && { resource: idOf(related.at.resource), path: pathText(related.at.path) }),
    })),
    // A repair that cannot be written into the text is none; what was rendered is edited by nobody.
    fixes: (origin === undefined ? (details.fixes ?? []) : []).map(toFix).filter((fix) => fix.edits.length > 0),
    ...(origin !== undefined && { origin }),
    fingerprint: fingerprint(rule.meta.name, messageId, resource, 'resource' in at ? stablePathText(at) : undefined, message),
  };
  return details.trace ? withTrace(finding, details.trace) : finding;
}

/** A trace is worked out when it is read: it has a place for every field on the way, and most reports print none of them. */
function withTrace(finding: Finding, { connection, path }: FailingPath): Finding {
  let known: Finding['trace'];
  return Object.defineProperty(finding, 'trace', {
    enumerable: true,
    get: () => {
      known ??= traceOf(connection.probe, [path]);
      return known;
    },
  });
}

function toFix(plan: FixPlan): Fix {
  const edits = changesToEdits(plan.changes).map((edit) => ({ ...edit, text: unmasked(edit.text) }));
  return { title: unmasked(plan.title), safe: plan.safe, edits };
}

function fill(text: string, data: Readonly<Record<string, string | number>>): string {
  return unmasked(text.replace(/\{(\w+)\}/g, (whole, name: string) => (Object.hasOwn(data, name) ? String(data[name]) : whole)));
}
