/** Parts that routes are made of: destinations, matches of texts, percentages (pkg/config/validation/validation.go). */
import type { Check } from '../field.ts';
import { subsetName } from './host-name.ts';
import { malformed, missing, outOfRange } from './problem.ts';
import { expectedRegex } from './regular-expression.ts';

/** VS23 (webhook): the empty text is as good as no subset. */
export const optionalSubset: Check<string> = (value, report, context) => {
  if (value !== '') subsetName(value, report, context);
};

/** VS23 (webhook): `port` with a number that is none. */
export const destinationPort: Check<{ readonly port?: { readonly number?: number } }> = ({ port }, report, { isSet }) => {
  if (!port) return;
  if (!isSet(['port', 'number'])) report(['port'], missing('number', 'PortSelector', 'a destination with a port needs its number'), 'webhook');
  else if (port.number !== undefined && (port.number < 1 || port.number > 65_535)) report(['port', 'number'], outOfRange(port.number, '1 to 65535'), 'webhook');
};

/** VS10, VS15, VS22 (webhook): RE2 syntax, not empty. */
export const regex: Check<string> = (value, report) => {
  const expected = expectedRegex(value);
  if (expected !== undefined) report([], malformed(value, expected), 'webhook');
};

/** VS15 (webhook): the same where an empty text has a problem of its own. */
export const regexOrEmpty: Check<string> = (value, report, context) => {
  if (value !== '') regex(value, report, context);
};

/** VS10 (webhook): in `withoutHeaders` a lone `*` stands for "whatever the value". */
export const regexOrStar: Check<string> = (value, report, context) => {
  if (value !== '*') regex(value, report, context);
};

/** VS10 (webhook): an empty prefix, which Envoy takes for paths only. */
export const prefix: Check<string> = (value, report) => {
  if (value === '') report([], malformed(value, 'a text to start with; it is empty'), 'webhook');
};

/** VS22 (webhook): an origin that is matched with nothing. */
export const origin: Check<{ readonly exact?: string; readonly prefix?: string; readonly regex?: string }> = (match, report, { isSet }) => {
  if (match.exact || match.prefix || match.regex || isSet(['regex'])) return;
  report([], { ...malformed('', "a match of an origin, like {exact: 'https://shop.example.com'}"), value: 'an empty match' }, 'webhook');
};

/** VS20 (webhook): a percentage of requests to mirror. */
export const percentOfMirror: Check<number> = (value, report) => {
  if (!(value >= 0 && value <= 100)) report([], outOfRange(value, '0 to 100'), 'webhook');
};

/** VS18 (webhook): a percentage of requests to spoil, which Envoy counts in millionths. */
export const percentOfFault: Check<number> = (value, report) => {
  if (!(value === 0 || (value >= 0.0001 && value <= 100))) report([], outOfRange(value, '0, or 0.0001 to 100'), 'webhook');
};

/** VS24 (webhook): destinations of which none gets anything. A lone one gets everything, whatever its weight. */
export const someWeight: Check<readonly { readonly weight?: number }[]> = (destinations, report, { hasUnreadFields }) => {
  const weights = destinations.map(({ weight = 0 }) => weight);
  if (weights.length < 2 || weights.some((weight) => weight < 0) || weights.some((weight) => weight > 0)) return;
  if (hasUnreadFields('weight')) return;
  const expected = 'destinations of which at least one has a weight above 0';
  report([], { ...malformed('0 in total', expected), remedy: "give the destinations a 'weight' that says their share of the requests" }, 'webhook');
};

/** VS29 (webhook): a rule of `tcp` or `tls` that leads nowhere. */
export const someRoute =
  (within: 'TCPRoute' | 'TLSRoute'): Check<{ readonly route: readonly unknown[] }> =>
  ({ route }, report, { hasUnreadFields }) => {
    if (route.length === 0 && !hasUnreadFields()) report([], missing('route', within, 'a rule has to lead to at least one destination'), 'webhook');
  };
