import { expect, test } from 'vitest';
import { meantAmong } from '../../src/text/meant-among.ts';

const NAMES = ['exportTo', 'serverCertificate', 'resolution'];

test.each([
  ['exportto', 'exportTo', 'case'],
  ['resolutoin', 'resolution', 'a slip'],
  ['server', 'serverCertificate', 'its beginning'],
  ['Certificate', 'serverCertificate', 'its end, whatever the case'],
])('%s means %s: %s', (word, name) => expect(meantAmong(word, NAMES)).toBe(name));

test.each([
  ['ser', NAMES, 'too short to be told from others'],
  ['cred', ['credentialName', 'credentialNames'], 'two names begin or end so'],
  ['workloadSelector', NAMES, 'nothing is like it'],
])('%s means none of %j: %s', (word, names) => expect(meantAmong(word, names)).toBeUndefined());
