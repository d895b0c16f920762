import { Document, parseAllDocuments } from 'yaml';

/** An object as a test changes it: whatever it holds, as plain data. */
export type Plain = { [key: string]: unknown };

/** The texts of a run, by file name. */
export type Texts = Readonly<Record<string, string>>;

/** Objects of a text, or undefined where it is no plain YAML. */
export function objectsOf(text: string): Plain[] | undefined {
  const documents = parseAllDocuments(text, { schema: 'yaml-1.1' });
  if (!Array.isArray(documents) || documents.some(({ errors }) => errors.length > 0)) return undefined;
  return documents.map((document): unknown => document.toJS()).filter((each): each is Plain => isPlain(each) && typeof each['kind'] === 'string');
}

/** One file with all objects in it. */
export function asOneFile(objects: readonly Plain[], isQuoted = false): Texts {
  return { 'all.yaml': objects.map((each) => new Document(each).toString(isQuoted ? { defaultStringType: 'QUOTE_DOUBLE' } : {})).join('---\n') };
}

/** A change after which configuration works as before. It may change the objects that it is given, which are its own. */
export type Change = (objects: Plain[], random: () => number) => Texts;

/** What people do to configuration without changing what it does; nothing new may be said of it. */
export const HARMLESS: Readonly<Record<string, Change>> = {
  'as it is, written anew': (objects) => asOneFile(objects),
  'all strings quoted': (objects) => asOneFile(objects, true),
  'documents in another order': (objects, random) => asOneFile(shuffled(objects, random)),
  'each object in a file of its own': (objects) => Object.fromEntries(objects.map((each, index) => [`${index}.yaml`, new Document(each).toString()])),
  'all objects in one List': (objects) => ({ 'all.yaml': new Document({ apiVersion: 'v1', kind: 'List', items: objects }).toString() }),
  'as a cluster gives them out': (objects) => {
    for (const [index, each] of objects.entries()) {
      Object.assign(metadataOf(each), { uid: `00000000-0000-0000-0000-${index}`, resourceVersion: `${index}`, generation: 1 });
      if (isIstio(each)) each['status'] = {};
    }
    return asOneFile(objects);
  },
  'labels and annotations': (objects) => {
    for (const each of objects) {
      const metadata = metadataOf(each);
      metadata['labels'] = { ...plain(metadata['labels']), 'app.kubernetes.io/part-of': 'unrelated' };
      metadata['annotations'] = { ...plain(metadata['annotations']), 'unrelated.example/owner': 'somebody' };
    }
    return asOneFile(objects);
  },
  'the other served version': (objects) => {
    for (const each of objects) if (each['apiVersion'] === 'networking.istio.io/v1') each['apiVersion'] = 'networking.istio.io/v1beta1';
    return asOneFile(objects);
  },
  'other names of objects': (objects) => asOneFile(renamed(objects)),
  'other names of namespaces': (objects) => inOtherNamespaces(objects),
  'exportTo for all': (objects) => {
    const isMeshSaid = objects.some(({ kind }) => ['ConfigMap', 'IstioOperator', 'Istio'].includes(String(kind)));
    for (const each of objects) {
      const spec = plain(each['spec']);
      if (isIstio(each) && EXPORTED.has(String(each['kind'])) && !spec['workloadSelector'] && !isMeshSaid) spec['exportTo'] ??= ['*'];
    }
    return asOneFile(objects);
  },
  'timeouts and retries': (objects) => {
    for (const rule of ofKind(objects, 'VirtualService').flatMap(({ spec }) => listOf(plain(spec)['http'])))
      if (rule['route']) Object.assign(rule, { timeout: rule['timeout'] ?? '11s', retries: rule['retries'] ?? { attempts: 2, perTryTimeout: '5s' } });
    return asOneFile(objects);
  },
  'limits of connections': (objects) => {
    for (const { spec } of ofKind(objects, 'DestinationRule')) {
      const policy = plain(plain(spec)['trafficPolicy']);
      if (plain(spec)['trafficPolicy']) policy['connectionPool'] ??= { tcp: { maxConnections: 100 } };
    }
    return asOneFile(objects);
  },
  'other names of ports': (objects) => {
    // A policy for one port names it.
    if (objects.some(({ kind }) => kind === 'BackendTLSPolicy')) return asOneFile(objects);
    for (const { spec } of ofKind(objects, 'ServiceEntry')) {
      if (listOf(plain(spec)['endpoints']).some(({ ports }) => ports)) continue;
      for (const port of listOf(plain(spec)['ports'])) port['name'] = `port-${String(port['number'])}`;
    }
    for (const { spec } of ofKind(objects, 'Gateway'))
      for (const [index, server] of listOf(plain(spec)['servers']).entries()) plain(server['port'])['name'] = `server-${index}`;
    return asOneFile(objects);
  },
  'full names of Services': (objects) => {
    for (const { holder, key, host, namespace } of serviceNames(objects)) if (!host.includes('.')) holder[key] = `${host}.${namespace}.svc.cluster.local`;
    return asOneFile(objects);
  },
  'short names of Services': (objects) => {
    for (const { holder, key, host, namespace } of serviceNames(objects)) {
      const suffix = `.${namespace}.svc.cluster.local`;
      if (host.endsWith(suffix)) holder[key] = host.slice(0, -suffix.length);
    }
    return asOneFile(objects);
  },
  'a second host': (objects) => {
    for (const { spec } of ofKind(objects, 'ServiceEntry')) {
      const { hosts, ports, endpoints, addresses, workloadSelector, resolution } = plain(spec);
      const isSimple = listOf(ports).every(
        ({ number, protocol, targetPort }) => !targetPort && (protocol === 'TLS' || (number === 443 && protocol === 'HTTPS')),
      );
      const isBare = !endpoints && !addresses && !workloadSelector && resolution !== 'STATIC';
      if (isSimple && isBare && Array.isArray(hosts) && !hosts.some((host) => String(host).startsWith('*'))) hosts.push('second.unrelated.example');
    }
    return asOneFile(objects);
  },
  'objects of others': (objects, random) => {
    // Where no ServiceEntry is in view, they are taken to be elsewhere.
    const isRegistering = ofKind(objects, 'ServiceEntry').length > 0;
    return asOneFile(shuffled([...objects, ...structuredClone(UNRELATED).filter(({ kind }) => isRegistering || kind === 'Secret')], random));
  },
  'a Service and a Deployment of others': (objects, random) => asOneFile(shuffled([...objects, ...structuredClone(UNRELATED_WORKLOAD)], random)),
};

/** Something to do with nothing: a host, its limits and its routes. */
const UNRELATED: readonly Plain[] = [
  {
    apiVersion: 'networking.istio.io/v1',
    kind: 'ServiceEntry',
    metadata: { name: 'unrelated', namespace: 'unrelated-team' },
    spec: {
      hosts: ['first.unrelated.example'],
      exportTo: ['.'],
      location: 'MESH_EXTERNAL',
      resolution: 'DNS',
      ports: [{ number: 443, name: 'tls', protocol: 'TLS' }],
    },
  },
  {
    apiVersion: 'networking.istio.io/v1',
    kind: 'DestinationRule',
    metadata: { name: 'unrelated', namespace: 'unrelated-team' },
    spec: {
      host: 'first.unrelated.example',
      exportTo: ['.'],
      trafficPolicy: { connectionPool: { tcp: { maxConnections: 10 } } },
    },
  },
  {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name: 'unrelated', namespace: 'unrelated-team' },
    spec: {
      hosts: ['first.unrelated.example'],
      exportTo: ['.'],
      tls: [{ match: [{ sniHosts: ['first.unrelated.example'] }], route: [{ destination: { host: 'first.unrelated.example', port: { number: 443 } } }] }],
    },
  },
  { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'unrelated', namespace: 'unrelated-team' }, stringData: { note: 'nothing' } },
];

const UNRELATED_WORKLOAD: readonly Plain[] = [
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'unrelated', namespace: 'unrelated-team' },
    spec: { selector: { app: 'unrelated' }, ports: [{ name: 'http', port: 8000 }] },
  },
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'unrelated', namespace: 'unrelated-team' },
    spec: {
      selector: { matchLabels: { app: 'unrelated' } },
      template: { metadata: { labels: { app: 'unrelated' } }, spec: { containers: [{ name: 'app', image: 'unrelated.example/app:1' }] } },
    },
  },
];

const EXPORTED = new Set(['ServiceEntry', 'VirtualService', 'DestinationRule']);

function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function plain(value: unknown): Plain {
  return isPlain(value) ? value : {};
}

function listOf(value: unknown): readonly Plain[] {
  return Array.isArray(value) ? value.filter(isPlain) : [];
}

function metadataOf(object: Plain): Plain {
  return plain(object['metadata']);
}

function isIstio({ apiVersion }: Plain): boolean {
  return String(apiVersion).startsWith('networking.istio.io/');
}

function ofKind(objects: readonly Plain[], kind: string): readonly Plain[] {
  return objects.filter((each) => each['kind'] === kind && isIstio(each));
}

function shuffled<T>(items: readonly T[], random: () => number): readonly T[] {
  return items
    .map((item) => [random(), item] as const)
    .sort(([a], [b]) => a - b)
    .map(([, item]) => item);
}

/** N-6: the fields in which a name without a dot stands for a Service of the object's own namespace. */
function serviceNames(objects: readonly Plain[]): readonly { holder: Plain; key: string; host: string; namespace: string }[] {
  const found: { holder: Plain; key: string; host: string; namespace: string }[] = [];
  for (const each of objects) {
    const { namespace } = metadataOf(each);
    if (typeof namespace !== 'string' || !isIstio(each)) continue;
    const spec = plain(each['spec']);
    const holders = each['kind'] === 'DestinationRule' ? [spec] : each['kind'] === 'VirtualService' ? destinationsOf(spec) : [];
    for (const holder of holders) if (typeof holder['host'] === 'string') found.push({ holder, key: 'host', host: holder['host'], namespace });
  }
  return found;
}

function destinationsOf(spec: Plain): readonly Plain[] {
  const rules = ['http', 'tls', 'tcp'].flatMap((section) => listOf(spec[section]));
  return rules.flatMap(({ route }) => listOf(route).map(({ destination }) => plain(destination)));
}

/** Each Gateway, ServiceEntry, VirtualService, DestinationRule and Sidecar gets another name, wherever it is named. */
function renamed(objects: readonly Plain[]): readonly Plain[] {
  const names = (kind: string): ReadonlySet<string> => new Set(ofKind(objects, kind).map((each) => String(metadataOf(each)['name'])));
  const [gateways, entries, routes] = [names('Gateway'), names('ServiceEntry'), names('VirtualService')];
  const gatewayNamed = (entry: unknown): unknown => {
    const [name = '', namespace] = String(entry).split('/').reverse();
    if (!gateways.has(name)) return entry;
    return namespace === undefined ? `${name}-renamed` : `${namespace}/${name}-renamed`;
  };
  for (const each of objects) {
    const spec = plain(each['spec']);
    if (Array.isArray(spec['gateways'])) spec['gateways'] = spec['gateways'].map(gatewayNamed);
    for (const rule of ['http', 'tls', 'tcp'].flatMap((section) => listOf(spec[section]))) {
      for (const match of listOf(rule['match'])) if (Array.isArray(match['gateways'])) match['gateways'] = match['gateways'].map(gatewayNamed);
      const delegate = plain(rule['delegate']);
      if (routes.has(String(delegate['name']))) delegate['name'] = `${String(delegate['name'])}-renamed`;
    }
    for (const reference of [...listOf(spec['parentRefs']), ...listOf(spec['targetRefs']), plain(spec['targetRef'])])
      if (reference['kind'] === 'ServiceEntry' && entries.has(String(reference['name']))) reference['name'] = `${String(reference['name'])}-renamed`;
  }
  const kinds = new Set(['Gateway', 'ServiceEntry', 'VirtualService', 'DestinationRule', 'Sidecar']);
  for (const each of objects) if (isIstio(each) && kinds.has(String(each['kind']))) metadataOf(each)['name'] = `${String(metadataOf(each)['name'])}-renamed`;
  return objects;
}

/** Namespaces that mean nothing to Istio get other names, wherever the word stands. */
function inOtherNamespaces(objects: readonly Plain[]): Texts {
  const text = asOneFile(objects)['all.yaml'] ?? '';
  const named = new Set(objects.flatMap((each) => [metadataOf(each)['namespace'], each['kind'] === 'Namespace' && metadataOf(each)['name']]));
  const free = [...named].filter((name): name is string => typeof name === 'string' && !KEPT.has(name) && !new RegExp(`\\b${name}["']?:`).test(text));
  return { 'all.yaml': free.reduce((changed, name) => changed.replace(new RegExp(`(?<![\\w-])${name}(?![\\w-])`, 'g'), `${name}-elsewhere`), text) };
}

const KEPT: ReadonlySet<string> = new Set(['default', 'istio-system', 'kube-system', 'mesh', 'http', 'https', 'tls', 'tcp', 'istio']);
