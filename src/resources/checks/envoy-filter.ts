/** EnvoyFilters, as far as they are Istio's own fields (pkg/config/validation/envoyfilter/envoyfilter.go; CEL rule `ef-waypoint`). */
import type { Path } from '../../yaml/locate.ts';
import type { Check, ReportProblem } from '../field.ts';
import { conflict, malformed, missing } from './problem.ts';
import { expectedRegex } from './regular-expression.ts';

interface Filter {
  readonly name?: string;
  readonly subFilter?: { readonly name?: string };
}

interface Match {
  readonly context: string;
  readonly listener?: { readonly filterChain?: { readonly filter?: Filter } };
  readonly routeConfiguration?: unknown;
  readonly cluster?: unknown;
}

interface ConfigPatch {
  readonly applyTo: string;
  readonly match?: Match;
  readonly patch?: { readonly operation: string };
}

/** EF2 (webhook). A long one is ignored with a warning. */
export const proxyVersion: Check<string> = (value, report) => {
  const expected = value === '' || value.length > 1024 ? undefined : expectedRegex(value);
  if (expected !== undefined) report([], malformed(value, expected), 'webhook');
};

/** EF4 (API server: `ef-waypoint`). */
export const waypointOnly: Check<Match> = ({ context }, report, { isSet }) => {
  if (context === 'WAYPOINT' && !isSet(['waypoint'])) {
    const why = "with context WAYPOINT the match is said under 'waypoint' ('waypoint: {}' matches all)";
    report([], missing('waypoint', 'EnvoyConfigObjectMatch', why), 'api-server');
  } else if (context !== 'WAYPOINT' && isSet(['waypoint'])) {
    report(['waypoint'], conflict("'waypoint' goes with context WAYPOINT only", ['context']), 'api-server');
  }
};

/** EF2 (webhook): a patch says what it changes, how, and to what. Those for waypoints are not looked at. */
export const wholePatch: Check<ConfigPatch> = ({ applyTo, match, patch }, report, { isSet, hasUnreadFields }) => {
  if (match?.context === 'WAYPOINT' || hasUnreadFields()) return;
  if (applyTo === 'INVALID') report([], missing('applyTo', 'EnvoyConfigObjectPatch', 'it says which part of the configuration is changed'), 'webhook');
  else if (!patch) report([], missing('patch', 'EnvoyConfigObjectPatch', 'it says what is changed'), 'webhook');
  else if (patch.operation === 'INVALID') report(['patch'], missing('operation', 'Patch', 'it says how the value goes in: MERGE, ADD, REMOVE …'), 'webhook');
  else if (patch.operation !== 'REMOVE' && !isSet(['patch', 'value'])) {
    report(['patch'], missing('value', 'Patch', `operation ${patch.operation} needs a piece of Envoy's configuration`), 'webhook');
  }
};

const OBJECTS = ['listener', 'routeConfiguration', 'cluster', 'waypoint'] as const;

/** EF2: the match that each sort of patch takes. */
const MATCH_OF: Readonly<Record<string, 'listener' | 'routeConfiguration' | 'cluster'>> = {
  LISTENER: 'listener',
  FILTER_CHAIN: 'listener',
  NETWORK_FILTER: 'listener',
  HTTP_FILTER: 'listener',
  ROUTE_CONFIGURATION: 'routeConfiguration',
  VIRTUAL_HOST: 'routeConfiguration',
  HTTP_ROUTE: 'routeConfiguration',
  CLUSTER: 'cluster',
};

/** EF2 (webhook): `match` and `applyTo` speak of the same sort of thing. */
export const fittingMatch: Check<ConfigPatch> = ({ applyTo, match }, report, { isSet }) => {
  const due = MATCH_OF[applyTo];
  if (due === undefined || !match || match.context === 'WAYPOINT') return;
  const [given] = OBJECTS.filter((object) => isSet(['match', object]));
  if (given === undefined) return;
  if (given !== due) {
    report(['match', given], conflict(`a patch of ${applyTo} is matched by '${due}'`, ['applyTo']), 'webhook');
    return;
  }
  const filter = match.listener?.filterChain?.filter;
  if (due === 'listener' && filter) filterMatch(filter, applyTo, report);
};

const CONNECTION_MANAGERS: readonly string[] = ['envoy.filters.network.http_connection_manager', 'envoy.http_connection_manager'];

function filterMatch({ name = '', subFilter }: Filter, applyTo: string, report: ReportProblem): void {
  const path: Path = ['match', 'listener', 'filterChain', 'filter'];
  if (name === '') {
    report(path, missing('name', 'FilterMatch', 'a filter is matched by its name'), 'webhook');
  } else if (!subFilter) return;
  else if (applyTo !== 'HTTP_FILTER') {
    report([...path, 'subFilter'], conflict(`only a patch of HTTP_FILTER looks for a filter within a filter, not one of ${applyTo}`, ['applyTo']), 'webhook');
  } else if (!CONNECTION_MANAGERS.includes(name)) {
    report([...path, 'name'], malformed(name, `'${CONNECTION_MANAGERS[0]}', which alone has filters within`), 'webhook');
  } else if (!subFilter.name) {
    report([...path, 'subFilter'], missing('name', 'SubFilterMatch', 'a filter is matched by its name'), 'webhook');
  }
}
