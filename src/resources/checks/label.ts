/** Labels of workloads (pkg/config/labels/instance.go) and the selectors that ask for them. */
import type { Path } from '../../yaml/locate.ts';
import type { Check } from '../field.ts';
import { malformed } from './problem.ts';

const DNS_LABEL = '[a-zA-Z\\d](?:[-a-zA-Z\\d]*[a-zA-Z\\d])?';
const NAME = '(?:[A-Za-z\\d][-A-Za-z\\d_.]*)?[A-Za-z\\d]';
const KEY = new RegExp(`^(?:(${DNS_LABEL}(?:\\.${DNS_LABEL})*)/)?(${NAME})$`);
const VALUE = new RegExp(`^(?:${NAME})?$`);
const MAX_PREFIX = 253;
const MAX_NAME = 63;

/** A label's key in Kubernetes' syntax: `app`, `app.kubernetes.io/name`. */
export function isLabelKey(key: string): boolean {
  const match = KEY.exec(key);
  return match !== null && (match[1] ?? '').length <= MAX_PREFIX && (match[2] ?? '').length <= MAX_NAME;
}

/** SE25, DR11, VS10 (webhook): a map of labels. */
export const labels: Check<Readonly<Record<string, string>>> = (value, report) => {
  for (const [key, text] of Object.entries(value)) {
    if (!isLabelKey(key)) report([key], malformed(key, "a label's key, like 'app' or 'app.kubernetes.io/name'"), 'webhook');
    if (!VALUE.test(text)) report([key], malformed(text, "a label's value: letters, digits, '-', '_' and '.', with a letter or digit at both ends"), 'webhook');
  }
};

const NO_WILDCARD = "plain text: a selector compares whole labels and knows no '*'";

/** SE8, SC3, DR21 (API server): `*` in a value of a selector. */
export const selectorValue: Check<string> = (value, report) => {
  if (value.includes('*')) report([], malformed(value, NO_WILDCARD), 'api-server');
};

const selectorKeys =
  (refusedBy: 'api-server' | 'webhook'): Check<Readonly<Record<string, string>>> =>
  (value, report) => {
    for (const key of Object.keys(value)) {
      const path: Path = [key];
      if (key === '') report(path, malformed(key, "a label's key; it is empty"), refusedBy);
      else if (key.includes('*')) report(path, malformed(key, NO_WILDCARD), refusedBy);
    }
  };

/** SE8, SC3 (webhook): an empty key or one with `*`. */
export const workloadSelectorKeys = selectorKeys('webhook');

/** DR21 (API server): the same in the selectors that policies share. */
export const policySelectorKeys = selectorKeys('api-server');
