import { expect, it, vi } from 'vitest';
import { openNetworks } from '../../src/enrich/open-networks.ts';

const reads: string[] = vi.hoisted(() => []);

vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>();
  const readFileSync = (file: string, ...rest: []) => {
    reads.push(file.split('/').at(-1) ?? '');
    return fs.readFileSync(file, ...rest);
  };
  return { ...fs, readFileSync };
});

it('the bundled data are read when the first address of their family needs them, and once', async () => {
  const networks = await openNetworks({ enabled: true, asnFile: undefined, cityFile: undefined }, () => undefined);
  for (const ip of ['10.0.0.1', '203.0.113.7', '::1', 'fe80::1']) networks.networkOf(ip);
  expect(reads.filter((file) => file.endsWith('.csv'))).toEqual([]);
  networks.networkOf('8.8.8.8');
  networks.networkOf('1.1.1.1');
  const ofIpv4 = ['asn-ipv4-num.csv', 'asn-country-ipv4-num.csv'];
  expect(reads.filter((file) => file.endsWith('.csv'))).toEqual(ofIpv4);
  networks.networkOf('2606:4700::1111');
  networks.networkOf('2001:4860:4860::8888');
  expect(reads.filter((file) => file.endsWith('.csv'))).toEqual([...ofIpv4, 'asn-ipv6.csv', 'asn-country-ipv6.csv']);
});

it('without look-ups nothing is read at all', async () => {
  reads.length = 0;
  const networks = await openNetworks({ enabled: false, asnFile: undefined, cityFile: undefined }, () => undefined);
  networks.networkOf('8.8.8.8');
  expect(reads).toEqual([]);
});
