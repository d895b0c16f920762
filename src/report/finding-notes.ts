import type { Finding } from '../engine/finding.ts';

/** How sure a finding is, and who refuses the object where no symptom tells. */
export function findingNotes({ confidence, refusedBy, symptom, meshes, origin, location }: Finding): readonly string[] {
  const texts: string[] = [];
  if (confidence === 'likely') texts.push('likely, not certain: something that decides lies outside of these files');
  if (confidence === 'possible') texts.push('possible, not certain: much of what decides lies outside of these files');
  if (refusedBy && !symptom) texts.push(REFUSED_BY[refusedBy]);
  if (meshes)
    texts.push(
      `in ${meshes.slice(0, 3).join(', ')}${meshes.length > 3 ? ` and ${meshes.length - 3} more meshes` : ''} only: this file belongs to others as well`,
    );
  if (origin !== undefined && origin !== location.file) texts.push(`rendered from ${origin}: change it there`);
  return texts;
}

const REFUSED_BY: Readonly<Record<NonNullable<Finding['refusedBy']>, string>> = {
  'api-server': 'the Kubernetes API server refuses this object: kubectl apply fails',
  'strict-client': 'kubectl 1.25 and later refuses this object; clients without strict validation drop the field without a word',
  webhook: "Istio's validation webhook refuses this object: kubectl apply fails",
};
