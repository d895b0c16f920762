import { describe } from 'vitest';
import { holdTable } from './told.ts';

const selector = { matchLabels: { app: 'web' } };

describe('PeerAuthentication', () => {
  holdTable('PeerAuthentication', [
    {
      check: 'PA1: ports of nobody',
      bad: { portLevelMtls: { 443: { mode: 'DISABLE' } } },
      tells: ['api-server missing-field spec'],
      fine: [{ selector, portLevelMtls: { 443: { mode: 'DISABLE' } } }, { mtls: { mode: 'STRICT' } }, { selector: {} }],
    },
    { check: 'PA1: ports of all', bad: { selector: {}, portLevelMtls: { 443: {} } }, tells: ['api-server conflicting-fields spec.portLevelMtls'], fine: [] },
    {
      check: 'PA1: no ports',
      bad: { selector, portLevelMtls: { 0: {}, 65536: {}, https: {} } },
      tells: [
        'api-server out-of-range spec.portLevelMtls["0"]',
        'api-server out-of-range spec.portLevelMtls["65536"]',
        'api-server malformed-value spec.portLevelMtls.https',
      ],
      fine: [],
    },
    { check: 'PA1: an empty mapping', bad: { selector, portLevelMtls: {} }, tells: ['api-server malformed-value spec.portLevelMtls'], fine: [] },
    { check: 'selector', bad: { selector: { matchLabels: { app: 'w*' } } }, tells: ['api-server malformed-value spec.selector.matchLabels.app'], fine: [] },
  ]);
});

describe('RequestAuthentication', () => {
  const rule = (part: object) => ({ jwtRules: [part] });
  holdTable('RequestAuthentication', [
    {
      check: 'RA1: nobody issues',
      bad: rule({ jwks: '{"keys":[]}' }),
      tells: ['webhook missing-field spec.jwtRules[0]'],
      fine: [rule({ issuer: 'a' }), rule({ jwksUri: 'https://login.example.com/keys' }), {}, rule({ jwks_uri: 'http://a' })],
    },
    {
      check: 'RA1: values',
      bad: rule({
        issuer: 'a',
        jwksUri: 'ftp://a',
        audiences: [''],
        fromHeaders: [{ name: '' }],
        outputClaimToHeaders: [{ header: 'a b', claim: 'c' }],
        timeout: '1500us',
      }),
      tells: [
        'api-server out-of-range spec.jwtRules[0].audiences[0]',
        'api-server malformed-value spec.jwtRules[0].jwksUri',
        'api-server out-of-range spec.jwtRules[0].fromHeaders[0].name',
        'api-server malformed-value spec.jwtRules[0].outputClaimToHeaders[0].header',
        'webhook malformed-value spec.jwtRules[0].timeout',
      ],
      fine: [rule({ issuer: 'a', timeout: '5s', fromHeaders: [{ name: 'x-token', prefix: 'Bearer ' }] })],
    },
    {
      check: 'RA1: no keys',
      bad: rule({ issuer: 'a', jwks: 'keys' }),
      tells: ['webhook malformed-value spec.jwtRules[0].jwks'],
      fine: [rule({ issuer: 'a', jwks: '' })],
    },
    {
      check: 'RA3: keys from two places',
      bad: rule({ issuer: 'a', jwksUri: 'https://a', jwks: '{}' }),
      tells: ['api-server conflicting-fields spec.jwtRules[0].jwksUri'],
      fine: [],
    },
    { check: 'AP1: two sorts of targets', bad: { selector, targetRefs: [] }, tells: ['api-server conflicting-fields spec.selector'], fine: [{ selector }] },
  ]);
});

describe('Telemetry', () => {
  const tags = (tag: object) => ({ metrics: [{ overrides: [{ tagOverrides: { a: tag } }] }] });
  const TAG = 'spec.metrics[0].overrides[0].tagOverrides.a';
  holdTable('Telemetry', [
    {
      check: 'TE1: sampling and providers',
      bad: {
        tracing: [
          { randomSamplingPercentage: 120, providers: [{}], customTags: { '': { literal: { value: 'a' } }, b: { header: {}, environment: { name: 'A' } } } },
        ],
      },
      tells: [
        'api-server missing-field spec.tracing[0].providers[0]',
        'api-server out-of-range spec.tracing[0].randomSamplingPercentage',
        'api-server missing-field spec.tracing[0].customTags.b.header',
        'api-server conflicting-fields spec.tracing[0].customTags.b.environment',
        'webhook malformed-value spec.tracing[0].customTags[""]',
      ],
      fine: [{ tracing: [{ randomSamplingPercentage: 100, providers: [{ name: 'zipkin' }], customTags: { a: {} } }] }],
    },
    {
      check: 'TE1: UPSERT without value',
      bad: tags({ operation: 'UPSERT' }),
      tells: [`api-server missing-field ${TAG}`],
      fine: [tags({ operation: 'UPSERT', value: 'a' })],
    },
    { check: 'TE1: the same by omission', bad: tags({}), tells: [`webhook missing-field ${TAG}`], fine: [tags({ value: 'a' })] },
    { check: 'TE1: an empty value', bad: tags({ value: '' }), tells: [`webhook malformed-value ${TAG}.value`], fine: [] },
    {
      check: 'TE1: REMOVE with value',
      bad: tags({ operation: 'REMOVE', value: 'a' }),
      tells: [`api-server conflicting-fields ${TAG}.value`],
      fine: [tags({ operation: 'REMOVE' })],
    },
    {
      check: 'TE1: filters without expression',
      bad: { accessLogging: [{ filter: {} }, { filter: { expression: ' ' } }] },
      tells: ['webhook missing-field spec.accessLogging[0].filter', 'webhook malformed-value spec.accessLogging[1].filter.expression'],
      fine: [{ accessLogging: [{ filter: { expression: 'response.code >= 500' }, disabled: false }] }],
    },
  ]);
});

describe('ProxyConfig', () => {
  holdTable('ProxyConfig', [
    {
      check: 'PC1',
      bad: { concurrency: -1, environmentVariables: { A: 'x'.repeat(2049) } },
      tells: ['api-server out-of-range spec.concurrency', 'api-server out-of-range spec.environmentVariables.A'],
      fine: [{ concurrency: 0, environmentVariables: { ISTIO_META_DNS_CAPTURE: 'true' } }, {}],
    },
  ]);
});

describe('EnvoyFilter', () => {
  const patch = (part: object) => ({ configPatches: [{ applyTo: 'CLUSTER', patch: { operation: 'MERGE', value: {} }, ...part }] });
  const filter = (applyTo: string, match: object) => patch({ applyTo, match: { listener: { filterChain: { filter: match } } } });
  const PATCH = 'spec.configPatches[0]';
  const FILTER = `${PATCH}.match.listener.filterChain.filter`;
  const MANAGER = 'envoy.filters.network.http_connection_manager';
  holdTable('EnvoyFilter', [
    {
      check: 'EF2: half a patch',
      bad: { configPatches: [{}, { applyTo: 'CLUSTER' }, { applyTo: 'CLUSTER', patch: {} }, { applyTo: 'CLUSTER', patch: { operation: 'ADD' } }] },
      tells: [
        'webhook missing-field spec.configPatches[0]',
        'webhook missing-field spec.configPatches[1]',
        'webhook missing-field spec.configPatches[2].patch',
        'webhook missing-field spec.configPatches[3].patch',
      ],
      fine: [patch({}), patch({ patch: { operation: 'REMOVE' } }), { configPatches: [{ match: { context: 'WAYPOINT', waypoint: {} } }] }, {}],
    },
    {
      check: 'EF2: a match of something else',
      bad: patch({ match: { listener: { portNumber: 1 } } }),
      tells: [`webhook conflicting-fields ${PATCH}.match.listener`],
      fine: [patch({ match: { cluster: { service: 'a' } } }), patch({ match: { context: 'ANY' } }), patch({ applyTo: 'BOOTSTRAP', match: { cluster: {} } })],
    },
    { check: 'EF2: a filter without name', bad: filter('LISTENER', {}), tells: [`webhook missing-field ${FILTER}`], fine: [filter('LISTENER', { name: 'a' })] },
    {
      check: 'EF2: filters within filters',
      bad: filter('NETWORK_FILTER', { name: MANAGER, subFilter: { name: 'a' } }),
      tells: [`webhook conflicting-fields ${FILTER}.subFilter`],
      fine: [filter('HTTP_FILTER', { name: MANAGER, subFilter: { name: 'a' } })],
    },
    {
      check: 'EF2: filters within others',
      bad: filter('HTTP_FILTER', { name: 'a', subFilter: { name: 'b' } }),
      tells: [`webhook malformed-value ${FILTER}.name`],
      fine: [],
    },
    {
      check: 'EF2: a filter within without name',
      bad: filter('HTTP_FILTER', { name: MANAGER, subFilter: {} }),
      tells: [`webhook missing-field ${FILTER}.subFilter`],
      fine: [],
    },
    {
      check: 'EF2: versions',
      bad: patch({ match: { proxy: { proxyVersion: '[' } } }),
      tells: [`webhook malformed-value ${PATCH}.match.proxy.proxyVersion`],
      fine: [patch({ match: { proxy: { proxyVersion: '^1\\.30.*' } } }), patch({ match: { proxy: { proxyVersion: '['.repeat(1025) } } })],
    },
    {
      check: 'EF4: waypoints',
      bad: { configPatches: [{ match: { context: 'WAYPOINT' } }, { applyTo: 'LISTENER_FILTER', match: { waypoint: {} }, patch: { operation: 'REMOVE' } }] },
      tells: ['api-server missing-field spec.configPatches[0].match', 'api-server conflicting-fields spec.configPatches[1].match.waypoint'],
      fine: [],
    },
    {
      check: 'EF4: two sorts of targets',
      bad: { workloadSelector: {}, targetRefs: [] },
      tells: ['api-server conflicting-fields spec.workloadSelector'],
      fine: [{ workloadSelector: {} }],
    },
  ]);
});

describe('WorkloadEntry', () => {
  holdTable('WorkloadEntry', [
    {
      check: 'no address',
      bad: { ports: { http: 80 } },
      tells: ['api-server missing-field spec'],
      fine: [{ network: 'a' }, { address: '192.0.2.1' }, { address: 'db.example.com' }, { address: 'unix:///run/a.sock' }],
    },
    { check: 'an empty address', bad: { address: '' }, tells: ['webhook malformed-value spec.address'], fine: [{ address: '', network: 'a' }] },
    { check: 'an address of no form', bad: { address: 'a_b' }, tells: ['webhook malformed-value spec.address'], fine: [] },
    { check: 'a wildcard', bad: { address: '*.example.com' }, tells: ['webhook malformed-value spec.address'], fine: [] },
    { check: 'labels', bad: { address: 'a', labels: { 'a b': 'c' } }, tells: ['webhook malformed-value spec.labels["a b"]'], fine: [] },
    { check: 'a socket with ports', bad: { address: 'unix:///a', ports: { http: 80 } }, tells: ['api-server conflicting-fields spec.ports'], fine: [] },
  ]);
});

describe('WorkloadGroup', () => {
  const probe = (part: object) => ({ template: {}, probe: part });
  holdTable('WorkloadGroup', [
    { check: 'no template', bad: {}, tells: ['api-server missing-field spec'], fine: [{ template: {} }, { template: { labels: { 'a b': 'c' } } }] },
    { check: 'labels', bad: { template: {}, metadata: { labels: { a: '!' } } }, tells: ['webhook malformed-value spec.metadata.labels.a'], fine: [] },
    {
      check: 'a probe without method',
      bad: probe({ periodSeconds: 1 }),
      tells: ['webhook missing-field spec.probe'],
      fine: [probe({ tcpSocket: { port: 80 } })],
    },
    { check: 'a method that the webhook does not know', bad: probe({ grpc: { port: 80 } }), tells: ['webhook malformed-value spec.probe.grpc'], fine: [] },
    {
      check: 'two methods',
      bad: probe({ exec: { command: ['a'] }, tcpSocket: { port: 80 } }),
      tells: ['api-server conflicting-fields spec.probe.tcpSocket'],
      fine: [],
    },
    { check: 'no command', bad: probe({ exec: { command: [] } }), tells: ['webhook out-of-range spec.probe.exec.command'], fine: [] },
    {
      check: 'HTTP',
      bad: probe({ initialDelaySeconds: -1, httpGet: { scheme: 'http', httpHeaders: [{ value: 'a' }, { name: 'a_b' }, { name: 'a b' }, { name: '' }] } }),
      tells: [
        'api-server out-of-range spec.probe.initialDelaySeconds',
        'api-server missing-field spec.probe.httpGet',
        'api-server malformed-value spec.probe.httpGet.scheme',
        'webhook malformed-value spec.probe.httpGet.httpHeaders[1].name',
        'api-server malformed-value spec.probe.httpGet.httpHeaders[2].name',
        'api-server malformed-value spec.probe.httpGet.httpHeaders[3].name',
        'webhook missing-field spec.probe.httpGet.httpHeaders[0]',
      ],
      fine: [probe({ httpGet: { port: 80, scheme: 'HTTPS', httpHeaders: [{ name: 'x-a', value: 'b' }] } })],
    },
  ]);
});
