import type { Resource } from '../resources/resource.ts';
import { addTo } from './group-by.ts';
import type { Mesh } from './mesh.ts';

/** An object that is, or makes, a Secret. */
export interface CredentialHolder {
  readonly resource: Resource;
  /** The Secret's name. */
  readonly name: string;
  /** The Secret's namespace; undefined where it is made in many, or it is not known which. */
  readonly namespace: string | undefined;
  /** The names of its keys; undefined where they cannot be told. Values are never looked at. */
  readonly keys: ReadonlySet<string> | undefined;
}

/** Everything in view that is or makes a Secret, by the Secret's name: Secret, SealedSecret, ExternalSecret, ClusterExternalSecret, cert-manager's Certificate. */
export class CredentialHolders {
  private readonly byName = new Map<string, CredentialHolder[]>();
  private readonly byNamespace = new Map<string, CredentialHolder[]>();

  constructor(mesh: Mesh) {
    for (const holder of holdersIn(mesh)) {
      add(this.byName, holder.name, holder);
      if (holder.namespace !== undefined) add(this.byNamespace, holder.namespace, holder);
    }
  }

  named(name: string): readonly CredentialHolder[] {
    return this.byName.get(name) ?? [];
  }

  inNamespace(namespace: string): readonly CredentialHolder[] {
    return this.byNamespace.get(namespace) ?? [];
  }
}

function add(index: Map<string, CredentialHolder[]>, key: string, holder: CredentialHolder): void {
  addTo(index, key, holder);
}

function holdersIn(mesh: Mesh): readonly CredentialHolder[] {
  const at = (resource: Resource): string | undefined => (mesh.hasKnownNamespace(resource) ? resource.namespace : undefined);
  return [
    ...mesh.all('Secret').map((resource) => {
      const { data, stringData } = resource.spec;
      return { resource, name: resource.name, namespace: at(resource), keys: keysOf(resource, [data, stringData]) };
    }),
    ...mesh.all('SealedSecret').map((resource) => {
      const { encryptedData, template } = resource.spec;
      return { resource, name: resource.name, namespace: at(resource), keys: keysOf(resource, [encryptedData, template?.data]) };
    }),
    ...mesh.all('ExternalSecret').map((resource) => {
      const { target, data, dataFrom } = resource.spec;
      const names = data.map(({ secretKey }) => secretKey ?? '');
      const isKnown = dataFrom.length === 0 && !target?.template && target?.creationPolicy !== 'Merge' && names.every((name) => name !== '');
      const keys = isKnown ? keysOf(resource, [Object.fromEntries(names.map((name) => [name, true]))]) : undefined;
      return { resource, name: target?.name || resource.name, namespace: at(resource), keys };
    }),
    ...mesh.all('ClusterExternalSecret').map((resource) => {
      const { externalSecretName, externalSecretSpec } = resource.spec;
      return { resource, name: externalSecretSpec?.target?.name || externalSecretName || resource.name, namespace: undefined, keys: undefined };
    }),
    // Whether there is a CA beside the certificate is up to the issuer.
    ...mesh.all('Certificate').map((resource) => ({ resource, name: resource.spec.secretName ?? '', namespace: at(resource), keys: undefined })),
  ];
}

/** An object without any key is a placeholder, which something else fills. */
function keysOf(resource: Resource, maps: readonly (Readonly<Record<string, unknown>> | undefined)[]): ReadonlySet<string> | undefined {
  const keys = new Set(maps.flatMap((map) => Object.keys(map ?? {})));
  return keys.size === 0 || resource.templates.length > 0 ? undefined : keys;
}
