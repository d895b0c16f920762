import { meantAmong } from '../text/meant-among.ts';
import type { Path } from '../yaml/locate.ts';
import type { Problem } from './field.ts';

type UnknownField = Extract<Problem, { readonly type: 'unknown-field' }>;

/** What the two sides of a handshake call alike: each kind has the words of its own side. */
const OTHER_SIDE: Readonly<Record<string, string>> = { serverCertificate: 'clientCertificate', clientCertificate: 'serverCertificate' };

/** The field that was probably meant by one that does not exist. */
export function meantField({ field, siblings }: Pick<UnknownField, 'field' | 'siblings'>): string | undefined {
  const other = OTHER_SIDE[field];
  return other !== undefined && siblings.includes(other) ? other : meantAmong(field, siblings);
}

/** Whether a field is missing only because it is written under a wrong name, which is a problem of its own. */
export function isWrittenWrong(path: Path, field: string, problems: readonly Problem[]): boolean {
  return problems.some(
    (problem) =>
      problem.type === 'unknown-field' &&
      problem.path.length === path.length + 1 &&
      path.every((step, at) => problem.path[at] === step) &&
      meantField(problem) === field,
  );
}
