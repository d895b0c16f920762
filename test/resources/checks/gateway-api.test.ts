import { describe } from 'vitest';
import { holdTable } from './told.ts';

const refused = (type: string, ...paths: readonly string[]) => paths.map((path) => `api-server ${type} ${path}`);

describe('Gateway', () => {
  const http = { name: 'http', port: 80, protocol: 'HTTP' };
  const gateway = (part: object) => ({ gatewayClassName: 'istio', listeners: [http], ...part });
  const listeners = (...list: object[]) => gateway({ listeners: list });
  const listener = (part: object) => listeners({ ...http, ...part });
  const certificateRefs = [{ name: 'rates' }];
  holdTable('KubernetesGateway', [
    {
      check: 'required',
      bad: { listeners: [{}] },
      tells: [...refused('missing-field', 'spec', 'spec.listeners[0]', 'spec.listeners[0]', 'spec.listeners[0]')],
      fine: [gateway({}), listener({ protocol: 'HBONE', port: 15_008 })],
    },
    { check: 'no listener', bad: listeners(), tells: refused('out-of-range', 'spec.listeners'), fine: [] },
    {
      check: 'names and ports',
      bad: listeners(http, { ...http, port: 81 }, { name: 'b', port: 0, protocol: 'HT TP' }, { name: 'c', port: 80, protocol: 'HTTP' }),
      tells: [
        ...refused('out-of-range', 'spec.listeners[2].port'),
        ...refused('malformed-value', 'spec.listeners[2].protocol', 'spec.listeners[1].name'),
        ...refused('conflicting-fields', 'spec.listeners[3].hostname'),
      ],
      fine: [listeners(http, { ...http, name: 'b', hostname: 'a.example.com' }), listeners(http, { ...http, name: 'b', port: 81 })],
    },
    {
      check: 'host names',
      bad: listeners(
        { ...http, hostname: 'A.example.com' },
        { ...http, name: 'b', hostname: 'a.*.com' },
        { name: 'c', port: 9000, protocol: 'TCP', hostname: 'a.com' },
      ),
      tells: [
        ...refused('malformed-value', 'spec.listeners[0].hostname', 'spec.listeners[1].hostname'),
        ...refused('conflicting-fields', 'spec.listeners[2].hostname'),
      ],
      fine: [listener({ hostname: '*.example.com' })],
    },
    { check: 'TLS of plain protocols', bad: listener({ tls: { certificateRefs } }), tells: refused('conflicting-fields', 'spec.listeners[0].tls'), fine: [] },
    {
      check: 'HTTPS passed through',
      bad: listener({ protocol: 'HTTPS', tls: { mode: 'Passthrough' } }),
      tells: refused('conflicting-fields', 'spec.listeners[0].tls.mode'),
      fine: [listener({ protocol: 'HTTPS', tls: { certificateRefs } }), listener({ protocol: 'HTTPS' })],
    },
    {
      check: 'TLS without mode',
      bad: listener({ protocol: 'TLS' }),
      tells: refused('missing-field', 'spec.listeners[0]'),
      fine: [listener({ protocol: 'TLS', tls: { mode: 'Passthrough' } })],
    },
    {
      check: 'no certificate',
      bad: listener({ protocol: 'HTTPS', tls: {} }),
      tells: refused('missing-field', 'spec.listeners[0].tls'),
      fine: [listener({ protocol: 'HTTPS', tls: { options: { 'gateway.istio.io/tls-terminate-mode': 'ISTIO_MUTUAL' } } })],
    },
    {
      check: 'addresses',
      bad: gateway({ addresses: [{ value: 'a.com' }, { type: 'Hostname', value: 'A' }, { value: '10.0.0.1' }, { value: '10.0.0.1' }] }),
      tells: refused('malformed-value', 'spec.addresses[0].value', 'spec.addresses[1].value', 'spec.addresses[3].value'),
      fine: [
        gateway({
          addresses: [
            { type: 'Hostname', value: 'istio-egress.istio-system.svc.cluster.local' },
            { type: 'example.com/pool', value: 'A b' },
          ],
        }),
      ],
    },
    {
      check: 'labels of what is made',
      bad: gateway({ infrastructure: { labels: { 'a b': 'c', d: '!' }, annotations: { 'A/b': 'c' } } }),
      tells: refused('malformed-value', 'spec.infrastructure.labels.d', 'spec.infrastructure.labels["a b"]', 'spec.infrastructure.annotations["A/b"]'),
      fine: [gateway({ infrastructure: { labels: { 'example.com/a': '' }, annotations: { a: '!' } } })],
    },
    { check: 'unknown fields', bad: gateway({ class: 'istio' }), tells: ['strict-client unknown-field spec.class'], fine: [] },
    {
      check: 'ports of client certificates',
      bad: gateway({
        tls: {
          frontend: {
            default: {},
            perPort: [
              { port: 80, tls: {} },
              { port: 80, tls: {} },
            ],
          },
        },
      }),
      tells: refused('malformed-value', 'spec.tls.frontend.perPort[1].port'),
      fine: [],
    },
  ]);
});

describe('HTTPRoute', () => {
  const route = (...rules: object[]) => ({ rules });
  const backend = (part: object) => route({ backendRefs: [{ name: 'rates', port: 80, ...part }] });
  const filters = (...list: object[]) => route({ filters: list });
  const path = (value: string, type?: string) => route({ matches: [{ path: { value, ...(type && { type }) } }] });
  const modifier = { type: 'RequestHeaderModifier', requestHeaderModifier: {} };
  const prefix = { type: 'ReplacePrefixMatch', replacePrefixMatch: '/b' };
  const rewrite = { type: 'URLRewrite', urlRewrite: { path: prefix } };
  const redirect = { type: 'RequestRedirect', requestRedirect: { scheme: 'https' } };
  const FILTER = 'spec.rules[0].filters[0]';
  holdTable('HTTPRoute', [
    {
      check: 'backends without port',
      bad: route({ backendRefs: [{ name: 'rates' }, { name: 'a', kind: 'Service', group: '' }] }),
      tells: refused('missing-field', 'spec.rules[0].backendRefs[0]', 'spec.rules[0].backendRefs[1]'),
      fine: [backend({}), { rules: [{}] }, {}, route({ backendRefs: [{ name: 'a.example.com', kind: 'Hostname', group: 'networking.istio.io' }] })],
    },
    { check: 'weights', bad: backend({ weight: -1 }), tells: refused('out-of-range', 'spec.rules[0].backendRefs[0].weight'), fine: [backend({ weight: 0 })] },
    {
      check: 'one parent several times',
      bad: { parentRefs: [{ name: 'a' }, { name: 'a', sectionName: 'b' }, { name: 'c', port: 80 }, { name: 'c', port: 80 }] },
      tells: [...refused('conflicting-fields', 'spec.parentRefs[1]'), ...refused('malformed-value', 'spec.parentRefs[3]')],
      fine: [
        {
          parentRefs: [
            { name: 'a', sectionName: 'b' },
            { name: 'a', sectionName: 'c' },
          ],
        },
        { parentRefs: [{ name: 'a' }, { name: 'a', namespace: 'b' }, { name: 'a', kind: 'Service', group: '' }] },
      ],
    },
    {
      check: 'paths',
      bad: route({ matches: ['a', '/a//b', '/a/../b', '/a/.', '/%2f', '/a#b', '/a b'].map((value) => ({ path: { value } })) }),
      tells: [0, 1, 2, 3, 4, 5, 6].map((index) => `api-server malformed-value spec.rules[0].matches[${index}].path.value`),
      fine: [path('/a'), path('/a/', 'Exact'), path('a.*//', 'RegularExpression'), path('/a..b/%20')],
    },
    {
      check: 'names',
      bad: { hostnames: ['https://a.com', 'a.com:80', ''], rules: [{ name: 'a' }, { name: 'a' }] },
      tells: [
        ...refused('malformed-value', 'spec.hostnames[0]', 'spec.hostnames[1]'),
        ...refused('out-of-range', 'spec.hostnames[2]'),
        ...refused('malformed-value', 'spec.rules[1].name'),
      ],
      fine: [{ hostnames: ['*.example.com'], rules: [{ name: 'a' }, { name: 'b' }] }],
    },
    {
      check: 'headers',
      bad: route({
        matches: [
          {
            headers: [
              { name: 'a b', value: 'c' },
              { name: 'd', value: ' e' },
              { name: 'd', value: 'f' },
            ],
          },
        ],
      }),
      tells: refused(
        'malformed-value',
        'spec.rules[0].matches[0].headers[0].name',
        'spec.rules[0].matches[0].headers[1].value',
        'spec.rules[0].matches[0].headers[2].name',
      ),
      fine: [route({ matches: [{ headers: [{ name: 'x-a', value: 'b c' }], method: 'GET' }] })],
    },
    {
      check: 'filters and their types',
      bad: filters({ type: 'URLRewrite', requestMirror: { backendRef: { name: 'a', port: 1 } } }),
      tells: [...refused('missing-field', FILTER), ...refused('conflicting-fields', `${FILTER}.requestMirror`)],
      fine: [filters(modifier, { type: 'ExtensionRef', extensionRef: { group: 'a', kind: 'B', name: 'c' } })],
    },
    { check: 'filters twice', bad: filters(modifier, modifier), tells: refused('malformed-value', 'spec.rules[0].filters[1].type'), fine: [] },
    {
      check: 'redirect and rewrite',
      bad: filters(redirect, { type: 'URLRewrite', urlRewrite: {} }),
      tells: refused('conflicting-fields', 'spec.rules[0].filters[1]'),
      fine: [],
    },
    {
      check: 'redirect and backend',
      bad: route({ filters: [redirect], backendRefs: [{ name: 'a', port: 80 }] }),
      tells: refused('conflicting-fields', 'spec.rules[0].backendRefs'),
      fine: [filters(redirect)],
    },
    {
      check: 'a prefix that no match has',
      bad: route({ matches: [{ path: { type: 'Exact', value: '/a' } }], filters: [rewrite] }),
      tells: refused('conflicting-fields', `${FILTER}.urlRewrite.path.replacePrefixMatch`),
      fine: [
        filters(rewrite),
        route({ matches: [{ path: { value: '/a' } }], filters: [rewrite] }),
        route({ matches: [{ method: 'GET' }], filters: [rewrite] }),
      ],
    },
    {
      check: 'what is replaced',
      bad: filters({ type: 'URLRewrite', urlRewrite: { path: { type: 'ReplaceFullPath', replacePrefixMatch: '/a' } } }),
      tells: [...refused('missing-field', `${FILTER}.urlRewrite.path`), ...refused('conflicting-fields', `${FILTER}.urlRewrite.path.replacePrefixMatch`)],
      fine: [],
    },
    {
      check: 'redirects',
      bad: filters({ type: 'RequestRedirect', requestRedirect: { statusCode: 404, scheme: 'ftp', hostname: '*.a.com' } }),
      tells: [
        ...refused('unknown-value', `${FILTER}.requestRedirect.scheme`),
        ...refused('malformed-value', `${FILTER}.requestRedirect.hostname`),
        ...refused('out-of-range', `${FILTER}.requestRedirect.statusCode`),
      ],
      fine: [filters({ type: 'RequestRedirect', requestRedirect: { statusCode: 308 } })],
    },
    {
      check: 'mirrors',
      bad: filters({ type: 'RequestMirror', requestMirror: { backendRef: { name: 'a' }, percent: 5, fraction: { numerator: 6, denominator: 5 } } }),
      tells: [
        ...refused('missing-field', `${FILTER}.requestMirror.backendRef`),
        ...refused('out-of-range', `${FILTER}.requestMirror.fraction.numerator`),
        ...refused('conflicting-fields', `${FILTER}.requestMirror.percent`),
      ],
      fine: [],
    },
    {
      check: 'CORS',
      bad: filters({ type: 'CORS', cors: { allowOrigins: ['*', 'https://a.com'], allowHeaders: ['a', 'a'], allowMethods: ['get'] } }),
      tells: [
        ...refused('conflicting-fields', `${FILTER}.cors.allowOrigins[0]`),
        ...refused('unknown-value', `${FILTER}.cors.allowMethods[0]`),
        ...refused('malformed-value', `${FILTER}.cors.allowHeaders[1]`),
      ],
      fine: [filters({ type: 'CORS', cors: { allowOrigins: ['https://*.a.com:8443'], allowMethods: ['*'] } })],
    },
    {
      check: 'who is asked',
      bad: filters({ type: 'ExternalAuth', externalAuth: { protocol: 'GRPC', backendRef: { name: 'a', port: 1 }, http: {} } }),
      tells: [...refused('missing-field', `${FILTER}.externalAuth`), ...refused('conflicting-fields', `${FILTER}.externalAuth.http`)],
      fine: [],
    },
    {
      check: 'timeouts',
      bad: route({ timeouts: { request: '1s', backendRequest: '2s' } }, { timeouts: { request: '1.5s' } }),
      tells: [...refused('out-of-range', 'spec.rules[0].timeouts.backendRequest'), ...refused('malformed-value', 'spec.rules[1].timeouts.request')],
      fine: [route({ timeouts: { request: '0s', backendRequest: '2s' } }, { timeouts: { request: '1m30s' } })],
    },
    {
      check: 'too many matches',
      bad: route(...[1, 2, 3].map(() => ({ matches: Array.from({ length: 43 }, () => ({})) }))),
      tells: refused('out-of-range', 'spec.rules'),
      fine: [],
    },
    {
      check: 'sessions',
      bad: route({ sessionPersistence: { type: 'Header', cookieConfig: { lifetimeType: 'Permanent' } } }),
      tells: [
        ...refused('conflicting-fields', 'spec.rules[0].sessionPersistence.cookieConfig'),
        ...refused('missing-field', 'spec.rules[0].sessionPersistence'),
      ],
      fine: [route({ sessionPersistence: { cookieConfig: {} } })],
    },
  ]);
});

describe('GRPCRoute', () => {
  const match = (method: object) => ({ rules: [{ matches: [{ method }] }] });
  holdTable('GRPCRoute', [
    {
      check: 'methods',
      bad: match({}),
      tells: refused('missing-field', 'spec.rules[0].matches[0].method'),
      fine: [match({ service: 'shop.v1.Cart' }), match({ method: 'Get' })],
    },
    {
      check: 'names of methods',
      bad: match({ service: 'shop/Cart', method: '1' }),
      tells: refused('malformed-value', 'spec.rules[0].matches[0].method.service', 'spec.rules[0].matches[0].method.method'),
      fine: [match({ type: 'RegularExpression', service: 'shop/.*' })],
    },
  ]);
});

describe('other routes', () => {
  holdTable('TLSRoute', [
    {
      check: 'rules',
      bad: {},
      tells: refused('missing-field', 'spec'),
      fine: [{ hostnames: ['*.example.com'], rules: [{ backendRefs: [{ name: 'a', port: 443 }] }] }],
    },
    { check: 'backends', bad: { rules: [{ backendRefs: [] }] }, tells: refused('out-of-range', 'spec.rules[0].backendRefs'), fine: [] },
  ]);
  holdTable('TCPRoute', [
    { check: 'no rules', bad: { rules: [] }, tells: refused('out-of-range', 'spec.rules'), fine: [{ rules: [{ backendRefs: [{ name: 'a', port: 1 }] }] }] },
  ]);
  holdTable('ReferenceGrant', [
    {
      check: 'from and to',
      bad: { from: [], to: [{ group: 'A', kind: '' }] },
      tells: [...refused('out-of-range', 'spec.from'), ...refused('malformed-value', 'spec.to[0].group'), ...refused('out-of-range', 'spec.to[0].kind')],
      fine: [{ from: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', namespace: 'shop' }], to: [{ group: '', kind: 'Service' }] }],
    },
  ]);
  holdTable('GatewayClass', [
    {
      check: 'controller',
      bad: { controllerName: 'istio' },
      tells: refused('malformed-value', 'spec.controllerName'),
      fine: [{ controllerName: 'istio.io/gateway-controller' }],
    },
  ]);
});

describe('BackendTLSPolicy', () => {
  const target = { group: '', kind: 'Service', name: 'rates' };
  const policy = (validation: object, targetRefs: readonly object[] = [target]) => ({ targetRefs, validation: { hostname: 'a.example.com', ...validation } });
  const system = { wellKnownCACertificates: 'System' };
  holdTable('BackendTLSPolicy', [
    {
      check: 'nothing to verify with',
      bad: policy({}),
      tells: refused('missing-field', 'spec.validation'),
      fine: [policy(system), policy({ caCertificateRefs: [{ group: '', kind: 'ConfigMap', name: 'ca' }] })],
    },
    {
      check: 'two things to verify with',
      bad: policy({ ...system, caCertificateRefs: [{ group: '', kind: 'ConfigMap', name: 'ca' }] }),
      tells: refused('conflicting-fields', 'spec.validation.wellKnownCACertificates'),
      fine: [],
    },
    {
      check: 'names',
      bad: policy({ ...system, hostname: '*.a.com', subjectAltNames: [{ type: 'URI', hostname: 'a' }, { type: 'Hostname' }, { type: 'URI', uri: 'a' }] }),
      tells: [
        ...refused('malformed-value', 'spec.validation.hostname'),
        ...refused('conflicting-fields', 'spec.validation.subjectAltNames[0].hostname'),
        ...refused('missing-field', 'spec.validation.subjectAltNames[0]', 'spec.validation.subjectAltNames[1]'),
        ...refused('malformed-value', 'spec.validation.subjectAltNames[2].uri'),
      ],
      fine: [
        policy({
          ...system,
          subjectAltNames: [
            { type: 'URI', uri: 'spiffe://a/b' },
            { type: 'Hostname', hostname: '*.a.com' },
          ],
        }),
      ],
    },
    {
      check: 'one target several times',
      bad: policy(system, [target, { ...target, sectionName: 'a' }, { ...target, name: 'b', sectionName: 'a' }, { ...target, name: 'b', sectionName: 'a' }]),
      tells: [...refused('conflicting-fields', 'spec.targetRefs[1]'), ...refused('malformed-value', 'spec.targetRefs[3]')],
      fine: [
        policy(system, [
          { ...target, sectionName: 'a' },
          { ...target, sectionName: 'b' },
        ]),
      ],
    },
  ]);
});
