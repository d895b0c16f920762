import type { Finding, Fix, Location, RelatedLocation, ResourceId } from '../engine/finding.ts';
import { jsonText } from './json-text.ts';
import { type Report, shownFindings } from './report.ts';
import { traceData } from './trace-json.ts';

/**
 * The stable format for programs, described by docs/findings.schema.json: version 1 only ever gains properties. Lists the findings that the
 * other formats list; the counts are of the whole run. Keys come in a fixed order, absent values have no key.
 */
export const json: Report = (input) => {
  const { files, documents, resources, errors, warnings, infos, suppressed, meshes, elsewhere, patches } = input.summary;
  return jsonText({
    version: 1,
    tool: { name: input.tool.name, version: input.tool.version },
    summary: { files, documents, resources, errors, warnings, infos, suppressed, elsewhere, patches },
    meshes: meshes && { names: meshes.names, shared: meshes.shared, ...(meshes.merged > 0 && { merged: meshes.merged }) },
    staleBaseline: input.stale?.map(({ rule, resource, path }) => ({ rule, resource, path })),
    findings: shownFindings(input).map(findingData),
  });
};

/** A finding as `--format json` lists it; `undefined` leaves a key out of the JSON text. */
export function findingData(finding: Finding): unknown {
  return {
    rule: finding.rule,
    code: finding.code,
    severity: finding.severity,
    confidence: finding.confidence,
    refusedBy: finding.refusedBy,
    message: finding.message,
    symptom: finding.symptom,
    help: finding.help,
    docs: finding.docs,
    resource: resourceData(finding.resource),
    path: finding.path,
    location: locationData(finding.location),
    related: finding.related.map(relatedData),
    trace: finding.trace && traceData(finding.trace),
    fixes: finding.fixes.map(fixData),
    origin: finding.origin,
    meshes: finding.meshes,
    fingerprint: finding.fingerprint,
  };
}

function relatedData({ message, resource, path, location }: RelatedLocation): unknown {
  return { message, resource: resourceData(resource), path, location: locationData(location) };
}

function resourceData(id: ResourceId | undefined): unknown {
  return id && { apiVersion: id.apiVersion, kind: id.kind, namespace: id.namespace, name: id.name };
}

function locationData({ file, startLine, startColumn, endLine, endColumn }: Location): unknown {
  return { file, startLine, startColumn, endLine, endColumn };
}

function fixData({ title, safe, edits }: Fix): unknown {
  return { title, safe, edits: edits.map(({ file, start, end, text }) => ({ file, start, end, text })) };
}
