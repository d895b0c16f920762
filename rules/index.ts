import { OWN_RULES } from '../src/engine/own-rules.ts';
import type { AnyRule } from '../src/engine/rule.ts';
import mismatchedClientTls from './gateways/mismatched-client-tls.ts';
import missingClientMtls from './gateways/missing-client-mtls.ts';
import unknownGateway from './gateways/unknown-gateway.ts';
import sidecarHostFormat from './visibility/sidecar-host-format.ts';
import sidecarImportsNothing from './visibility/sidecar-imports-nothing.ts';
import sidecarListenerMismatch from './visibility/sidecar-listener-mismatch.ts';

/** Every rule, sorted by code. Written by `node src/scripts/rule-index.mjs`; a test compares it with the directory. */
export const RULES: readonly AnyRule[] = [
  sidecarHostFormat,
  sidecarImportsNothing,
  sidecarListenerMismatch,
  unknownGateway,
  missingClientMtls,
  mismatchedClientTls,
  ...OWN_RULES,
];
