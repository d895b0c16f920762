import type { AuthorizationPolicy } from '../resources/authorization-policy.ts';
import type { Path } from '../yaml/locate.ts';

type Rule = AuthorizationPolicy['spec']['rules'][number];

/** An attribute that only HTTP requests have. */
export interface RequestAttribute {
  readonly path: Path;
  readonly attribute: string;
  /** Whether the rule asks for nothing else. */
  readonly isAlone: boolean;
  /** The ports that the rule names beside it; none means all. */
  readonly ports: readonly string[];
}

const OF_REQUESTS = ['hosts', 'notHosts', 'methods', 'notMethods', 'paths', 'notPaths'] as const;
const OF_USERS = ['requestPrincipals', 'notRequestPrincipals'] as const;

/** P-4: the first attribute of a rule that connections of TLS or TCP do not have. */
export function requestAttributeIn({ from, to, when }: Rule, path: Path): RequestAttribute | undefined {
  for (const [index, { operation }] of to.entries()) {
    const attribute = OF_REQUESTS.find((key) => (operation?.[key].length ?? 0) > 0);
    if (!attribute) continue;
    const { ports = [], notPorts = [] } = operation ?? {};
    const isAlone = to.length === 1 && ports.length + notPorts.length === 0 && from.length === 0 && when.length === 0;
    return { path: [...path, 'to', index, 'operation', attribute], attribute, isAlone, ports };
  }
  const rest = { isAlone: false, ports: [] };
  for (const [index, { source }] of from.entries()) {
    const attribute = OF_USERS.find((key) => (source?.[key].length ?? 0) > 0);
    if (attribute) return { path: [...path, 'from', index, 'source', attribute], attribute, ...rest };
  }
  const condition = when.findIndex(({ key = '' }) => key.startsWith('request.'));
  const key = when[condition]?.key;
  return key === undefined ? undefined : { path: [...path, 'when', condition, 'key'], attribute: key, ...rest };
}
