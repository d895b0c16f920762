/** JWT rules (pkg/config/validation/validation.go, validateJwtRule; CEL rules `ra-…`). */
import type { Path } from '../../yaml/locate.ts';
import type { Check } from '../field.ts';
import { conflict, malformed, missing } from './problem.ts';

/** RA1 (API server: `ra-uri-scheme`). */
export const jwksUri: Check<string> = (value, report) => {
  if (value !== '' && !/^https?:/i.test(value)) report([], malformed(value, "a URL that starts with 'https://' or 'http://'"), 'api-server');
};

interface Rule {
  readonly issuer?: string;
  readonly jwksUri?: string;
  readonly jwks_uri?: string;
  readonly jwks?: string;
}

/** RA3 (API server: `ra-jwks-xor-uri`; empty ones count). */
export const oneKeySource: Check<Rule> = (rule, report) => {
  const [first, ...others] = (['jwksUri', 'jwks_uri', 'jwks'] as const).filter((field) => rule[field] !== undefined).map((field): Path => [field]);
  if (first && others.length > 0) report(first, conflict('the keys are either fetched from a URL or written here', ...others), 'api-server');
};

/** RA1 (webhook). Empty texts are refused as such. */
export const someIssuer: Check<Rule> = ({ issuer, jwksUri: uri, jwks_uri: sameUri }, report, { hasUnreadFields }) => {
  if (issuer !== undefined || uri !== undefined || sameUri !== undefined || hasUnreadFields()) return;
  report([], missing('issuer', 'JWTRule', 'a rule says whose tokens it is for'), 'webhook');
};

/** RA1 (webhook): what is no JSON object cannot be a key set. Whether the keys are good is not judged. */
export const keySet: Check<string> = (value, report) => {
  if (value !== '' && !isJsonObject(value)) report([], malformed(value.slice(0, 20), "a JSON Web Key Set: a JSON object with the list 'keys'"), 'webhook');
};

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** RA1 (API server: pattern). */
export const claimHeader: Check<string> = (value, report) => {
  if (value !== '' && !/^[-_A-Za-z\d]+$/.test(value)) report([], malformed(value, "a header's name: letters, digits, '-' and '_'"), 'api-server');
};
