import { OWN_RULES } from '../src/engine/own-rules.ts';
import type { AnyRule } from '../src/engine/rule.ts';
import backendTlsPolicyNotApplied from './ambient/backend-tls-policy-not-applied.ts';
import ignoredInAmbient from './ambient/ignored-in-ambient.ts';
import missingReferenceGrant from './ambient/missing-reference-grant.ts';
import missingWaypoint from './ambient/missing-waypoint.ts';
import refusingWaypoint from './ambient/refusing-waypoint.ts';
import unattachedRoute from './ambient/unattached-route.ts';
import unknownWaypoint from './ambient/unknown-waypoint.ts';
import unresolvedBackend from './ambient/unresolved-backend.ts';
import conflictingServers from './gateways/conflicting-servers.ts';
import gatewayBypassed from './gateways/gateway-bypassed.ts';
import gatewayPortNotExposed from './gateways/gateway-port-not-exposed.ts';
import gatewaySelectsAll from './gateways/gateway-selects-all.ts';
import gatewaySelectsNothing from './gateways/gateway-selects-nothing.ts';
import incompleteServerTls from './gateways/incomplete-server-tls.ts';
import mismatchedClientTls from './gateways/mismatched-client-tls.ts';
import mismatchedSni from './gateways/mismatched-sni.ts';
import missingClientMtls from './gateways/missing-client-mtls.ts';
import missingGatewayLeg from './gateways/missing-gateway-leg.ts';
import noEndpointsAtGateway from './gateways/no-endpoints-at-gateway.ts';
import plaintextToGateway from './gateways/plaintext-to-gateway.ts';
import routeKindMismatch from './gateways/route-kind-mismatch.ts';
import shadowedGatewayRoutes from './gateways/shadowed-gateway-routes.ts';
import unknownGateway from './gateways/unknown-gateway.ts';
import cidrWithDns from './hosts/cidr-with-dns.ts';
import halfQualifiedHost from './hosts/half-qualified-host.ts';
import ignoredRoute from './hosts/ignored-route.ts';
import ignoredSourceMatch from './hosts/ignored-source-match.ts';
import leakingSubnets from './hosts/leaking-subnets.ts';
import missingDelegate from './hosts/missing-delegate.ts';
import oddHostSpelling from './hosts/odd-host-spelling.ts';
import overlappingSni from './hosts/overlapping-sni.ts';
import routeLoop from './hosts/route-loop.ts';
import severalRoundRobinEndpoints from './hosts/several-round-robin-endpoints.ts';
import shadowedDestinationRule from './hosts/shadowed-destination-rule.ts';
import shadowedServiceEntry from './hosts/shadowed-service-entry.ts';
import shadowedVirtualService from './hosts/shadowed-virtual-service.ts';
import shortHostInOtherNamespace from './hosts/short-host-in-other-namespace.ts';
import sniOutsideHosts from './hosts/sni-outside-hosts.ts';
import staticWithoutEndpoints from './hosts/static-without-endpoints.ts';
import subsetWithoutEndpoints from './hosts/subset-without-endpoints.ts';
import uncoveredSni from './hosts/uncovered-sni.ts';
import undefinedSubset from './hosts/undefined-subset.ts';
import unknownEndpointPort from './hosts/unknown-endpoint-port.ts';
import unlistedMatchGateway from './hosts/unlisted-match-gateway.ts';
import unmatchedRoutePort from './hosts/unmatched-route-port.ts';
import unreachableRoute from './hosts/unreachable-route.ts';
import unregisteredDestination from './hosts/unregistered-destination.ts';
import unregisteredPort from './hosts/unregistered-port.ts';
import unroutedSubsetPolicy from './hosts/unrouted-subset-policy.ts';
import unusedDestinationRule from './hosts/unused-destination-rule.ts';
import uselessServiceEntry from './hosts/useless-service-entry.ts';
import wildcardWithDns from './hosts/wildcard-with-dns.ts';
import unknownRuleName from './linter/unknown-rule-name.ts';
import unreadableFile from './linter/unreadable-file.ts';
import unusedSuppression from './linter/unused-suppression.ts';
import blockingNetworkPolicy from './policy/blocking-network-policy.ts';
import bypassableEgressGateway from './policy/bypassable-egress-gateway.ts';
import bypassedCapture from './policy/bypassed-capture.ts';
import disallowedHost from './policy/disallowed-host.ts';
import emptyAllow from './policy/empty-allow.ts';
import httpAttributesOnTcp from './policy/http-attributes-on-tcp.ts';
import identityWithoutMtls from './policy/identity-without-mtls.ts';
import meshConfigTypo from './policy/mesh-config-typo.ts';
import openEgress from './policy/open-egress.ts';
import outboundPolicyOnClient from './policy/outbound-policy-on-client.ts';
import policySelectsNothing from './policy/policy-selects-nothing.ts';
import requiredEgressGateway from './policy/required-egress-gateway.ts';
import unencryptedEgress from './policy/unencrypted-egress.ts';
import unmatchablePolicy from './policy/unmatchable-policy.ts';
import wildcardEgress from './policy/wildcard-egress.ts';
import collidingTcpPorts from './ports/colliding-tcp-ports.ts';
import httpByAddressRange from './ports/http-by-address-range.ts';
import httpVersionMismatch from './ports/http-version-mismatch.ts';
import portCapturesAllHosts from './ports/port-captures-all-hosts.ts';
import proxyDeclaredHttp from './ports/proxy-declared-http.ts';
import serverFirstProtocol from './ports/server-first-protocol.ts';
import severalHostsOneAddress from './ports/several-hosts-one-address.ts';
import conflictingFields from './schema/conflicting-fields.ts';
import deprecatedApiVersion from './schema/deprecated-api-version.ts';
import deprecatedField from './schema/deprecated-field.ts';
import duplicateResource from './schema/duplicate-resource.ts';
import malformedValue from './schema/malformed-value.ts';
import missingField from './schema/missing-field.ts';
import omittedMode from './schema/omitted-mode.ts';
import outOfRange from './schema/out-of-range.ts';
import snakeCaseField from './schema/snake-case-field.ts';
import templateText from './schema/template-text.ts';
import unknownField from './schema/unknown-field.ts';
import unknownValue from './schema/unknown-value.ts';
import unparsableYaml from './schema/unparsable-yaml.ts';
import wrongType from './schema/wrong-type.ts';
import yamlBoolean from './schema/yaml-boolean.ts';
import credentialInWrongNamespace from './tls/credential-in-wrong-namespace.ts';
import credentialWithoutSelector from './tls/credential-without-selector.ts';
import hostHeaderAsSni from './tls/host-header-as-sni.ts';
import ignoredCertificate from './tls/ignored-certificate.ts';
import incompleteCredential from './tls/incomplete-credential.ts';
import meshIdentityToExternal from './tls/mesh-identity-to-external.ts';
import missingCredential from './tls/missing-credential.ts';
import missingSni from './tls/missing-sni.ts';
import plaintextToTlsPort from './tls/plaintext-to-tls-port.ts';
import portLevelSettingsDropTls from './tls/port-level-settings-drop-tls.ts';
import portLevelSettingsUnmatched from './tls/port-level-settings-unmatched.ts';
import portProtocolMismatch from './tls/port-protocol-mismatch.ts';
import skippedVerification from './tls/skipped-verification.ts';
import starttlsDeclaredTls from './tls/starttls-declared-tls.ts';
import tlsOriginatedTwice from './tls/tls-originated-twice.ts';
import tlsToPlaintextPort from './tls/tls-to-plaintext-port.ts';
import unverifiedServerName from './tls/unverified-server-name.ts';
import hiddenFromClients from './visibility/hidden-from-clients.ts';
import hiddenFromGateway from './visibility/hidden-from-gateway.ts';
import ineffectivePeerAuthentication from './visibility/ineffective-peer-authentication.ts';
import sidecarHidesDestination from './visibility/sidecar-hides-destination.ts';
import sidecarHostFormat from './visibility/sidecar-host-format.ts';
import sidecarImportsNothing from './visibility/sidecar-imports-nothing.ts';
import sidecarListenerMismatch from './visibility/sidecar-listener-mismatch.ts';
import sidecarNotInEffect from './visibility/sidecar-not-in-effect.ts';
import sidecarRestrictsNothing from './visibility/sidecar-restricts-nothing.ts';
import undiscoveredNamespace from './visibility/undiscovered-namespace.ts';
import unknownExportNamespace from './visibility/unknown-export-namespace.ts';

/** Every rule, sorted by code. Written by `node src/scripts/rule-index.mjs`; a test compares it with the directory. */
export const RULES: readonly AnyRule[] = [
  unparsableYaml,
  templateText,
  unknownField,
  snakeCaseField,
  missingField,
  wrongType,
  unknownValue,
  outOfRange,
  conflictingFields,
  malformedValue,
  yamlBoolean,
  deprecatedApiVersion,
  deprecatedField,
  omittedMode,
  duplicateResource,
  tlsOriginatedTwice,
  plaintextToTlsPort,
  tlsToPlaintextPort,
  portProtocolMismatch,
  portLevelSettingsDropTls,
  portLevelSettingsUnmatched,
  starttlsDeclaredTls,
  credentialWithoutSelector,
  credentialInWrongNamespace,
  unverifiedServerName,
  skippedVerification,
  missingSni,
  meshIdentityToExternal,
  ignoredCertificate,
  missingCredential,
  incompleteCredential,
  hostHeaderAsSni,
  halfQualifiedHost,
  shortHostInOtherNamespace,
  unregisteredDestination,
  unregisteredPort,
  undefinedSubset,
  subsetWithoutEndpoints,
  oddHostSpelling,
  wildcardWithDns,
  cidrWithDns,
  severalRoundRobinEndpoints,
  unknownEndpointPort,
  staticWithoutEndpoints,
  uselessServiceEntry,
  shadowedServiceEntry,
  shadowedVirtualService,
  overlappingSni,
  unreachableRoute,
  ignoredRoute,
  unmatchedRoutePort,
  unlistedMatchGateway,
  leakingSubnets,
  unusedDestinationRule,
  shadowedDestinationRule,
  unroutedSubsetPolicy,
  routeLoop,
  sniOutsideHosts,
  uncoveredSni,
  missingDelegate,
  ignoredSourceMatch,
  portCapturesAllHosts,
  collidingTcpPorts,
  httpByAddressRange,
  severalHostsOneAddress,
  serverFirstProtocol,
  proxyDeclaredHttp,
  httpVersionMismatch,
  sidecarHostFormat,
  sidecarImportsNothing,
  sidecarListenerMismatch,
  sidecarHidesDestination,
  sidecarNotInEffect,
  sidecarRestrictsNothing,
  hiddenFromGateway,
  hiddenFromClients,
  unknownExportNamespace,
  undiscoveredNamespace,
  ineffectivePeerAuthentication,
  unknownGateway,
  gatewayBypassed,
  missingGatewayLeg,
  gatewayPortNotExposed,
  routeKindMismatch,
  incompleteServerTls,
  missingClientMtls,
  mismatchedClientTls,
  gatewaySelectsNothing,
  gatewaySelectsAll,
  mismatchedSni,
  conflictingServers,
  noEndpointsAtGateway,
  plaintextToGateway,
  shadowedGatewayRoutes,
  meshConfigTypo,
  policySelectsNothing,
  identityWithoutMtls,
  httpAttributesOnTcp,
  outboundPolicyOnClient,
  emptyAllow,
  blockingNetworkPolicy,
  bypassedCapture,
  bypassableEgressGateway,
  openEgress,
  wildcardEgress,
  unencryptedEgress,
  unmatchablePolicy,
  disallowedHost,
  requiredEgressGateway,
  missingWaypoint,
  unknownWaypoint,
  refusingWaypoint,
  ignoredInAmbient,
  unattachedRoute,
  unresolvedBackend,
  backendTlsPolicyNotApplied,
  missingReferenceGrant,
  unusedSuppression,
  unknownRuleName,
  unreadableFile,
  ...OWN_RULES,
];
