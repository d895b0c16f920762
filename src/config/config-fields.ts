import { any, boolean, choice, type Infer, integer, list, map, object, required, string } from '../resources/field.ts';

/** The severities that a rule can be given. */
export const RULE_SEVERITIES = ['off', 'info', 'warning', 'error'] as const;
export const PRESET_NAMES = ['recommended', 'strict', 'all'] as const;

/** Read by rule-settings.ts: a severity, or a severity and options. */
export const ruleSetting = any();
const rules = (description: string, otherwise?: string) => map(ruleSetting, { description, ...(otherwise !== undefined && { otherwise }) });

/** Read by extends.ts: one name or several. */
export const extendsField = any({
  description: 'What to start from, one or several: the presets recommended, strict and all, ./a/file.yaml, or a package.',
  default: 'recommended',
});

/** Read by mesh-settings.ts. */
export const meshConfigField = any({
  description: "Istio's MeshConfig, as far as it matters: the fields written here hold over those of ConfigMaps and other configurations in view.",
  otherwise: 'what the files show',
});

const patterns = (description: string, otherwise: string) => list(string({ minLength: 1 }), { description, otherwise });
const labels = (description: string, otherwise = 'none') => map(string(), { description, otherwise });

const servicePort = object('port', {
  port: required(integer({ minimum: 1, maximum: 65_535, description: 'The port that clients connect to.' })),
  targetPort: integer({ minimum: 1, maximum: 65_535, description: 'The port of the Pods.', otherwise: 'the same as `port`' }),
  name: string({ description: 'Says the protocol, as in a Service: http, https-api, tcp.', otherwise: 'none; the protocol is detected' }),
  appProtocol: string({ description: 'Says the protocol, as in a Service; holds over the name.', otherwise: 'what the name says' }),
});

const service = object('service', {
  name: required(string({ minLength: 1, description: 'The name of the Service.' })),
  namespace: required(string({ minLength: 1, description: 'Its namespace.' })),
  ports: required(list(servicePort, { minItems: 1, description: 'Its ports.' })),
  labels: labels('The labels of its Pods.', 'unknown'),
});

const gateway = object('gateway', {
  name: required(string({ minLength: 1, description: 'The name of its Service.' })),
  namespace: string({ description: 'Its namespace.', default: 'istio-system' }),
  labels: labels('The labels of its Pods, which Gateways select.', '`app: NAME`, and `istio: NAME` without a leading `istio-`'),
  tlsMode: choice(['istio', 'disabled'], {
    description: "The Pods' label security.istio.io/tlsMode. With istio, sidecars speak mutual TLS to the gateway by themselves.",
    otherwise: 'no such label',
  }),
  ports: list(servicePort, { description: "The Service's ports.", otherwise: 'those of a Service in view, or of the stock gateway' }),
});

const namespace = object('namespace', {
  name: required(string({ minLength: 1, description: 'The name of the Namespace.' })),
  injected: required(boolean({ description: 'Whether its Pods get sidecars.' })),
  labels: labels('Further labels of the Namespace.'),
});

const secret = object('secret', {
  name: required(string({ minLength: 1, description: 'The name of the Secret.' })),
  namespace: required(string({ minLength: 1, description: 'Its namespace.' })),
  keys: list(string(), { description: 'The keys that it holds.', otherwise: 'unknown' }),
});

const assume = object(
  'assume',
  {
    services: list(service, { description: 'Services outside of the files.', otherwise: 'unknown' }),
    gateways: list(gateway, { description: 'Gateways whose Pods, and Services, are outside of the files.', otherwise: 'the stock gateways' }),
    namespaces: list(namespace, { description: 'Namespaces outside of the files.', otherwise: 'unknown' }),
    secrets: list(secret, { description: 'Secrets outside of the files; only names.', otherwise: 'unknown' }),
    dnsCapture: boolean({
      description: 'Whether sidecars answer DNS queries themselves (ISTIO_META_DNS_CAPTURE).',
      otherwise: 'what mesh configurations in view say, else `false`',
    }),
  },
  { description: 'What exists in the cluster though no file shows it.', otherwise: 'the stock gateways' },
);

const override = object('override', {
  files: patterns('Files that it is for, by patterns as in .gitignore.', 'all'),
  namespaces: list(string({ minLength: 1 }), { description: 'Namespaces that it is for.', otherwise: 'all' }),
  kinds: list(string({ minLength: 1 }), { description: 'Kinds that it is for: ServiceEntry, Gateway, ...', otherwise: 'all' }),
  rules: required(rules('Severities of rules for these.')),
});

/** The keys of `egress-lint.yaml`: what is checked, what is typed, and what docs/egress-lint.schema.json says. */
export const configFields = object('the configuration', {
  extends: extendsField,
  namespace: string({ minLength: 1, description: 'Where objects that name no namespace land.', otherwise: '`default`, as a guess' }),
  meshConfig: meshConfigField,
  meshConfigFile: string({
    minLength: 1,
    description: 'A file that holds a bare MeshConfig, relative to this one. meshConfig holds over it.',
    otherwise: 'none',
  }),
  assume,
  closedWorld: boolean({
    description: 'Whether the files and `assume` show everything: what they refer to and do not show is then an error.',
    default: false,
  }),
  meshes: map(list(string({ minLength: 1 }), { minItems: 1 }), {
    description: 'The meshes in this tree: for each, the patterns of the files that belong to it.',
    otherwise: 'directories that hold the same objects are judged apart',
  }),
  plugins: list(string({ minLength: 1 }), {
    description: 'Modules with rules of your own, relative to this file: ./rules/x.mjs. They run only with --allow-plugins.',
    otherwise: 'none',
  }),
  rules: rules('Severities of rules, by name or code: off, info, warning, error, or [severity, options].', "each rule's own"),
  overrides: list(override, { description: 'Severities for some files, namespaces or kinds; of several that fit, the last holds.', otherwise: 'none' }),
  ignore: patterns('Files that are not linted unless they are named on the command line: patterns as in .gitignore.', 'none'),
  failOn: choice(['error', 'warning', 'info'], { description: 'The least that fails the run.', default: 'error' }),
  maxWarnings: integer({ minimum: 0, description: 'Fail on more warnings than this.', otherwise: 'no limit' }),
});

/** A configuration file as written, decoded. */
export type ConfigValues = Infer<typeof configFields>;
