/** BackendTLSPolicies (CEL rules of their CRD). The API server refuses, for everybody. */
import type { Check } from '../field.ts';
import { conflict, duplicate, missing } from './problem.ts';

interface Validation {
  readonly caCertificateRefs: readonly unknown[];
  readonly wellKnownCACertificates?: string;
}

export const oneTrust: Check<Validation> = ({ caCertificateRefs, wellKnownCACertificates }, report, { hasUnreadFields }) => {
  if (caCertificateRefs.length > 0 && wellKnownCACertificates) {
    const why = 'the certificate of the backend is verified either with the certificates named here or with those of the operating system';
    report(['wellKnownCACertificates'], conflict(why, ['caCertificateRefs']), 'api-server');
  } else if (caCertificateRefs.length === 0 && !wellKnownCACertificates && !hasUnreadFields()) {
    const why = "the policy says with which CA certificates the backend's is verified: 'caCertificateRefs', or 'wellKnownCACertificates: System'";
    report([], missing('caCertificateRefs', 'BackendTLSPolicyValidation', why), 'api-server');
  }
};

/** A name stands in the field of its type. */
export const nameOfType: Check<{ readonly type?: string; readonly hostname?: string; readonly uri?: string }> = (name, report, { isSet }) => {
  if (name.type === undefined || !isSet(['type'])) return;
  for (const [type, field] of [['Hostname', 'hostname'] as const, ['URI', 'uri'] as const]) {
    if (name.type === type && !isSet([field])) report([], missing(field, 'SubjectAltName', `type ${type} has the name there`), 'api-server');
    if (name.type !== type && name[field]) report([field], conflict(`'${field}' goes with type ${type}`, ['type']), 'api-server');
  }
};

interface Target {
  readonly group?: string;
  readonly kind?: string;
  readonly name?: string;
  readonly sectionName?: string;
}

/** References to one object are told apart by its sections: either all have one or there is but one reference. */
export const distinctTargets: Check<readonly Target[]> = (targets, report) => {
  const seen = new Map<string, { readonly index: number; readonly sections: Map<string, number> }>();
  for (const [index, { group, kind, name = '', sectionName = '' }] of targets.entries()) {
    const identity = JSON.stringify([group, kind, name]);
    const earlier = seen.get(identity);
    if (!earlier) {
      seen.set(identity, { index, sections: new Map([[sectionName, index]]) });
      continue;
    }
    const same = earlier.sections.get(sectionName);
    if (same !== undefined) report([index], duplicate(name, [same], 'the targets'), 'api-server');
    else if (sectionName === '' || earlier.sections.has('')) {
      report([index], conflict(`${kind} ${name} stands here twice, so each of the references needs a sectionName`, [earlier.index]), 'api-server');
    } else earlier.sections.set(sectionName, index);
  }
};
