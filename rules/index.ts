import { OWN_RULES } from '../src/engine/own-rules.ts';
import type { AnyRule } from '../src/engine/rule.ts';
import incompleteServerTls from './gateways/incomplete-server-tls.ts';
import mismatchedClientTls from './gateways/mismatched-client-tls.ts';
import missingClientMtls from './gateways/missing-client-mtls.ts';
import unknownGateway from './gateways/unknown-gateway.ts';
import cidrWithDns from './hosts/cidr-with-dns.ts';
import severalRoundRobinEndpoints from './hosts/several-round-robin-endpoints.ts';
import sniOutsideHosts from './hosts/sni-outside-hosts.ts';
import staticWithoutEndpoints from './hosts/static-without-endpoints.ts';
import unknownEndpointPort from './hosts/unknown-endpoint-port.ts';
import wildcardWithDns from './hosts/wildcard-with-dns.ts';
import unknownRuleName from './linter/unknown-rule-name.ts';
import unreadableFile from './linter/unreadable-file.ts';
import unusedSuppression from './linter/unused-suppression.ts';
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
import sidecarHostFormat from './visibility/sidecar-host-format.ts';
import sidecarImportsNothing from './visibility/sidecar-imports-nothing.ts';
import sidecarListenerMismatch from './visibility/sidecar-listener-mismatch.ts';
import sidecarNotInEffect from './visibility/sidecar-not-in-effect.ts';
import sidecarRestrictsNothing from './visibility/sidecar-restricts-nothing.ts';

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
  wildcardWithDns,
  cidrWithDns,
  severalRoundRobinEndpoints,
  unknownEndpointPort,
  staticWithoutEndpoints,
  sniOutsideHosts,
  sidecarHostFormat,
  sidecarImportsNothing,
  sidecarListenerMismatch,
  sidecarNotInEffect,
  sidecarRestrictsNothing,
  unknownGateway,
  incompleteServerTls,
  missingClientMtls,
  mismatchedClientTls,
  unusedSuppression,
  unknownRuleName,
  unreadableFile,
  ...OWN_RULES,
];
