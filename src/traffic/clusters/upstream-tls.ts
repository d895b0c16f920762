import { stepInto } from '../../yaml/step-into.ts';
import type { Placed, Reason } from '../terms/reason.ts';
import type { Service } from '../terms/service.ts';
import type { UpstreamTls } from './cluster.ts';
import type { PortPolicy } from './policy-in-effect.ts';

type ClientTls = NonNullable<PortPolicy['tls']>;

/** What decides about the TLS of a cluster. */
export interface TlsInputs {
  readonly settings: ClientTls | undefined;
  /** Whose cluster it is. */
  readonly proxy: 'sidecar' | 'gateway';
  /** D-10: whether the rule is for some Pods only. */
  readonly hasSelector: boolean;
  readonly service: Pick<Service, 'host' | 'registry' | 'resolution' | 'subjectAltNames'>;
  readonly port: number;
  readonly subset: string;
  /** D-9: whether proxies speak mTLS by themselves, to all endpoints or to those that announce it. */
  readonly autoMtls: 'all' | 'announced' | undefined;
  /** The identities of the service's endpoints, as far as they are known. */
  readonly identities: readonly string[];
}

const PLAINTEXT: UpstreamTls = { mode: 'NONE', sni: '', alpn: [], subjectAltNames: [], verifies: 'nothing', isAutomatic: false };

const MESH_ALPN: readonly string[] = ['istio-peer-exchange', 'istio'];

/** D-8 to D-10: what a proxy puts around connections to a cluster. Istio: pilot/pkg/networking/core/cluster_tls.go, buildUpstreamTLSSettings. */
export function upstreamTls(inputs: TlsInputs): UpstreamTls {
  const { settings } = inputs;
  if (!settings) return automaticTls(inputs);
  switch (settings.mode) {
    case 'DISABLE':
      return PLAINTEXT;
    case 'ISTIO_MUTUAL':
      return meshTls(inputs, settings, false);
    case 'SIMPLE':
    case 'MUTUAL':
      return usersTls(inputs, settings, settings.mode);
    default:
      return settings.mode satisfies never;
  }
}

/** D-9: endpoints that do not announce mTLS get plaintext, where the proxy can choose among them. */
function automaticTls(inputs: TlsInputs): UpstreamTls {
  return inputs.autoMtls === undefined ? PLAINTEXT : meshTls(inputs, undefined, inputs.autoMtls === 'announced');
}

function meshTls({ service, port, subset, identities }: TlsInputs, settings: ClientTls | undefined, isAutomatic: boolean): UpstreamTls {
  const written = settings?.subjectAltNames ?? [];
  // Where the name is looked up for each request, no cluster's name stands for it.
  const sni = settings?.sni || (service.resolution === 'DYNAMIC_DNS' ? 'auto' : `outbound_.${port}_.${subset}_.${service.host}`);
  return {
    mode: 'ISTIO_MUTUAL',
    sni,
    alpn: MESH_ALPN,
    subjectAltNames: written.length > 0 ? written : [...service.subjectAltNames, ...identities],
    verifies: 'mesh',
    isAutomatic,
  };
}

function usersTls(inputs: TlsInputs, settings: ClientTls, mode: 'SIMPLE' | 'MUTUAL'): UpstreamTls {
  const { proxy, hasSelector, service } = inputs;
  const { credentialName = '', sni = '', subjectAltNames } = settings;
  // D-10: the settings are dropped without a word.
  if (credentialName !== '' && proxy === 'sidecar' && !hasSelector && !credentialName.startsWith('configmap://')) return PLAINTEXT;
  // D-11: without a certificate istiod gives the whole context up.
  if (mode === 'MUTUAL' && credentialName === '' && !(settings.clientCertificate && settings.privateKey)) return PLAINTEXT;
  const names = subjectAltNames.length > 0 || service.registry === 'kubernetes' ? subjectAltNames : service.subjectAltNames;
  const verifies = settings.insecureSkipVerify === true ? 'nothing' : 'other';
  return { mode, sni: sni === '' ? 'auto' : sni, alpn: [], subjectAltNames: names, verifies, isAutomatic: false };
}

/** The settings among the policies in effect, and their place. */
export function tlsSettings(policies: readonly Placed<PortPolicy>[]): { readonly settings: ClientTls; readonly at: Reason } | undefined {
  for (const { value, at } of policies) if (value.tls) return { settings: value.tls, at: { resource: at.resource, path: stepInto(at.path, 'tls') } };
  return undefined;
}
