import { describe, expect, test } from 'vitest';
import { slipOf } from '../../src/text/slip.ts';

describe('is a slip of', () => {
  test.each([
    ['egres-gateway', 'egress-gateway'],
    ['egresss-gateway', 'egress-gateway'],
    ['egrass-gateway', 'egress-gateway'],
    ['ergess-gateway', 'egress-gateway'],
    ['egressgateway', 'egress-gateway'],
    ['egress.gateway', 'egress-gateway'],
    ['Egress-Gateway', 'egress-gateway'],
    ['maps.wrold.example', 'maps.world.example'],
    ['rates.banks.example', 'rates.bank.example'],
  ])('%s: %s', (name, candidate) => {
    expect(slipOf(name, ['something-else', candidate])).toBe(candidate);
  });
});

describe('belongs to a series with, or is simply another name than', () => {
  test.each([
    ['egress-2', 'egress-1'],
    ['shard1.example', 'shard2.example'],
    ['eu.bank.example', 'us.bank.example'],
    ['gateway-east', 'gateway-west'],
    ['gateway-internal', 'gateway-external'],
    ['istio-egressgateway', 'istio-ingressgateway'],
    ['egress-a', 'egress-b'],
    ['api-dev.bank.example', 'api-prd.bank.example'],
    ['rates.bank.example', 'rates.bank.example'],
    ['a', 'b'],
    ['', ''],
  ])('%s: %s', (name, candidate) => {
    expect(slipOf(name, [candidate])).toBeUndefined();
  });
});
