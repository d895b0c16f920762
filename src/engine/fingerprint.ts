import type { ResourceId } from './finding.ts';

/**
 * Identifies a finding across edits that do not concern it: no file name, no line.
 * @returns 16 hex digits
 */
export function fingerprint(rule: string, messageId: string, resource: ResourceId | undefined, path: string | undefined, message: string): string {
  const identity = resource ? [resource.kind, resource.namespace, resource.name, path ?? ''].join('/') : message;
  const text = [rule, messageId, identity].join('\n');
  return fnv1a(text, 0x811c9dc5) + fnv1a(text, 0x01000193);
}

/** FNV-1a over UTF-16 units, 32 bits; two of them with different seeds are plenty to tell findings of one repository apart. */
function fnv1a(text: string, seed: number): string {
  let hash = seed;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
