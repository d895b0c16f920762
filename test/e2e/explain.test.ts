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
});
