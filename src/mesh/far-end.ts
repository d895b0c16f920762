import type { ServiceEntry } from '../resources/service-entry.ts';
import type { RegisteredHost, RegisteredPort } from './registry.ts';

const TLS_PORTS = new Set([443, 8443, 9443, 6443, 465, 636, 853, 993, 995, 5671, 8883, 9093]);
const PLAINTEXT_PORTS = new Set([80, 8000, 8080]);

/**
 * What servers outside of the mesh expect on a port: by the custom of the port, for no file says it.
 * @returns undefined where custom does not decide: then nothing may follow from it
 */
export function farEndExpects(port: number): 'tls' | 'plaintext' | undefined {
  if (TLS_PORTS.has(port)) return 'tls';
  return PLAINTEXT_PORTS.has(port) ? 'plaintext' : undefined;
}

/** The ports of the servers behind a port of a registered host: its `targetPort`, or what endpoints map it to. */
export function serverPorts({ resource }: RegisteredHost, { number, name, index }: RegisteredPort): readonly number[] {
  if (resource.kind !== 'ServiceEntry') return [number];
  // A union of two kinds that their `kind` does not tell apart for the compiler.
  const { ports, endpoints } = (resource as ServiceEntry).spec;
  const target = ports[index]?.targetPort || number;
  return endpoints.length === 0 ? [target] : endpoints.map((endpoint) => endpoint.ports[name] ?? target);
}
