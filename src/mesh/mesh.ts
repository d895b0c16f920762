import type { KindName, ResourceByKind } from '../resources/kinds.ts';
import type { Resource } from '../resources/resource.ts';
import { isTemplateText } from '../yaml/template-text.ts';
import { assumedResources } from './assumed-resources.ts';
import type { Assumptions } from './assumptions.ts';
import { ClientNamespaces } from './client-namespaces.ts';
import { CredentialHolders } from './credential-holders.ts';
import { type CredentialUse, credentialUses } from './credential-uses.ts';
import { DestinationRules } from './destination-rules.ts';
import { GatewayBindings } from './gateway-bindings.ts';
import { type GatewayHop, gatewayHops } from './gateway-hops.ts';
import { GatewaySelection } from './gateway-selection.ts';
import { GatewayServices } from './gateway-services.ts';
import type { HostIndex } from './host-index.ts';
import type { LoadedFile } from './load.ts';
import { type MeshConfig, readMeshConfig } from './mesh-config.ts';
import { type Origination, originations, rulesWithTls } from './originations.ts';
import { areApart, areDeployedTogether, type Placement, shareDirectory } from './placement.ts';
import { type ProtocolGroup, parseProtocol, protocolGroup } from './protocol.ts';
import { Registry } from './registry.ts';
import { ResourceIndex } from './resource-index.ts';
import { RouteIndex } from './route-index.ts';
import { RoutedSubsets } from './routed-subsets.ts';
import { ServersByPort, type ServersOnPort } from './servers-on-port.ts';
import { VirtualServices } from './virtual-services.ts';
import { type Workload, Workloads, workloadsIn } from './workloads.ts';

type Labels = Readonly<Record<string, string>>;

/**
 * The resource graph: every resource of a run, indexed once, asked in Istio's terms. Nothing in it loops over pairs of resources.
 * What lies outside of the files is unknown, not absent (docs/architecture.md, "Severity, and what is unknown").
 */
export class Mesh {
  /** What the files hold; what is assumed beside them is found by kind and name only. */
  readonly resources: readonly Resource[];
  readonly assumptions: Assumptions;
  private readonly assumed: ReadonlySet<Resource>;
  private readonly index: ResourceIndex;
  private readonly templatedKinds: ReadonlySet<string>;
  private readonly unknownNames = new Map<KindName, boolean>();
  private readonly placement: Placement;
  private lazyServers: ServersByPort | undefined;
  private lazyConfig: MeshConfig | undefined;
  private lazyRegistry: Registry | undefined;
  private lazyWorkloads: Workloads | undefined;
  private lazyDestinationRules: DestinationRules | undefined;
  private lazyVirtualServices: VirtualServices | undefined;
  private lazyRoutedSubsets: RoutedSubsets | undefined;
  private lazyClients: ClientNamespaces | undefined;
  private lazyHops: readonly GatewayHop[] | undefined;
  private lazyRoutes: RouteIndex | undefined;
  private lazyRulesWithTls: HostIndex<ResourceByKind['DestinationRule']> | undefined;
  private lazyOriginations: readonly Origination[] | undefined;
  private lazyCredentialHolders: CredentialHolders | undefined;
  private lazyCredentialUses: readonly CredentialUse[] | undefined;
  private lazyGatewayServices: GatewayServices | undefined;
  private lazyGatewayBindings: GatewayBindings | undefined;
  private lazyGatewaySelection: GatewaySelection | undefined;

  constructor(files: readonly LoadedFile[], assumptions: Assumptions = {}, placement: Placement = {}) {
    this.placement = placement;
    this.resources = files.flatMap((file) => file.resources);
    this.assumptions = assumptions;
    const inView = new ResourceIndex(this.resources);
    this.assumed = new Set(assumedResources(assumptions, (type, namespace, name) => inView.has(type, namespace, name)));
    this.index = this.assumed.size === 0 ? inView : new ResourceIndex([...this.resources, ...this.assumed]);
    this.templatedKinds = new Set(files.flatMap((file) => [...file.contents.templates.flatMap((template) => template.kind ?? []), ...(file.renamed ?? [])]));
  }

  /** Whether what is neither in view nor assumed does not exist: then a reference that leads nowhere is an error. The stock gateways are assumed. */
  get closedWorld(): boolean {
    return this.assumptions.closedWorld ?? false;
  }

  /** Whether a resource is assumed, not in view: it may be pointed at, but nothing is reported about it. */
  isAssumed(resource: Resource): boolean {
    return this.assumed.has(resource);
  }

  /** All resources of a kind, in the order of files and documents. */
  all<K extends KindName>(kind: K): readonly ResourceByKind[K][] {
    return this.index.all(kind);
  }

  /** The resources of a kind, namespace and name; more than one where a tree holds alternatives. */
  named<K extends KindName>(kind: K, namespace: string, name: string): readonly ResourceByKind[K][] {
    return this.index.named(kind, namespace, name);
  }

  /** Resources of a kind and name, in whatever namespace. */
  namedAnywhere<K extends KindName>(kind: K, name: string): readonly ResourceByKind[K][] {
    return this.index.namedAnywhere(kind, name);
  }

  /** The resources of a kind in one namespace. */
  inNamespace<K extends KindName>(kind: K, namespace: string): readonly ResourceByKind[K][] {
    return this.index.inNamespace(kind, namespace);
  }

  /** The mesh configuration in view, or the facts that are known without one. */
  get config(): MeshConfig {
    this.lazyConfig ??= readMeshConfig(
      [...this.all('ConfigMap'), ...this.all('IstioOperator'), ...this.all('Istio'), ...this.all('HelmValues')],
      (resource) => this.isAssumed(resource),
      this.assumptions.dnsCapture,
    );
    return this.lazyConfig;
  }

  /** Hosts that ServiceEntries and Services register. */
  get registry(): Registry {
    this.lazyRegistry ??= new Registry(this.all('ServiceEntry'), this.all('Service'), this.config);
    return this.lazyRegistry;
  }

  /** VirtualServices that are bound to sidecars, by namespace and host. */
  get virtualServices(): VirtualServices {
    this.lazyVirtualServices ??= new VirtualServices(this.all('VirtualService'), this.config);
    return this.lazyVirtualServices;
  }

  get destinationRules(): DestinationRules {
    this.lazyDestinationRules ??= new DestinationRules(this.all('DestinationRule'), this.config);
    return this.lazyDestinationRules;
  }

  /** Subsets to which VirtualServices send traffic. */
  get routedSubsets(): RoutedSubsets {
    this.lazyRoutedSubsets ??= new RoutedSubsets(this.all('VirtualService'), this.config.clusterDomain);
    return this.lazyRoutedSubsets;
  }

  /** Where clients with sidecars live, as far as Namespaces in view tell. */
  get clients(): ClientNamespaces {
    this.lazyClients ??= new ClientNamespaces(this);
    return this.lazyClients;
  }

  /** The Pods in view of a namespace that carry a selector's labels, those of controllers' templates included. */
  podsSelected(namespace: string, selector: Labels): readonly Workload[] {
    return this.workloads.selectedBy(namespace, selector);
  }

  /** The namespaces of all Pods in view, those of controllers' templates included. */
  get workloadNamespaces(): readonly string[] {
    return this.workloads.namespaces;
  }

  /** The steps from sidecars to gateways that VirtualServices describe. */
  get gatewayHops(): readonly GatewayHop[] {
    this.lazyHops ??= gatewayHops({
      virtualServices: this.all('VirtualService'),
      gateways: this.all('Gateway'),
      gatewayServices: this.gatewayServices,
      clusterDomain: this.config.clusterDomain,
      gatewaysOf: (virtualService, { namespace, name }) =>
        this.named('Gateway', namespace, name).filter((gateway) => this.belongTogether(gateway, virtualService)),
      belongTogether: (gateway, virtualService) => this.belongTogether(gateway, virtualService),
    });
    return this.lazyHops;
  }

  /** Where VirtualServices send traffic, by destination. */
  get routes(): RouteIndex {
    this.lazyRoutes ??= new RouteIndex(this.all('VirtualService'), this.config.clusterDomain);
    return this.lazyRoutes;
  }

  /** Registered ports to which DestinationRules make proxies speak TLS. */
  get originations(): readonly Origination[] {
    this.lazyOriginations ??= originations({
      rules: this.all('DestinationRule'),
      destinationRules: this.destinationRules,
      registry: this.registry,
      clusterDomain: this.config.clusterDomain,
      belongTogether: (rule, { resource }) => this.belongTogether(rule, resource),
    });
    return this.lazyOriginations;
  }

  /** DestinationRules that set TLS for any port or subset, by host. */
  get rulesWithTls(): HostIndex<ResourceByKind['DestinationRule']> {
    this.lazyRulesWithTls ??= rulesWithTls(this.all('DestinationRule'), this.config.clusterDomain);
    return this.lazyRulesWithTls;
  }

  /** What is or makes Secrets. */
  get credentialHolders(): CredentialHolders {
    this.lazyCredentialHolders ??= new CredentialHolders(this);
    return this.lazyCredentialHolders;
  }

  /** Fields that name Secrets, and who reads these. */
  get credentialUses(): readonly CredentialUse[] {
    this.lazyCredentialUses ??= credentialUses(this);
    return this.lazyCredentialUses;
  }

  /** The Services of gateways, and what runs behind them. */
  get gatewayServices(): GatewayServices {
    const pods = this.workloads;
    this.lazyGatewayServices ??= new GatewayServices(
      this.all('Service'),
      this.all('Gateway'),
      (namespace, selector) => pods.selectedBy(namespace, selector),
      this.config.clusterDomain,
    );
    return this.lazyGatewayServices;
  }

  /** What the selectors of Gateways fit. */
  get gatewaySelection(): GatewaySelection {
    this.lazyGatewaySelection ??= new GatewaySelection(
      workloadsIn((kind) => this.all(kind)),
      this.all('Service'),
    );
    return this.lazyGatewaySelection;
  }

  /** The VirtualServices that are bound to each Gateway. */
  get gatewayBindings(): GatewayBindings {
    this.lazyGatewayBindings ??= new GatewayBindings(this.all('VirtualService'), this.config.clusterDomain);
    return this.lazyGatewayBindings;
  }

  /**
   * G-11: of what sorts the servers are that the Gateways in view put on one port of the workloads that a Gateway selects. Where both are, one sort
   * is skipped, or shares the port in ways of its own.
   */
  serversBeside(gateway: ResourceByKind['Gateway'], port: number | undefined): ServersOnPort {
    this.lazyServers ??= new ServersByPort(this.all('Gateway'));
    return this.lazyServers.beside(gateway, port);
  }

  /** How a listener treats the protocol that a text declares (N-12, N-14). */
  protocolGroup(text: string | undefined): ProtocolGroup {
    return protocolGroup(parseProtocol(text));
  }

  /** Whether objects of a kind are in view whose name or namespace is template text, or that a template makes as a whole: then any name may exist. */
  hasUnknownNames(kind: KindName): boolean {
    const known = this.unknownNames.get(kind) ?? (this.templatedKinds.has(kind) || this.all(kind).some(hasUnknownName));
    this.unknownNames.set(kind, known);
    return known;
  }

  /** Whether documents of a kind are in view that a template makes as a whole: there may be objects of which nothing is known. */
  hasTemplates(kind: KindName): boolean {
    return this.templatedKinds.has(kind);
  }

  /** Whether a resource's namespace is known: written, and no template text. */
  hasKnownNamespace(resource: Resource): boolean {
    return resource.hasKnownNamespace;
  }

  /**
   * Whether two resources may be taken to stand in one cluster. Of an object that is in view twice, each is one of several alternatives
   * (environments, steps of a walkthrough) and belongs to its own file. Where a namespace is not known, the directory must be the same.
   */
  belongTogether(a: Resource, b: Resource): boolean {
    if (a !== b && a.type === b.type && a.namespace === b.namespace && a.name === b.name) return false;
    if (areApart(this.placement, a, b)) return false;
    if (a.source.file === b.source.file || this.isAssumed(a) || this.isAssumed(b)) return true;
    if (!this.index.isUnique(a) || !this.index.isUnique(b)) return false;
    return (a.hasKnownNamespace && b.hasKnownNamespace) || shareDirectory(a, b);
  }

  /**
   * Whether the files say that two resources are deployed together: they stand in one file, one kustomization takes both in, the configuration puts
   * them into one mesh, or they stand in one directory and name their namespaces. Whatever else contradicts itself may be one of several
   * examples, steps or environments, of which nobody has both.
   */
  areDeployedTogether(a: Resource, b: Resource): boolean {
    return areDeployedTogether(this.placement, a, b);
  }

  private get workloads(): Workloads {
    this.lazyWorkloads ??= new Workloads(workloadsIn((kind) => this.all(kind)));
    return this.lazyWorkloads;
  }
}

/** Whether a resource's own name or namespace is template text: then it may be any. */
function hasUnknownName(resource: Resource): boolean {
  return isTemplateText(resource.name) || isTemplateText(resource.namespace);
}
