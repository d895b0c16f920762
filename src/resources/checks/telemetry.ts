/** Telemetries (pkg/config/validation/validation.go, validateTelemetryTracing, validateTelemetryMetrics; CEL rules `te-…`). */
import type { Check } from '../field.ts';
import { conflict, malformed, missing } from './problem.ts';

/** TE1 (webhook). */
export const tagNames: Check<Readonly<Record<string, unknown>>> = (value, report) => {
  if (Object.hasOwn(value, '')) report([''], malformed('', "a tag's name; it is empty"), 'webhook');
};

/** TE1 (API server: `te-upsert-value`, `te-remove-no-value`; where the operation is not written, webhook). */
export const tagValue: Check<{ readonly operation: 'UPSERT' | 'REMOVE'; readonly value?: string }> = ({ operation, value }, report, context) => {
  if (operation === 'REMOVE') {
    if (value !== undefined) report(['value'], conflict('operation REMOVE takes the tag away, so there is no value', ['operation']), 'api-server');
    return;
  }
  if (value || context.hasUnreadFields()) return;
  const refusedBy = context.isSet(['operation']) ? 'api-server' : 'webhook';
  if (value === '') report(['value'], malformed(value, 'an expression for the value of the tag; it is empty'), refusedBy);
  else report([], missing('value', 'TagOverride', "operation UPSERT, which an omitted one means, sets the tag to 'value'"), refusedBy);
};

const EXPRESSION = "an expression in CEL, like 'response.code >= 500'";

/** TE1 (webhook). Of the expression itself nothing is judged. */
export const someExpression: Check<string> = (value, report) => {
  if (value.trim() === '') report([], malformed(value, `${EXPRESSION}; it is empty`), 'webhook');
};

/** TE1 (webhook). */
export const filterExpression: Check<unknown> = (_filter, report, { isSet, hasUnreadFields }) => {
  if (!isSet(['expression']) && !hasUnreadFields()) report([], missing('expression', 'Filter', `a filter is ${EXPRESSION}`), 'webhook');
};
