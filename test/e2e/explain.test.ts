import { describe, expect, it } from 'vitest';
import { directory, egressLint } from './support.ts';

const cwd = directory();

describe('egress-lint explain', () => {
  it.each([
    ['a rule', 'missing-client-mtls', 'missing-client-mtls (EL607)'],
    ['a code', 'EL607', 'missing-client-mtls (EL607)'],
    ['an error text', 'curl: (35) error:0A00010B:SSL routines::wrong version number', 'tls-originated-twice'],
    ['a status', '502', 'block_all'],
    ['a flag', 'NR', 'missing-gateway-leg'],
  ])('explains %s', (_, text, expected) => {
    const { status, out, err } = egressLint(['explain', text], { cwd });
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toContain(expected);
  });

  it('says what a line of an access log tells, and what may cause it', () => {
    const line = JSON.stringify({
      authority_for: 'rates.bank.example',
      method: 'GET',
      path: '/',
      response_code: 503,
      response_flags: 'NC',
      upstream_cluster: 'outbound|80|blue|rates.bank.example',
    });
    const { status, out } = egressLint(['explain', line], { cwd });
    expect(status).toBe(0);
    expect(out).toContain('GET rates.bank.example/');
    expect(out).toContain('subset blue');
    expect(out).toContain('undefined-subset');
  });

  it('refuses what it does not know, and names what it does', () => {
    const { status, out, err } = egressLint(['explain', 'the coffee is cold'], { cwd });
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toContain("'the coffee is cold'");
    expect(err).toContain('wrong-version-number');
  });

  it.each([
    [
      'EL999',
      "error: there is no rule with the code EL999; the nearest are EL904 (unreadable-file), EL903 (crashed-rule), EL902 (unknown-rule-name); 'egress-lint rules' lists all rules\n",
    ],
    ['missing-client-mlts', "error: there is no rule 'missing-client-mlts', and no page knows it as a symptom; did you mean 'missing-client-mtls'?\n"],
    ['wrong-verison-number', "error: there is no rule 'wrong-verison-number', and no page knows it as a symptom; did you mean 'wrong-version-number'?\n"],
  ])('says what %s could be, and not everything that there is', (text, expected) => {
    expect(egressLint(['explain', text], { cwd })).toEqual({ status: 2, out: '', err: expected });
  });

  it('knows what other programs call a defect', () => {
    expect(egressLint(['explain', 'IST0174'], { cwd }).out).toMatch(
      /^What istioctl analyze calls IST0174 is reported here by unused-destination-rule\.\n\nunused-destination-rule \(EL324\)\n/,
    );
    expect(egressLint(['explain', 'ist0101'], { cwd }).out).toMatch(/^- `undefined-subset` \(EL305\): /m);
    expect(egressLint(['explain', 'KIA0203'], { cwd }).out).toContain('What Kiali calls KIA0203');
    expect(egressLint(['explain', 'IST9999'], { cwd })).toEqual({
      status: 2,
      out: '',
      err: "error: no rule reports what istioctl analyze calls IST9999; 'egress-lint rules' lists what is reported\n",
    });
  });

  it('names what is nearest to a text in words that no page has', () => {
    const { status, out, err } = egressLint(['explain', 'calls leave the pod directly, not by the egress gateway'], { cwd });
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toMatch(/^Nearest to it\n/);
    expect(out).toContain('- gateway-bypassed: ');
  });

  describe('with files', () => {
    const ENTRY = (name: string, host: string) =>
      `apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: { name: ${name}, namespace: shop }\nspec:\n  hosts: [${host}]\n  ports: [{ number: 443, name: tls, protocol: TLS }]\n  resolution: DNS\n`;
    const RULE = `apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: { name: rates, namespace: shop }\nspec:\n  host: rates.bank.example\n  trafficPolicy: { tls: { mode: SIMPLE } }\n`;
    const ROUTE = `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: { name: rates, namespace: shop }\nspec:\n  hosts: [rates.bank.example]\n  tls: [{ match: [{ port: 443, sniHosts: [rates.bank.example] }], route: [{ destination: { host: gone.bank.example } }] }]\n`;
    const GATEWAY = `apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: { name: out, namespace: shop }\nspec: { selector: { istio: egressgateway }, servers: [{ port: { number: 8443, name: tls, protocol: TLS }, hosts: [rates.bank.example], tls: { mode: PASSTHROUGH } }] }\n`;
    const LEG = (gateway: string, port: number, host: string) =>
      `{ match: [{ gateways: [${gateway}], port: ${port}, sniHosts: [rates.bank.example] }], route: [{ destination: { host: ${host} } }] }`;
    const LEGS = `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: { name: rates, namespace: shop }\nspec:\n  hosts: [rates.bank.example]\n  gateways: [mesh, out]\n  tls: [${LEG('mesh', 443, 'istio-egressgateway.istio-system.svc.cluster.local, port: { number: 8443 }')}, ${LEG('out', 8443, 'rates.bank.example, port: { number: 443 }')}]\n`;
    const files = directory({
      'double.yaml': [ENTRY('rates', 'rates.bank.example'), RULE].join('---\n'),
      'port.yaml': [ENTRY('rates', 'rates.bank.example'), GATEWAY, LEGS].join('---\n'),
      'gone.yaml': [ENTRY('rates', 'rates.bank.example'), ROUTE].join('---\n'),
    });
    const line = (flag: string, cluster: string) =>
      `[2026-08-22T10:00:00.000Z] "- - -" 0 ${flag} - - "-" 0 0 0 - "-" "-" "-" "-" "-" ${cluster} - 203.0.113.7:443 10.1.2.3:55555 rates.bank.example -`;

    it('shows what it finds in them, whatever it is asked', () => {
      const unknown = egressLint(['explain', 'the coffee is cold', 'double.yaml'], { cwd: files });
      expect({ status: unknown.status, err: unknown.err }).toEqual({ status: 0, err: '' });
      expect(unknown.out).toMatch(/^In these files\n\n {2}The linter finds:\n {2}\n {2}error\[EL201 tls-originated-twice\] double\.yaml:14:/);
      expect(unknown.out).toContain('No page knows this text.');
      const another = egressLint(['explain', '502', 'double.yaml'], { cwd: files });
      expect(another.out).toContain('Others do, and may be right all the same:\n  \n  error[EL201 tls-originated-twice] double.yaml:14:');
    });

    it('shows what is hidden otherwise, where nothing else may be the cause', () => {
      const { out } = egressLint(['explain', '503 NC', 'port.yaml'], { cwd: files });
      expect(out).toMatch(/^In these files\n\n {2}info\[EL604 gateway-port-not-exposed\] port\.yaml:/);
      expect(egressLint(['explain', 'wrong version number', 'port.yaml'], { cwd: files }).out).not.toContain('info[');
    });

    it('says what a rule finds in them', () => {
      const { status, out, err } = egressLint(['explain', 'EL201', 'double.yaml'], { cwd: files });
      expect({ status, err }).toEqual({ status: 0, err: '' });
      expect(out).toMatch(/^In these files\n\n {2}error\[EL201 tls-originated-twice\] double\.yaml:14:/);
      expect(out).toContain('\ntls-originated-twice (EL201)\n');
      expect(egressLint(['explain', 'EL201', 'gone.yaml'], { cwd: files }).out).toMatch(/^In these files\n\n {2}The rule finds nothing in these files\.\n/);
      expect(egressLint(['explain', 'EL201', 'lost.yaml'], { cwd: files }).status).toBe(2);
    });

    it('indents what a help goes on with', () => {
      expect(egressLint(['explain', 'EL201', 'double.yaml'], { cwd: files }).out).toMatch(/\n {4}→ \S.*\n {6}\S/);
    });

    it('finds the cause of a symptom', () => {
      const { status, out, err } = egressLint(['explain', 'wrong version number', 'double.yaml'], { cwd: files });
      expect({ status, err }).toEqual({ status: 0, err: '' });
      expect(out).toMatch(/^In these files\n\n {2}error\[EL201 tls-originated-twice\] double\.yaml:14:/);
      expect(egressLint(['explain', 'wrong version number', 'gone.yaml'], { cwd: files }).out).toMatch(/^In these files\n\n {2}None of the rules/);
    });

    it('finds the proxy that wrote a line', () => {
      const { status, out } = egressLint(['explain', line('NC', '-'), 'gone.yaml', '--from', 'shop'], { cwd: files });
      expect(status).toBe(0);
      expect(out).toMatch(/shop → https:\/\/rates\.bank\.example\n {4}1 sidecar: outbound\|443\|\|gone\.bank\.example {3}← wrote the line\n/);
      expect(out).toContain('The line fits these files.');
    });

    it('says where a line and the files differ', () => {
      const { out } = egressLint(['explain', line('-', 'PassthroughCluster'), 'double.yaml', '--from', 'shop'], { cwd: files });
      expect(out).toContain(
        'The line does not fit these files:\n    it was sent by PassthroughCluster, where the configuration has outbound|443||rates.bank.example\n',
      );
    });

    it('takes no client without files', () => {
      const { status, err } = egressLint(['explain', 'NR', '--from', 'shop'], { cwd: files });
      expect({ status, err }).toEqual({ status: 2, err: 'error: --from is of use only where files are read; name the files behind the text\n' });
    });
  });
});
