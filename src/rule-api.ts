/** What a rule may import: everything else reaches it through its context. Published as `egress-lint/rule`. */
export type { Confidence, Severity } from './engine/finding.ts';
export { pathText } from './engine/place.ts';
export { type Change, defineRule, type FixPlan, type Place, type ResourcePlace, type RuleContext } from './engine/rule.ts';
export { admittedHost, admittingServers, gatewaysMeant, type PlacedServer, portsOf, serversOf } from './mesh/bound-gateways.ts';
export { CAPTURE_ANNOTATIONS, hopPast, isReadFromPods, steeredPorts, uncapturedBy } from './mesh/capture.ts';
export { isAmbient, isGatewayWorkload, stockGatewayWith } from './mesh/client-namespaces.ts';
export { type ServerConflict, serverConflicts } from './mesh/conflicting-servers.ts';
export type { CredentialHolder } from './mesh/credential-holders.ts';
export { type CredentialPart, type CredentialUse, holdersOf, holdsPart, isCredential } from './mesh/credential-uses.ts';
export { type EgressHostPlace, egressHostsByEntry } from './mesh/egress-hosts-by-entry.ts';
export { farEndExpects, serverPorts } from './mesh/far-end.ts';
export {
  type Detachment,
  detachmentOf,
  type GatewayApiRoute,
  groupMeant,
  type Parent,
  type ParentGateway,
  parentGateway,
  parentOf,
} from './mesh/gateway-api-routes.ts';
export type { GatewayHop } from './mesh/gateway-hops.ts';
export { type GatewayLeg, gatewayLegs, type LegMatch, sectionFor } from './mesh/gateway-legs.ts';
export { type ListenedPorts, listenedPorts } from './mesh/gateway-ports.ts';
export { type GatewayReference, MESH, resolveGateway } from './mesh/gateway-reference.ts';
export { hiddenFromClients } from './mesh/hidden-from-clients.ts';
export { type HiddenFromGateway, hiddenFromGateways } from './mesh/hidden-from-gateways.ts';
export { tlsOfHop } from './mesh/hop-tls.ts';
export { expandShortName, isSubsetOf, isWildcard, overlaps } from './mesh/host-name.ts';
export { type HostReference, hostReference } from './mesh/host-reference.ts';
export { type RoutedPort, routedPorts } from './mesh/hosts-in-view.ts';
export { httpMatchCovers, isCatchAll } from './mesh/http-match.ts';
export { isLocalName, keptHosts } from './mesh/kept-hosts.ts';
export { fitsSelector, namespaceLabels } from './mesh/label-selector.ts';
export type { LoadedFile } from './mesh/load.ts';
export { canonicalGateway, isForMesh, isForMeshAlone, type ScopedMatch, scopeCovers, scopedMatches } from './mesh/match-scope.ts';
export type { Mesh } from './mesh/mesh.ts';
export { importsAnything, type MissedImport, MissedImports } from './mesh/missed-imports.ts';
export { legsOnNoPort, UnadmittedRoutes, unroutedHost } from './mesh/missing-legs.ts';
export { destinationHosts, type NamedHost, policyHosts, routedHosts } from './mesh/named-hosts.ts';
export { allowsAnywhere, allowsEverywhere, mayReach, restrictsEgress, servicePortsInEgress } from './mesh/network-policies.ts';
export type { Origination } from './mesh/originations.ts';
export { danglingAlias, holdsRegistrationsBeside, hostMeant, isOutsideHost, mayHoldMoreHosts } from './mesh/outside-hosts.ts';
export { GuardedGateways, type ServerOfGateway, seesIdentity } from './mesh/policy-gateways.ts';
export { type GatewayPlace, GatewaysElsewhere } from './mesh/policy-namespace.ts';
export { protocolGroup } from './mesh/protocol.ts';
export { backendsElsewhere, type CrossNamespaceReference, certificatesElsewhere, isGranted } from './mesh/reference-grants.ts';
export { type RegisteredHost, type RegisteredPort, registeredAt } from './mesh/registry.ts';
export { type SubsetDestination, subsetDestinations } from './mesh/routed-subsets.ts';
export { appliesToGateway, appliesToMesh } from './mesh/routes.ts';
export { type ServerTlsDefect, serverTlsDefect } from './mesh/server-tls.ts';
export { catchAllPorts, isSeenFrom, isSoundEntry, mayCaptureDns, tcpCollisions } from './mesh/shared-listeners.ts';
export { hiddenEntries, hiddenHops } from './mesh/sidecar-hiding.ts';
export { importedBy, isExcluded, isMeshWide, outboundPolicyOf, parseSidecarHost, type SidecarHost, unimportedSymptom } from './mesh/sidecar-imports.ts';
export { restrictsImports, SidecarScopes } from './mesh/sidecar-scopes.ts';
export { sortedByAge } from './mesh/sorted-by-age.ts';
export { isStockHost, STOCK } from './mesh/stock-gateways.ts';
export { clientsWithoutSubset } from './mesh/subset-clients.ts';
export { isTemplated, isWrittenByKustomize } from './mesh/template-paths.ts';
export { portLedToTls, readerOf, tlsPortAt } from './mesh/tls-ports.ts';
export { type PlacedPolicy, type PlacedTls, policiesOf, tlsAround, tlsSettingsOf } from './mesh/traffic-policies.ts';
export { haveSamePorts, mergeObstacle, portLostTo } from './mesh/twice-registered.ts';
export { undefinedSubset } from './mesh/undefined-subsets.ts';
export { serverFirstProtocol } from './mesh/usual-protocols.ts';
export { hasWaypoint, isWaypoint, objectsWithWaypoint, refusalOf, waypointsMeant } from './mesh/waypoints.ts';
export { belongsTo, homesOf } from './resources/belongs-to.ts';
export { deprecatedParts } from './resources/deprecated-parts.ts';
export type { Problem, RefusedBy } from './resources/field.ts';
/** What options of a rule are described with. */
export * as field from './resources/field.ts';
export type { KindName, ResourceByKind } from './resources/kinds.ts';
export type { Resource } from './resources/resource.ts';
export { nameOf } from './resources/resource-name.ts';
export { writtenText } from './resources/written-text.ts';
export { meantAmong } from './text/meant-among.ts';
export { nearest } from './text/nearest.ts';
export { slipOf } from './text/slip.ts';
export { describe, SYMPTOMS } from './traffic/outcomes/symptoms.ts';
export { onceRepaired, refusal, whileRefused } from './traffic/outcomes/while-refused.ts';
export { ClientAccess } from './traffic/probes/client-access.ts';
export type { FailingPath } from './traffic/probes/failing-paths.ts';
export { missedRule } from './traffic/probes/missed-rule.ts';
export { type PastGateway, pastGateways, type RequiredGateway } from './traffic/probes/past-gateways.ts';
export { callOf, missedAt, storyOf, targetPortOf } from './traffic/probes/path-text.ts';
export type { Path } from './yaml/locate.ts';
