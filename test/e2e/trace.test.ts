import { describe, expect, it } from 'vitest';
import { directory, egressLint } from './support.ts';

const ENTRY = `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: rates, namespace: shop }
spec:
  hosts: [rates.bank.example]
  ports: [{ number: 443, name: tls, protocol: TLS }]
  resolution: DNS
`;
const RULE = `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: rates, namespace: shop }
spec:
  host: rates.bank.example
  trafficPolicy: { tls: { mode: SIMPLE } }
`;
const ONLY = `apiVersion: v1
kind: ConfigMap
metadata: { name: istio, namespace: istio-system }
data:
  mesh: |
    outboundTrafficPolicy: { mode: REGISTRY_ONLY }
`;
const POD = `apiVersion: v1
kind: Pod
metadata: { name: checkout-1, namespace: shop, labels: { app: checkout } }
spec: { serviceAccountName: pay, containers: [] }
`;

const good = directory({ 'k8s/egress.yaml': ENTRY });
const double = directory({ 'k8s/egress.yaml': ENTRY, 'k8s/rule.yaml': RULE, 'k8s/pod.yaml': POD });
const closed = directory({ 'k8s/egress.yaml': ENTRY, 'k8s/mesh.yaml': ONLY });

describe('egress-lint trace', () => {
  it.each([
    ['a namespace that no file holds', 'shopp', 'https://rates.bank.example', 'Nothing in the files is in namespace shopp (did you mean shop?)'],
    ['a port that the host is not registered with', 'shop', 'https://rates.bank.example:8443', 'rates.bank.example is registered with port 443 only'],
    ['a name that is nearly one in the files', 'shop', 'https://raets.bank.example', 'nowhere in the files, rates.bank.example is'],
  ])('says that it takes %s as it is written', (_, from, to, expected) => {
    expect(egressLint(['trace', 'k8s', '--from', from, '--to', to], { cwd: good }).out.replace(/\s+/g, ' ')).toContain(expected);
    expect(egressLint(['trace', 'k8s', '--from', 'shop', '--to', 'https://rates.bank.example'], { cwd: good }).out).not.toMatch(
      /Nothing in|registered (with|nowhere)/,
    );
  });

  it('tells a way that leads to the server, and exits with 0', () => {
    const { status, out, err } = egressLint(['trace', 'k8s', '--from', 'shop', '--to', 'https://rates.bank.example'], { cwd: good });
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toMatch(/✓ direct: it arrives[\s\S]*outbound\|443\|\|rates\.bank\.example[\s\S]*k8s\/egress\.yaml:5:11[\s\S]*istioctl proxy-config listener/);
  });

  it('tells where a way ends, what people see and what to change, and exits with 1', () => {
    const { status, out, err } = egressLint(['trace', 'k8s', '--from', 'shop/checkout', '--to', 'https://rates.bank.example'], { cwd: double });
    expect({ status, err }).toEqual({ status: 1, err: '' });
    expect(out).toMatch(/shop\/app=checkout@pay → [\s\S]*✗ double-tls[\s\S]*wrong version number[\s\S]*k8s\/rule\.yaml:6[\s\S]*What to change\n {2}error\[/);
    expect(out).not.toContain('is in the files: it counts');
  });

  it('tells both stories where the outbound policy is not known', () => {
    const { status, out } = egressLint(['trace', 'k8s', '--from', 'shop', '--to', 'https://other.example'], { cwd: good });
    expect(status).toBe(1);
    expect(out).toMatch(/✓ passthrough with ALLOW_ANY \(Istio's default\)[\s\S]*✗ blocked at the sidecar with REGISTRY_ONLY[\s\S]*SSL_ERROR_SYSCALL/);
    expect(egressLint(['trace', 'k8s', '--from', 'shop', '--to', 'https://other.example'], { cwd: closed }).out).not.toContain('ALLOW_ANY');
  });

  it('takes a mesh configuration', () => {
    const cwd = directory({ 'a.yaml': ENTRY, 'mesh.yaml': 'outboundTrafficPolicy: { mode: REGISTRY_ONLY }\n' });
    const { out } = egressLint(['trace', 'a.yaml', '--mesh-config', 'mesh.yaml', '--from', 'shop', '--to', 'https://other.example'], { cwd });
    expect(out).toMatch(/^ {2}✗ blocked at the sidecar: /m);
  });

  it('names the clients that are treated alike where nobody says who connects', () => {
    const sidecar = `apiVersion: networking.istio.io/v1\nkind: Sidecar\nmetadata: { name: s, namespace: closed }\nspec: { egress: [{ hosts: ["./*"] }] }\n`;
    const cwd = directory({ 'a.yaml': `${ENTRY}---\n${ONLY}---\n${sidecar}---\n${POD}` });
    const { status, out } = egressLint(['trace', 'a.yaml', '--to', 'https://rates.bank.example', '--format', 'json'], { cwd });
    expect(status).toBe(1);
    const answers = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(answers.map(({ clients, expect: { outcome } }) => [clients, outcome])).toEqual([
      [['closed'], 'blocked'],
      [['shop', 'shop/app=checkout@pay'], 'direct'],
    ]);
  });

  it('answers many connections, one line of JSON for each', () => {
    const probe = (host: string, proto: string) => ({ from: { namespace: 'shop', labels: {} }, to: { host, port: 443 }, proto });
    const probes = [probe('rates.bank.example', 'https'), probe('rates.bank.example', 'http')];
    for (const input of [JSON.stringify(probes), probes.map((each) => JSON.stringify(each)).join('\n')]) {
      const { status, out, err } = egressLint(['trace', 'k8s', '--probes', '-', '--format', 'json'], { cwd: closed, input });
      expect({ status, err }).toEqual({ status: 1, err: '' });
      const answers = out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect(answers.map(({ version, probe: asked, expect: { outcome, hops } }) => [version, asked.proto, outcome, hops[0].cluster])).toEqual([
        [1, 'https', 'direct', 'outbound|443||rates.bank.example'],
        [1, 'http', 'blocked', 'BlackHoleCluster'],
      ]);
      expect(answers[0].expect.hops[0].decidedBy[0]).toMatchObject({
        resource: { kind: 'ServiceEntry', name: 'rates' },
        path: 'spec.hosts[0]',
        location: { file: 'k8s/egress.yaml', startLine: 5 },
      });
    }
  });

  it('says of two objects of unknown age that it goes by the order of documents, unless it is told so', () => {
    const route = (name: string, host: string) =>
      `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: { name: ${name}, namespace: shop }\nspec:\n  hosts: [rates.bank.example]\n  tls: [{ match: [{ port: 443, sniHosts: [rates.bank.example] }], route: [{ destination: { host: ${host} } }] }]\n`;
    const other = ENTRY.replace('name: rates', 'name: other').replace('rates.bank', 'other.bank');
    const cwd = directory({ 'a.yaml': [ENTRY, other, route('a', 'rates.bank.example'), route('b', 'other.bank.example')].join('---\n') });
    const ask = (...more: string[]) => egressLint(['trace', 'a.yaml', '--from', 'shop', '--to', 'https://rates.bank.example', ...more], { cwd }).out;
    expect(ask()).toMatch(/the older one wins[\s\S]*outbound\|443\|\|other\.bank\.example/);
    expect(ask('--assume-order', 'file')).not.toContain('the older one wins');
  });

  it.each([
    [['trace', 'k8s'], 'add --to URL'],
    [['trace', 'k8s', '--to', 'ftp://x'], 'http, https, mtls, tls or tcp'],
    [['trace', 'k8s', '--to', 'https://x.example', '--from', 'Shop!'], 'write NAMESPACE'],
    [['trace', 'k8s', '--to', 'https://x.example', '--from', 'shop/nobody'], 'no Pod or workload shop/nobody'],
    [['trace', 'nowhere', '--to', 'https://x.example'], "cannot read 'nowhere'"],
    [['trace', 'k8s', '--probes', 'none.json'], 'cannot read none.json'],
    [['trace', 'k8s', '--to', 'https://x.example', '--header', 'nonsense'], 'write NAME:VALUE'],
  ])('refuses %j', (args, text) => {
    const { status, out, err } = egressLint(args, { cwd: good });
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toMatch(/^error: .*\n$/);
    expect(err).toContain(text);
  });
});
