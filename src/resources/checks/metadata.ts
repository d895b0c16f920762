import { isTemplateText } from '../../yaml/template-text.ts';
import type { Problem } from '../field.ts';
import { valueAt } from '../plain-value.ts';
import { isDnsLabel } from './host-name.ts';
import { leftOut, malformed } from './problem.ts';

const DRY_RUN = 'istio.io/dry-run';
/** Annotations that Istio keeps for objects that it makes itself. */
const INTERNAL: readonly string[] = ['internal.istio.io/webhook-always-reject', 'internal.istio.io/parent-namespace', 'internal.istio.io/parents'];

/**
 * What Istio's webhook refuses in the metadata of its kinds.
 * @param metadata the object's `metadata` as written
 * @param spec its `spec` as written
 */
export function metadataProblems(kind: string, metadata: unknown, spec: unknown): readonly Problem[] {
  return [...gatewayName(kind, metadata), ...reservedAnnotations(kind, metadata), ...(kind === 'AuthorizationPolicy' ? dryRun(metadata, spec) : [])];
}

/** GW1 (webhook): a Gateway's name becomes part of other names, so it has no dots. Other letters are Kubernetes' own rule. */
function gatewayName(kind: string, metadata: unknown): readonly Problem[] {
  const name = valueAt(metadata, ['name']);
  if (kind !== 'Gateway' || typeof name !== 'string' || !name.includes('.') || isTemplateText(name) || isDnsLabel(name)) return [];
  const problem = malformed(name, "a name without dots: Istio takes a Gateway's name as one DNS label");
  return [{ path: ['metadata', 'name'], refusedBy: 'webhook', ...problem }];
}

/** SE33 (webhook): annotations that Istio allows on AuthorizationPolicies only, or on objects that it makes itself. */
function reservedAnnotations(kind: string, metadata: unknown): readonly Problem[] {
  const annotations = valueAt(metadata, ['annotations']);
  const refused = kind === 'AuthorizationPolicy' ? INTERNAL : [DRY_RUN, ...INTERNAL];
  return refused.flatMap((name): Problem[] => {
    const value = valueAt(annotations, [name]);
    if (value === undefined || value === null) return [];
    const why = name === DRY_RUN ? 'only AuthorizationPolicies have a dry run' : 'Istio keeps this annotation for objects of its own making';
    return [{ path: ['metadata', 'annotations', name], refusedBy: 'webhook', ...leftOut(String(value), why) }];
  });
}

/** What Go's ParseBool reads. */
const BOOLEAN = /^(?:1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/;

/** AP11 (webhook): a policy that only logs what it would do. */
function dryRun(metadata: unknown, spec: unknown): readonly Problem[] {
  const value = valueAt(metadata, ['annotations', DRY_RUN]);
  const action = valueAt(spec, ['action']) ?? 'ALLOW';
  if (typeof value !== 'string' || isTemplateText(value)) return [];
  const at = { path: ['metadata', 'annotations', DRY_RUN], refusedBy: 'webhook' } as const;
  if (action === 'AUDIT' || action === 'CUSTOM')
    return [{ ...at, ...leftOut(value, `there is a dry run of the actions ALLOW and DENY only, not of ${action}`) }];
  return BOOLEAN.test(value) ? [] : [{ ...at, ...malformed(value, "'true' or 'false'") }];
}
