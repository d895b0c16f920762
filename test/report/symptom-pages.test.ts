import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { RULES } from '../../rules/index.ts';
import { explainedBy, nearInWords, parseSymptomPage, symptomsFor } from '../../src/report/symptom-pages.ts';

const docs = fileURLToPath(new URL('../../docs', import.meta.url));
const pages = readdirSync(`${docs}/symptoms`).map((file) => parseSymptomPage(file.replace(/\.md$/, ''), readFileSync(`${docs}/symptoms/${file}`, 'utf8')));

describe.each(pages.map((page) => [page.name, page] as const))('docs/symptoms/%s.md', (_, page) => {
  it('has all its parts', () => {
    const headings = [...page.markdown.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
    expect(headings).toEqual(['Seen as', 'What it means', 'Causes in the configuration', 'Causes outside of it', 'How to confirm']);
    expect(page.rules.length).toBeGreaterThan(0);
  });

  it('links to pages that exist', () => {
    const links = [...page.markdown.matchAll(/\]\(([^)]+)\)/g)].map(([, link = '']) => link);
    expect(links.filter((link) => !existsSync(`${docs}/symptoms/${link}`))).toEqual([]);
  });

  it('is the first that its own texts find, but for those that others share', () => {
    for (const seen of page.seenAs) expect(symptomsFor(seen, pages)[0]?.seenAs).toContain(seen);
  });
});

it('has a guide that lists every page', () => {
  const guide = readFileSync(`${docs}/from-symptom-to-cause.md`, 'utf8');
  const listed = [...guide.matchAll(/\]\(symptoms\/([^)]+)\.md\)/g)].map(([, name]) => name);
  expect(listed).toEqual(pages.map(({ name }) => name));
});

it('names every rule by which calls fail', () => {
  const named = new Set(pages.flatMap(({ rules }) => rules));
  const families = new Set(['tls', 'hosts', 'ports', 'visibility', 'gateways']);
  const missing = RULES.filter(({ meta }) => families.has(meta.family) && meta.severity === 'error' && !named.has(meta.name)).map(({ meta }) => meta.name);
  expect(missing).toEqual([]);
});

describe('symptomsFor', () => {
  it.each([
    ['curl: (35) error:0A00010B:SSL routines::wrong version number', 'wrong-version-number'],
    ['TLS_error:|268435703:SSL routines:OPENSSL_internal:WRONG_VERSION_NUMBER', 'tls-error-wrong-version-number'],
    ['curl: (35) OpenSSL SSL_connect: SSL_ERROR_SYSCALL in connection to api.bank.example:443', 'connection-reset'],
    ['HTTP/1.1 502 Bad Gateway', 'http-502'],
    ['503 NC', 'nc'],
    ['nr', 'nr'],
    ['RBAC: access denied', 'rbac-access-denied'],
    ['BlackHoleCluster', 'blackhole-cluster'],
    ['x509: certificate signed by unknown authority', 'certificate-verify-failed'],
    ['dial tcp: lookup api.bank.example: no such host', 'could-not-resolve'],
    ['strict decoding error: unknown field "spec.outboundTrafficPolicy"', 'refused-by-api-server'],
    ['the timeout of my VirtualService is not applied', 'no-effect'],
    ['gateway omitting listener "0.0.0.0_8443" due to: must have more than 0 chains in listener', 'connection-refused'],
    ['GnuTLS: An unexpected TLS packet was received.', 'wrong-version-number'],
    ['SSLException: Unrecognized SSL message, plaintext connection?', 'wrong-version-number'],
    ["Reason: You're speaking plain HTTP to an SSL-enabled server port.", 'plain-http-to-https'],
    ['original_dst_load_balancer: No downstream connection or no original_dst.', 'uh'],
    ['hosts must be FQDN or contain only prefix wildcards if no endpoints are provided for resolution mode DNS', 'refused-by-api-server'],
  ])('%s', (text, name) => {
    expect(symptomsFor(text, pages)[0]?.name).toBe(name);
  });

  it('knows nothing of what nobody ever saw', () => {
    expect(symptomsFor('the coffee is cold', pages)).toEqual([]);
    expect(symptomsFor('NRX', pages)).toEqual([]);
  });
});

describe('nearInWords', () => {
  const rules = RULES.map(({ meta }) => ({ name: meta.name, title: meta.summary, about: '' }));
  const all = [...pages.map(explainedBy), ...rules];

  it.each([
    ['nothing arrives at the egress gateway, calls leave the pod directly', 'gateway-bypassed'],
    ['REGISTRY_ONLY does nothing, every call is let through', 'not-blocked'],
    ['my DestinationRule has portLevelSettings but TLS is lost', 'port-level-settings-drop-tls'],
    ['is the waypoint missing that the entry names?', 'missing-waypoint'],
  ])('%s', (text, name) => {
    expect(nearInWords(text, all).map((each) => each.name)).toContain(name);
  });

  it('guesses at nothing by a single word, and at a few at most', () => {
    expect(nearInWords('the gateway', all)).toEqual([]);
    expect(nearInWords(all.map(({ title }) => title).join(' '), all)).toHaveLength(4);
  });
});

describe('parseSymptomPage', () => {
  it('refuses a page that nobody could find', () => {
    expect(() => parseSymptomPage('nothing', '# Nothing\n\n## Seen as\n')).toThrow('docs/symptoms/nothing.md');
  });
});
