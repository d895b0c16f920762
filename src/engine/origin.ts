import type { Resource } from '../resources/resource.ts';

const ANNOTATION = 'config.kubernetes.io/origin';

/**
 * The file that a rendered object was made from, as the renderer says it: `# Source: chart/templates/x.yaml` above the object (helm template), or
 * the annotation that kustomize writes with `buildMetadata: [originAnnotations]`.
 * @returns undefined where nothing says so
 */
export function originOf({ source, annotations }: Resource): string | undefined {
  const { file, document } = source;
  const annotated = /^path:[ \t]*(\S.*)$/m.exec(annotations[ANNOTATION] ?? '')?.[1];
  if (annotated !== undefined) return annotated.trim();
  const head = /^(?:[ \t]*(?:#.*)?[\n\r]+)*/.exec(file.text.slice(document.start, document.end))?.[0] ?? '';
  return /^# Source: (\S.*)$/m.exec(head)?.[1]?.trim();
}

/** Whether a rendered object comes from a template: helm names it in a comment, where kustomize annotates what it changed as data. */
export function isFromTemplate({ annotations }: Resource): boolean {
  return annotations[ANNOTATION] === undefined;
}
