import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Answer } from '../src/engine/answer.ts';
import type { Assumptions } from '../src/index.ts';
import { outsideData } from './support/data.ts';
import { answersIn, clustersOf, endText, probeOf } from './support/trace.ts';

const data = outsideData('scenarios');

interface Row {
  readonly files: readonly string[];
  readonly from: string;
  readonly to: string;
  readonly end: string;
  /** What each proxy on the way sends by, or, where it sends nothing, its virtual host or listener. */
  readonly by?: readonly string[];
  /** What arrives. */
  readonly wire?: string;
  readonly sees?: RegExp;
  readonly assumed?: RegExp;
  /** `POLICY: end`, where that is another one. */
  readonly others?: readonly string[];
  /** The objects that are refused as they are written, and what happens meanwhile. */
  readonly written?: { readonly refused: readonly string[]; readonly stories: readonly string[] };
  /** Text that is replaced. */
  readonly change?: readonly [from: string | RegExp, to: string];
  readonly assumptions?: Assumptions;
}

const GATEWAY = 'istio-egressgateway.istio-system.svc.cluster.local';
const LABELED: Assumptions = { gateways: [{ name: 'istio-egressgateway', namespace: 'istio-system', labels: { istio: 'egressgateway' }, tlsMode: 'istio' }] };
const UNREGISTERED = ["ALLOW_ANY (Istio's default): passthrough", 'REGISTRY_ONLY: blocked UH at sidecar'];
const CURL = { from: 'busybox/app=curlbox', to: 'https://api.mydomain.com' };
const MUTUAL = /MUTUAL\n\s+serverCertificate.*\n\s+privateKey.*\n\s+caCertificates.*\n/;

/** What Istio does with the configurations that this project was started for. */
const ROWS: Readonly<Record<string, Row>> = {
  'the question: refused as it is written, delivered once repaired': {
    ...CURL,
    files: ['aks-sidecar-ssl-error/question.yaml'],
    end: 'direct',
    by: ['outbound|443||api.mydomain.com'],
    wire: 'tls',
    written: { refused: ['ServiceEntry enternal-services'], stories: UNREGISTERED },
  },
  'the answer: a Sidecar is refused, too': {
    ...CURL,
    files: ['aks-sidecar-ssl-error/answer.yaml'],
    end: 'direct',
    written: { refused: ['ServiceEntry internal-services', 'Sidecar allow-apim'], stories: UNREGISTERED },
  },
  'the star': { ...CURL, files: ['aks-sidecar-ssl-error/star-namespace.yaml'], end: 'direct', by: ['outbound|443||api.mydomain.com'], wire: 'tls' },
  'the question under REGISTRY_ONLY': {
    ...CURL,
    files: ['aks-sidecar-ssl-error/question.yaml'],
    assumptions: { meshConfig: { settings: { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } } } },
    end: 'direct',
    written: { refused: ['ServiceEntry enternal-services'], stories: ['blocked UH at sidecar'] },
  },
  'http without an entry': {
    files: ['asm-http-egress-gateway/registry-only-without-service-entry.yaml'],
    from: 'default',
    to: 'http://aliyun.com',
    end: 'blocked 502 at sidecar',
    by: ['block_all'],
    sees: /HTTP 502 .*block_all/,
    assumed: /stock gateways.*Without any such Service: blocked \(BlackHoleCluster\)/,
  },
  'http with an entry': {
    files: ['asm-http-egress-gateway/service-entry-only.yaml'],
    from: 'default',
    to: 'http://aliyun.com',
    end: 'direct',
    by: ['outbound|80||aliyun.com'],
    wire: 'plaintext',
  },
  'http to another host': {
    files: ['asm-http-egress-gateway/service-entry-only.yaml'],
    from: 'default',
    to: 'http://other.com',
    end: 'blocked 502 at sidecar',
    by: ['block_all'],
  },
  'http through the gateway': {
    files: ['asm-http-egress-gateway/through-gateway.yaml'],
    from: 'default',
    to: 'http://aliyun.com',
    end: 'gateway',
    by: [`outbound|80||${GATEWAY}`, 'outbound|80||aliyun.com'],
    wire: 'plaintext',
    assumed: /istio-system\/istio-egressgateway is not in the files/,
  },
  'Istio 1.0, http': {
    files: ['istio-1.0-egress-gateway/http-plain.yaml'],
    from: 'default',
    to: 'http://edition.cnn.com',
    end: 'gateway',
    wire: 'plaintext',
  },
  'Istio 1.0, TLS origination': {
    files: ['istio-1.0-egress-gateway/tls-origination-plain.yaml'],
    from: 'default',
    to: 'http://edition.cnn.com',
    end: 'gateway',
    by: [`outbound|443|cnn|${GATEWAY}`, 'outbound|443||edition.cnn.com'],
    wire: 'tls',
  },
  'Istio 1.0, passthrough': {
    files: ['istio-1.0-egress-gateway/passthrough-plain.yaml'],
    from: 'default',
    to: 'https://edition.cnn.com',
    end: 'gateway',
    wire: 'tls',
    written: { refused: ['VirtualService direct-cnn-through-egress-gateway'], stories: ['direct'] },
  },
  'Istio 1.0, http with mTLS by files': {
    files: ['istio-1.0-egress-gateway/http-mtls.yaml'],
    from: 'default',
    to: 'http://edition.cnn.com',
    end: 'handshake-failed 503 UF at gateway',
    sees: /HTTP 503/,
  },
  'Istio 1.0, http with mTLS, repaired': {
    files: ['istio-1.0-egress-gateway/http-mtls.yaml'],
    change: [MUTUAL, 'ISTIO_MUTUAL\n'],
    from: 'default',
    to: 'http://edition.cnn.com',
    end: 'gateway',
  },
  'Istio 1.0, TLS origination with mTLS by files': {
    files: ['istio-1.0-egress-gateway/tls-origination-mtls.yaml'],
    from: 'default',
    to: 'http://edition.cnn.com',
    end: 'handshake-failed 503 UF at gateway',
  },
  'Istio 1.0, TLS origination with mTLS, repaired': {
    files: ['istio-1.0-egress-gateway/tls-origination-mtls.yaml'],
    change: [MUTUAL, 'ISTIO_MUTUAL\n'],
    from: 'default',
    to: 'http://edition.cnn.com',
    end: 'gateway',
    wire: 'tls',
  },
  'Istio 1.0, passthrough with mTLS by files': {
    files: ['istio-1.0-egress-gateway/passthrough-mtls.yaml'],
    from: 'default',
    to: 'https://edition.cnn.com',
    end: 'handshake-failed at gateway',
    sees: /connection reset/,
    written: { refused: ['VirtualService direct-cnn-through-egress-gateway'], stories: ['direct'] },
  },
  'today, http': {
    files: ['istio-egress-gateway/http.yaml'],
    from: 'default',
    to: 'http://edition.cnn.com',
    end: 'gateway',
    wire: 'plaintext',
  },
  'today, https beside it': {
    files: ['istio-egress-gateway/http.yaml'],
    from: 'default',
    to: 'https://edition.cnn.com',
    end: 'direct',
    by: ['outbound|443||edition.cnn.com'],
    wire: 'tls',
  },
  'today, passthrough': {
    files: ['istio-egress-gateway/https-passthrough.yaml'],
    from: 'default',
    to: 'https://edition.cnn.com',
    end: 'gateway',
    by: [`outbound|443|cnn|${GATEWAY}`, 'outbound|443||edition.cnn.com'],
    wire: 'tls',
  },
  'today, passthrough from another namespace': {
    files: ['istio-egress-gateway/https-passthrough.yaml'],
    from: 'test-egress',
    to: 'https://edition.cnn.com',
    end: 'no-cluster NC at sidecar',
    by: [`outbound|443|cnn|${GATEWAY}`],
    sees: /connection reset .*NC/,
  },
  'today, passthrough with the policy': {
    files: ['istio-egress-gateway/https-passthrough.yaml', 'istio-egress-gateway/network-policy.yaml'],
    from: 'default',
    to: 'https://edition.cnn.com',
    end: 'gateway',
  },
  'today, passthrough with the policy, from another namespace': {
    files: ['istio-egress-gateway/https-passthrough.yaml', 'istio-egress-gateway/network-policy.yaml'],
    from: 'test-egress',
    to: 'https://edition.cnn.com',
    end: 'gateway',
  },
  'today, passthrough with the policy and without the subset': {
    files: ['istio-egress-gateway/https-passthrough.yaml', 'istio-egress-gateway/network-policy-without-subset.yaml'],
    from: 'test-egress',
    to: 'https://edition.cnn.com',
    end: 'no-cluster NC at sidecar',
  },
  'step 3 on a stock gateway': {
    files: ['asm-external-mtls/step3-http-through-gateway.yaml'],
    from: 'default',
    to: 'http://test.com',
    end: 'plaintext-to-tls 503 UF at gateway',
    sees: /HTTP 503/,
  },
  'step 3 on a labeled gateway': {
    files: ['asm-external-mtls/step3-http-through-gateway.yaml'],
    from: 'default',
    to: 'http://test.com',
    assumptions: LABELED,
    end: 'gateway',
    wire: 'plaintext',
  },
  'step 4 on a stock gateway': {
    files: ['asm-external-mtls/step4-mtls-origination.yaml'],
    from: 'default',
    to: 'http://test.com',
    end: 'plaintext-to-tls 503 UF at gateway',
  },
  'step 4 on a labeled gateway': {
    files: ['asm-external-mtls/step4-mtls-origination.yaml'],
    from: 'default',
    to: 'http://test.com',
    assumptions: LABELED,
    end: 'gateway',
    by: [`outbound|80||${GATEWAY}`, 'outbound|443||test.com'],
    wire: 'mtls',
  },
  'step 5, a path that is allowed': {
    files: ['asm-external-mtls/step5-authorization.yaml'],
    from: 'default@sleep',
    to: 'http://test.com/ip',
    assumptions: LABELED,
    end: 'gateway',
  },
  'step 5, the path that is denied to the identity': {
    files: ['asm-external-mtls/step5-authorization.yaml'],
    from: 'default@sleep',
    to: 'http://test.com/headers',
    assumptions: LABELED,
    end: 'denied 403 at gateway',
    sees: /RBAC: access denied/,
  },
};

describe.skipIf(data === undefined)('what Istio does in the scenarios (skipped without EGRESS_LINT_DATA)', () => {
  test.each(Object.entries(ROWS))('%s', (_, row) => {
    const [before, after] = row.change ?? ['', ''];
    const files = row.files.map((file) => {
      const text = readFileSync(`${data}/${file}`, 'utf8');
      if (before !== '') expect(text).toMatch(before);
      return { file, text: text.replace(before, after), named: true };
    });
    const answer = answersIn(files, row.assumptions).answer(probeOf(row.from, row.to));
    expect(endText(answer.expect)).toBe(row.end);
    if (row.by) expect(clustersOf(answer.expect)).toEqual(row.by);
    expect(answer.expect.delivered?.as).toBe(row.wire ?? answer.expect.delivered?.as);
    if (row.sees) expect(seen(answer)).toMatch(row.sees);
    if (row.assumed) expect(answer.assumptions.join('\n')).toMatch(row.assumed);
    expect((answer.others ?? []).map(storyText)).toEqual(row.others ?? []);
    expect(
      answer.asWritten && {
        refused: answer.asWritten.refused.map(({ resource }) => `${resource.kind} ${resource.name}`),
        stories: answer.asWritten.stories.map(storyText),
      },
    ).toEqual(row.written);
  });

  test('the SSL error of the question is what people see while it is refused', () => {
    const file = 'aks-sidecar-ssl-error/question.yaml';
    const answer = answersIn([{ file, text: readFileSync(`${data}/${file}`, 'utf8') }]).answer(probeOf(CURL.from, CURL.to));
    const [allowed, blocked] = answer.asWritten?.stories ?? [];
    expect(allowed && clustersOf(allowed.expect)).toEqual(['PassthroughCluster']);
    expect(blocked && clustersOf(blocked.expect)).toEqual(['BlackHoleCluster']);
    expect(blocked && seen(blocked)).toMatch(/curl: \(35\) .*SSL_ERROR_SYSCALL.*UH BlackHoleCluster/);
    expect(answer.asWritten?.refused.map(({ refusedBy, location }) => `${refusedBy} ${location.startLine}:${location.startColumn}`)).toEqual([
      'strict-client 17:3',
    ]);
  });
});

function storyText({ when, expect: end }: NonNullable<Answer['others']>[number]): string {
  return `${when === '' ? '' : `${when}: `}${endText(end)}`;
}

function seen({ symptom }: Pick<Answer, 'symptom'>): string {
  return [symptom.client, symptom.flag, symptom.log].filter((part) => part !== undefined).join(' ');
}
