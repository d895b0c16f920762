// Single defects for `defects.mjs`: each changes one thing in a configuration as people do by mistake. Returns undefined where there is nothing of its kind.

const ISTIO = /\.istio\.io\//;

/** Objects of some kinds. */
function objects(docs, ...kinds) {
  return docs.filter(({ kind, apiVersion }) => ISTIO.test(apiVersion) && (kinds.length === 0 || kinds.includes(kind)));
}

/** Each value of a field with some name, at whatever depth, with its object. */
function fields(docs, wanted) {
  const found = [];
  const visit = (doc, value, trail) => {
    if (value === null || typeof value !== 'object') return;
    for (const [key, child] of Object.entries(value)) {
      const here = [...trail, key];
      if (wanted(key, child, here, doc)) found.push({ doc, holder: value, key, value: child, here: here.join('.') });
      visit(doc, child, here);
    }
  };
  for (const doc of objects(docs)) visit(doc, doc.spec, ['spec']);
  return found;
}

const of = (doc) => ({ kind: doc.kind, name: doc.metadata.name });
const named = (doc) => `${doc.kind} ${doc.metadata.namespace}/${doc.metadata.name}`;

/** Writes another value into one of the fields. */
function rewrite(docs, { pick }, wanted, replace) {
  const field = pick(fields(docs, wanted));
  if (!field) return undefined;
  const value = replace(field.value, field);
  if (value === undefined) delete field.holder[field.key];
  else field.holder[field.key] = value;
  return { what: `${named(field.doc)} ${field.here}: ${JSON.stringify(field.value)} -> ${JSON.stringify(value)}`, touched: [of(field.doc)] };
}

const slip = (name) => (name.length > 4 ? `${name.slice(0, 3)}${name[4]}${name[3]}${name.slice(5)}` : `${name}x`);
const other = (items, value, pick) => pick(items.filter((item) => item !== value));
const PROTOCOLS = ['HTTP', 'HTTPS', 'TLS', 'TCP'];
const PORTS = [80, 443, 8080, 8443, 9999];

export const mutations = {
  'drop object': (docs, { pick }) => {
    const gone = pick(objects(docs));
    return gone && { what: named(gone), docs: docs.filter((doc) => doc !== gone), touched: [] };
  },
  'rename object': (docs, { pick }) => {
    const doc = pick(objects(docs, 'Gateway', 'ServiceEntry', 'DestinationRule', 'VirtualService'));
    if (!doc) return undefined;
    const was = named(doc);
    doc.metadata.name = slip(doc.metadata.name);
    return { what: `${was} -> ${doc.metadata.name}`, touched: [of(doc)] };
  },
  'move object': (docs, { pick }) => {
    const doc = pick(objects(docs));
    const namespaces = [...new Set([...docs.map(({ metadata }) => metadata.namespace), 'other'])].filter((name) => name && name !== doc?.metadata.namespace);
    if (!doc) return undefined;
    const was = named(doc);
    doc.metadata.namespace = pick(namespaces);
    return { what: `${was} -> ${doc.metadata.namespace}`, touched: [of(doc)] };
  },
  'host with a slip': (docs, tools) =>
    rewrite(
      docs,
      tools,
      (key, value, trail) =>
        typeof value === 'string' && (key === 'host' || ['hosts', 'sniHosts'].includes(trail.at(-2))) && value.includes('.') && !value.includes('/'),
      (value) => (value.startsWith('*') ? value.replace('.', '.x') : slip(value)),
    ),
  'other subset': (docs, tools) =>
    rewrite(docs, tools, (key, value, trail) => typeof value === 'string' && (key === 'subset' || (key === 'name' && trail.at(-3) === 'subsets')), slip),
  'other gateway': (docs, tools) => rewrite(docs, tools, (_, value, trail) => trail.at(-2) === 'gateways' && value !== 'mesh', slip),
  'other port number': (docs, tools) =>
    rewrite(
      docs,
      tools,
      (key, value) => key === 'number' && Number.isInteger(value),
      (value) => other(PORTS, value, tools.pick),
    ),
  'other match port': (docs, tools) =>
    rewrite(
      docs,
      tools,
      (key, value) => key === 'port' && Number.isInteger(value),
      (value) => other(PORTS, value, tools.pick),
    ),
  'other protocol': (docs, tools) =>
    rewrite(
      docs,
      tools,
      (key, value) => key === 'protocol' && typeof value === 'string',
      (value) => other(PROTOCOLS, value, tools.pick),
    ),
  'other TLS mode': (docs, tools) =>
    rewrite(
      docs,
      tools,
      (key, _, trail) => key === 'mode' && trail.at(-2) === 'tls',
      (value, { doc }) => other(doc.kind === 'Gateway' ? ['PASSTHROUGH', 'ISTIO_MUTUAL'] : ['DISABLE', 'SIMPLE', 'ISTIO_MUTUAL'], value, tools.pick),
    ),
  'no TLS': (docs, tools) =>
    rewrite(
      docs,
      tools,
      (key) => key === 'tls',
      (value, { doc }) => (doc.kind === 'VirtualService' ? value : undefined),
    ),
  'other sni': (docs, tools) =>
    rewrite(
      docs,
      tools,
      (key, value) => key === 'sni' && typeof value === 'string',
      (value) => tools.pick([undefined, slip(value)]),
    ),
  'credential on sidecars': (docs, { pick }) => {
    const tls = pick(fields(docs, (key, value, _, doc) => key === 'tls' && doc.kind === 'DestinationRule' && value?.mode === 'SIMPLE'));
    if (!tls) return undefined;
    tls.value.credentialName = 'client-credential';
    return { what: `${named(tls.doc)} ${tls.here}.credentialName`, touched: [of(tls.doc)] };
  },
  'selector on a rule': (docs, { pick }) => {
    const doc = pick(objects(docs, 'DestinationRule').filter(({ spec }) => !spec.workloadSelector));
    if (!doc) return undefined;
    doc.spec.workloadSelector = { matchLabels: { app: 'nobody' } };
    return { what: `${named(doc)} workloadSelector`, touched: [of(doc)] };
  },
  exportTo: (docs, { pick }) => {
    const doc = pick(objects(docs, 'ServiceEntry', 'VirtualService', 'DestinationRule'));
    if (!doc) return undefined;
    doc.spec.exportTo = pick([['.'], ['nowhere']]);
    return { what: `${named(doc)} ${doc.spec.exportTo}`, touched: [of(doc)] };
  },
  'no mesh': (docs, tools) => {
    const doc = tools.pick(objects(docs, 'VirtualService').filter(({ spec }) => spec.gateways?.includes('mesh') && spec.gateways.length > 1));
    if (!doc) return undefined;
    doc.spec.gateways = doc.spec.gateways.filter((name) => name !== 'mesh');
    return { what: named(doc), touched: [of(doc)] };
  },
  'no match': (docs, tools) =>
    rewrite(
      docs,
      tools,
      (key, value) => key === 'match' && Array.isArray(value),
      () => undefined,
    ),
  'less match': (docs, tools) =>
    rewrite(
      docs,
      tools,
      (key, _, trail) => ['port', 'gateways', 'sniHosts'].includes(key) && trail.at(-3) === 'match',
      () => undefined,
    ),
  'no rule': (docs, { pick }) => {
    const list = pick(
      fields(docs, (key, value, _, doc) => doc.kind === 'VirtualService' && ['http', 'tls', 'tcp'].includes(key) && Array.isArray(value) && value.length > 0),
    );
    if (!list) return undefined;
    const [index] = [Math.floor(list.value.length / 2)];
    list.value.splice(index, 1);
    if (list.value.length === 0) delete list.holder[list.key];
    return { what: `${named(list.doc)} ${list.here}[${index}]`, touched: [of(list.doc)] };
  },
  'other section': (docs, { pick }) => {
    const list = pick(
      fields(
        docs,
        (key, value, trail, doc) => doc.kind === 'VirtualService' && trail.length === 2 && ['http', 'tls', 'tcp'].includes(key) && Array.isArray(value),
      ),
    );
    if (!list) return undefined;
    const to = pick(['http', 'tls', 'tcp'].filter((name) => name !== list.key && !list.holder[name]));
    if (!to) return undefined;
    const rules = list.value.map(({ match, route }) => ({
      ...(match && {
        match: match.map(({ gateways, port, sniHosts }) => ({
          ...(gateways && { gateways }),
          ...(port && { port }),
          ...(to === 'tls' && { sniHosts: sniHosts ?? list.doc.spec.hosts }),
        })),
      }),
      ...(!match && to === 'tls' && { match: [{ sniHosts: list.doc.spec.hosts }] }),
      route,
    }));
    delete list.holder[list.key];
    list.holder[to] = rules;
    return { what: `${named(list.doc)} ${list.key} -> ${to}`, touched: [of(list.doc)] };
  },
  targetPort: (docs, { pick }) => {
    const ports = fields(docs, (key, value, _, doc) => key === 'ports' && doc.kind === 'ServiceEntry' && Array.isArray(value)).flatMap(({ doc, value }) =>
      value.map((port) => ({ doc, port })),
    );
    const one = pick(ports);
    if (!one) return undefined;
    const was = one.port.targetPort;
    if (was === undefined) one.port.targetPort = other([80, 443], one.port.number, pick);
    else delete one.port.targetPort;
    return { what: `${named(one.doc)} ${one.port.number}: ${was} -> ${one.port.targetPort}`, touched: [of(one.doc)] };
  },
  resolution: (docs, tools) =>
    rewrite(
      docs,
      tools,
      (key, _, trail) => key === 'resolution' && trail.length === 2,
      (value) => tools.pick([undefined, ...['NONE', 'STATIC', 'DNS'].filter((each) => each !== value)]),
    ),
  selector: (docs, tools) =>
    rewrite(docs, tools, (_, value, trail, doc) => doc.kind === 'Gateway' && trail.at(-2) === 'selector' && typeof value === 'string', slip),
  sidecar: (docs, { pick }) => {
    const namespace = pick([...new Set(objects(docs).map(({ metadata }) => metadata.namespace))]);
    const hosts = pick([['istio-system/*'], ['./*'], ['./*', 'istio-system/*']]);
    if (!namespace || docs.some(({ kind }) => kind === 'Sidecar')) return undefined;
    const added = { apiVersion: 'networking.istio.io/v1', kind: 'Sidecar', metadata: { name: 'default', namespace }, spec: { egress: [{ hosts }] } };
    return { what: `${namespace} ${hosts}`, docs: [...docs, added], touched: [of(added)] };
  },
  'sidecar import': (docs, tools) =>
    rewrite(
      docs,
      tools,
      (_, value, trail, doc) => doc.kind === 'Sidecar' && trail.at(-2) === 'hosts' && typeof value === 'string',
      (value) => value.replace(/\/(.*)/, (_, host) => `/${slip(host)}`),
    ),
};
