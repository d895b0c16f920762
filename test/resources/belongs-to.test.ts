import { describe, expect, test } from 'vitest';
import { belongsTo, homesOf } from '../../src/resources/belongs-to.ts';
import { isDocumentedMeshField } from '../../src/resources/mesh-config.ts';

describe('homesOf', () => {
  test('finds a field in every kind that has it, nearest to the root first', () => {
    const homes = homesOf('exportTo').map((home) => `${home.kind} ${home.parent}`);
    expect(homes).toEqual(expect.arrayContaining(['ServiceEntry spec', 'VirtualService spec', 'DestinationRule spec']));
    expect(homesOf('tls').map((home) => home.parent)[0]).toBe('spec');
  });

  test('knows no field that the API hides or calls deprecated', () => {
    expect(homesOf('mirrorPercent')).toEqual([]);
    expect(homesOf('egressProxy')).toEqual([]);
  });

  test('knows nothing of names that only look like fields of an object', () => {
    expect(homesOf('constructor')).toEqual([]);
  });
});

describe('belongsTo', () => {
  test('names other kinds and the mesh configuration', () => {
    expect(belongsTo('outboundTrafficPolicy', 'ServiceEntry', ['spec'])).toBe("a Sidecar's spec, or to the mesh configuration");
  });

  test('names another level of the same kind before other kinds', () => {
    expect(belongsTo('timeout', 'VirtualService', ['spec'])).toBe('spec.http[]');
    expect(belongsTo('labels', 'Sidecar', ['spec'])).toBe('spec.workloadSelector');
    expect(belongsTo('hosts', 'VirtualService', [])).toBe('spec');
  });

  test('does not send a field back to where it was found', () => {
    expect(belongsTo('weight', 'VirtualService', ['spec', 'http', 0, 'route', 1])).toBe('spec.tls[].route[], or to spec.tcp[].route[]');
  });

  test('names the place within another kind', () => {
    expect(belongsTo('retries', 'DestinationRule', ['spec'])).toBe('spec.http[] of a VirtualService');
  });

  test('names only what the name tells', () => {
    expect(belongsTo('connectTimeout', 'Gateway', ['spec'])).toContain('the mesh configuration');
    expect(belongsTo('favouriteColor', 'Gateway', ['spec'])).toBeUndefined();
  });
});

test('the mesh configuration has its documented fields', () => {
  expect(isDocumentedMeshField('outboundTrafficPolicy')).toBe(true);
  expect(isDocumentedMeshField('verifyCertificateAtClient')).toBe(false);
});
