import { boolean, type Infer, list, object, string } from './field.ts';
import type { KindDefinition, Resource } from './resource.ts';

const spec = object(
  'CertificateSpec',
  { secretName: string(), commonName: string(), dnsNames: list(string()), uris: list(string()), isCA: boolean() },
  { open: true },
);

/** cert-manager.io Certificate: cert-manager makes the Secret `secretName`, with the keys tls.crt, tls.key and, as the issuer has one, ca.crt. */
export const certificate = { kind: 'Certificate', group: 'cert-manager.io', scope: 'Namespaced', root: 'spec', spec } as const satisfies KindDefinition;

export type Certificate = Resource<'Certificate', Infer<typeof spec>>;
