import type { SourceText, Span } from '../text/source-text.ts';

/**
 * What holds of a mesh beside what its files show: the configuration file's `assume`, `closedWorld` and `meshConfig`.
 * Assumed objects enter the graph as resources, so that every rule knows them; an object in view replaces an assumed one of the same kind, namespace and name.
 */
export interface Assumptions {
  /** Whether the files hold everything: what is neither in view nor assumed does not exist, and references to it are errors. */
  readonly closedWorld?: boolean;
  /** Whether sidecars answer DNS queries themselves (ISTIO_META_DNS_CAPTURE); what this says holds over mesh configurations in view. */
  readonly dnsCapture?: boolean;
  /** A MeshConfig: the fields that it writes hold over those of configurations in view. */
  readonly meshConfig?: AssumedMeshConfig;
  readonly services?: readonly AssumedService[];
  readonly gateways?: readonly AssumedGateway[];
  readonly namespaces?: readonly AssumedNamespace[];
  readonly secrets?: readonly AssumedSecret[];
}

/** Where an assumption is written, for findings that point there. The span is asked for only then. */
export interface AssumptionSource {
  readonly file: SourceText;
  readonly span: () => Span;
}

interface Assumed {
  readonly name: string;
  readonly source?: AssumptionSource;
}

export interface AssumedMeshConfig {
  readonly settings: Readonly<Record<string, unknown>>;
  readonly source?: AssumptionSource;
}

export interface AssumedPort {
  readonly port: number;
  /** The port of the Pods; the same as `port` unless given. */
  readonly targetPort?: number;
  readonly name?: string;
  /** What the Service says of the port's protocol (`appProtocol`). */
  readonly appProtocol?: string;
}

/** A Service, with the labels of the Pods behind it. */
export interface AssumedService extends Assumed {
  readonly namespace: string;
  readonly ports: readonly AssumedPort[];
  /** The Service's selector, which its Pods carry as labels. */
  readonly labels?: Readonly<Record<string, string>>;
}

/** A gateway: its Pods, and, where its ports are given, their Service. */
export interface AssumedGateway extends Assumed {
  readonly namespace: string;
  /** The Pods' labels, by which Gateways and the Service select them. */
  readonly labels: Readonly<Record<string, string>>;
  /** Without them the gateway's Service is the stock one, or one in view. */
  readonly ports?: readonly AssumedPort[];
  /** The Pods' label `security.istio.io/tlsMode`: with `istio`, auto mTLS wraps what sidecars send there. */
  readonly tlsMode?: 'istio' | 'disabled';
}

export interface AssumedNamespace extends Assumed {
  /** Whether its Pods get sidecars. */
  readonly injected: boolean;
  readonly labels?: Readonly<Record<string, string>>;
}

export interface AssumedSecret extends Assumed {
  readonly namespace: string;
  /** The keys that it holds; unknown unless given. */
  readonly keys?: readonly string[];
}
