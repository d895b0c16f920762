import type { Sidecar } from '../resources/sidecar.ts';
import { slipOf } from '../text/slip.ts';
import { isSubsetOf, serviceHost } from './host-name.ts';
import type { Mesh } from './mesh.ts';
import type { RegisteredHost } from './registry.ts';
import { importedBy, parseSidecarHost, type SidecarHost } from './sidecar-imports.ts';

type Listener = Sidecar['spec']['egress'][number];

/** Beyond this many names in one namespace a likeness is chance. */
const MAX_CANDIDATES = 500;

/** What an egress host that imports nothing was probably meant for. */
export interface MissedImport {
  /** Registered and not exported; registered in another namespace; as a wildcard; under a name that differs by a slip; a Service where a namespace is due. */
  readonly why: 'hidden' | 'otherNamespace' | 'wildcard' | 'nearMiss' | 'service';
  readonly registered: RegisteredHost;
  /** The egress host that imports it; undefined where none does, for it is hidden. */
  readonly fixed: string | undefined;
}

/** Whether an egress host imports a registration, or the VirtualService of its namespace that it is there for (docs/traffic-model.md, S-4, S-5). */
export function importsAnything(mesh: Mesh, sidecar: Sidecar, host: SidecarHost): boolean {
  if (importedBy(sidecar, host, mesh.registry).length > 0) return true;
  const { virtualServices } = mesh;
  // Where the namespace is a star, what leads the host to a gateway counts wherever it stands: only the gateway may have to know the ServiceEntry.
  if (host.namespace === undefined) return virtualServices.overlapping(host.dnsName).some((each) => virtualServices.isVisible(each, sidecar.namespace));
  return virtualServices.importedBy(host.namespace, host.dnsName, sidecar.namespace).length > 0;
}

/** Why exact egress hosts import nothing, where the files show it (docs/traffic-model.md, S-4, V-5). Keeps the answers about names that are alike. */
export class MissedImports {
  private readonly mesh: Mesh;
  private readonly slips = new Map<string, string | undefined>();

  constructor(mesh: Mesh) {
    this.mesh = mesh;
  }

  /** @returns undefined where nothing in view says what was meant, or where the listener imports that by another entry */
  find(sidecar: Sidecar, listener: Listener, host: SidecarHost): MissedImport | undefined {
    const { registry } = this.mesh;
    const isVisible = (each: RegisteredHost) => registry.isVisible(each, sidecar.namespace);
    const isKnown = (each: RegisteredHost) => this.isKnown(each, sidecar, host);
    const here = this.covering(host.namespace, host.dnsName).filter(isKnown);
    const hidden = here.find((each) => each.host === host.dnsName);
    if (hidden) return this.mesh.hasKnownNamespace(sidecar) ? { why: 'hidden', registered: hidden, fixed: undefined } : undefined;

    const elsewhere = registry.named(host.dnsName).find((each) => isVisible(each) && isKnown(each));
    const found = elsewhere ?? here.find(isVisible) ?? this.nearMiss(host, (each) => isKnown(each) && isVisible(each));
    if (!found || importsFrom(found, listener, sidecar)) return undefined;
    if (found === elsewhere) {
      const part = found.namespace === sidecar.namespace ? '.' : found.namespace;
      return { why: 'otherNamespace', registered: found, fixed: `${part}/${host.dnsName}` };
    }
    return { why: here.includes(found) ? 'wildcard' : 'nearMiss', registered: found, fixed: `${host.namespacePart}/${found.host}` };
  }

  /**
   * The Service of the Sidecar's own namespace that stands in an egress host where a namespace is due (`orders/*`).
   * @returns undefined where there is none, where anything in view is in a namespace of that name, or where the listener imports the Service by another entry
   */
  serviceFor(sidecar: Sidecar, listener: Listener, host: SidecarHost): MissedImport | undefined {
    const { mesh } = this;
    const { namespacePart: name, dnsName } = host;
    if (dnsName !== '*' || name === '.' || name === '*' || !mesh.hasKnownNamespace(sidecar)) return undefined;
    const service = mesh.named('Service', sidecar.namespace, name).find((each) => mesh.belongTogether(sidecar, each));
    const registered = service && mesh.registry.named(serviceHost(name, sidecar.namespace, mesh.config.clusterDomain))[0];
    if (!registered || mesh.named('Namespace', '', name).length > 0 || mesh.workloadNamespaces.includes(name)) return undefined;
    if (importsFrom(registered, listener, sidecar) || importsAnything(mesh, sidecar, host)) return undefined;
    return { why: 'service', registered, fixed: `./${registered.host}` };
  }

  /** What `.` means, or where the registration lands, is known only once `kubectl -n` says it. */
  private isKnown({ resource }: RegisteredHost, sidecar: Sidecar, { namespacePart }: SidecarHost): boolean {
    const { mesh } = this;
    return (namespacePart !== '.' || mesh.hasKnownNamespace(sidecar)) && mesh.hasKnownNamespace(resource) && mesh.belongTogether(sidecar, resource);
  }

  private covering(namespace: string | undefined, name: string): readonly RegisteredHost[] {
    const { registry } = this.mesh;
    return namespace === undefined ? registry.covering(name) : registry.ofNamespace(namespace).covering(name);
  }

  private nearMiss({ namespace, dnsName }: SidecarHost, isMeant: (each: RegisteredHost) => boolean): RegisteredHost | undefined {
    const near = namespace === undefined ? undefined : this.slipIn(namespace, dnsName);
    return near === undefined ? undefined : this.covering(namespace, near).find((each) => each.host === near && isMeant(each));
  }

  /** The host of a namespace that a name is a slip of; each question is answered once. */
  private slipIn(namespace: string, name: string): string | undefined {
    const key = `${namespace}/${name}`;
    if (this.slips.has(key)) return this.slips.get(key);
    const candidates = this.mesh.registry.externalHostsOf(namespace);
    const slip = candidates.length > MAX_CANDIDATES ? undefined : slipOf(name, candidates);
    this.slips.set(key, slip);
    return slip;
  }
}

/** Whether the listener imports a registration by another entry: then nothing is missing but for a line that does nothing. */
function importsFrom(registered: RegisteredHost, listener: Listener, sidecar: Sidecar): boolean {
  return listener.hosts.some((text) => {
    const host = parseSidecarHost(text, sidecar.namespace);
    if (!host || (host.namespace !== undefined && host.namespace !== registered.namespace)) return false;
    return isSubsetOf(registered.host, host.dnsName);
  });
}
