import type { Mesh } from '../../mesh/mesh.ts';
import { slipOf } from '../../text/slip.ts';
import type { Probe } from './probe.ts';

/** Names that the files hold: what of a question is not among them is probably mistyped, and said to be taken as it is written. */
export class NamesInView {
  private readonly mesh: Mesh;
  private lazyNamespaces: ReadonlySet<string> | undefined;

  constructor(mesh: Mesh) {
    this.mesh = mesh;
  }

  /** @returns a sentence where the files hold nothing of the client's namespace */
  ofNamespace(namespace: string): readonly string[] {
    if (this.namespaces.has(namespace)) return [];
    const meant = slipOf(namespace, this.namespaces);
    return [
      `Nothing in the files is in namespace ${namespace}${meant === undefined ? '' : ` (did you mean ${meant}?)`}: the client counts as one with a sidecar.`,
    ];
  }

  /** @returns a sentence where the files do not register what is called, and register another port of it, or a host of nearly the same name */
  ofDestination({ host, port }: Probe['to']): readonly string[] {
    const registered = this.mesh.registry.covering(host);
    const ports = [...new Set(registered.flatMap((each) => each.ports.map(({ number }) => number)))].sort((a, b) => a - b);
    if (ports.length > 0) {
      if (ports.includes(port) || registered.some(({ hasUnknownPorts }) => hasUnknownPorts)) return [];
      return [`${host} is registered with port ${ports.join(', ')} only: port ${port} is taken as it is written.`];
    }
    const meant = slipOf(
      host,
      this.mesh.registry.hosts.map((each) => each.host),
    );
    return meant === undefined ? [] : [`${host} is registered nowhere in the files, ${meant} is: the name is taken as it is written.`];
  }

  private get namespaces(): ReadonlySet<string> {
    this.lazyNamespaces ??= new Set([
      ...this.mesh.resources.flatMap(({ namespace }) => namespace || []),
      ...this.mesh.all('Namespace').map(({ name }) => name),
      ...this.mesh.workloadNamespaces,
    ]);
    return this.lazyNamespaces;
  }
}
