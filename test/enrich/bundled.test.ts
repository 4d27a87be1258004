/** The bundled data, held against a reading of the same files that is as plain as can be. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import ipaddr from 'ipaddr.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { canonicalAddress } from '../../schemas/fields/address.ts';
import { type NetworkDatabase, NO_NETWORK } from '../../src/core/network.ts';
import { addressWords } from '../../src/enrich/address-words.ts';
import { editionOf } from '../../src/enrich/bundled/packages.ts';
import { openNetworks } from '../../src/enrich/open-networks.ts';
import { isReserved } from '../../src/enrich/reserved.ts';

interface Range {
  readonly start: bigint;
  readonly end: bigint;
  readonly fields: readonly string[];
}

const packages = createRequire(import.meta.url);
const BUNDLED = { enabled: true, asnFile: undefined, cityFile: undefined };
const SAMPLED = 120;

/** The text files of both families: for IPv4 another file than the program reads. */
function rangesOf(name: string, family: 'ipv4' | 'ipv6'): Range[] {
  const folder = path.dirname(packages.resolve(`@ip-location-db/${name}/package.json`));
  const lines = readFileSync(path.join(folder, `${name}-${family}.csv`), 'utf8')
    .trimEnd()
    .split('\n');
  return lines.map((line) => {
    const [start = '', end = '', first = '', ...name] = line.split(',');
    const fields = name.length === 0 ? [first] : [first, unquoted(name.join(','))];
    return { start: numberOf(start), end: numberOf(end), fields };
  });
}

function unquoted(text: string): string {
  return text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text;
}

function numberOf(address: string): bigint {
  return BigInt(`0x${Buffer.from(ipaddr.parse(address).toByteArray()).toString('hex')}`);
}

function addressOf(value: bigint, family: 'ipv4' | 'ipv6'): string {
  const bytes = Buffer.from(value.toString(16).padStart(family === 'ipv4' ? 8 : 32, '0'), 'hex');
  return canonicalAddress(ipaddr.fromByteArray([...bytes]).toString());
}

/** From the first line to the last: the last range that begins at or below the address, if it holds it. */
function plainly(ranges: readonly Range[], value: bigint): readonly string[] | undefined {
  let found: Range | undefined;
  for (const range of ranges) if (range.start <= value) found = range;
  return found !== undefined && value <= found.end ? found.fields : undefined;
}

describe.each(['ipv4', 'ipv6'] as const)('the bundled data of %s', (family) => {
  const asns = rangesOf('asn', family);
  const countries = rangesOf('asn-country', family);
  const last = family === 'ipv4' ? 2n ** 32n - 1n : 2n ** 128n - 1n;
  let networks: NetworkDatabase;

  beforeAll(async () => {
    networks = await openNetworks(BUNDLED, () => undefined);
  });

  function expectedOf(value: bigint): object {
    const [asn, asName] = plainly(asns, value) ?? [];
    const [country] = plainly(countries, value) ?? [];
    return { ...NO_NETWORK, asn: Number(asn ?? 0), asName: asName ?? '', country: country ?? '' };
  }

  function holds(value: bigint): void {
    const address = addressOf(value, family);
    if (address === '' || (family === 'ipv6' && address.includes('.'))) return;
    expect(networks.networkOf(address), address).toEqual(
      isReserved(addressWords(address)) ? NO_NETWORK : expectedOf(value),
    );
  }

  it('answers as a plain reading does, at both ends of its ranges and one beside them', () => {
    for (const ranges of [asns, countries]) {
      for (let n = 0; n < SAMPLED; n += 1) {
        const at = n < 3 ? n : n < 6 ? ranges.length - 1 - (n - 3) : Math.floor((n / SAMPLED) * ranges.length);
        const { start, end } = ranges[at] as Range;
        for (const value of [start - 1n, start, end, end + 1n]) if (value >= 0n && value <= last) holds(value);
      }
    }
  });

  it('answers as a plain reading does, in gaps and anywhere else', () => {
    const gaps = asns.flatMap((range, at) => {
      const before = asns[at - 1];
      return before !== undefined && range.start > before.end + 1n ? [before.end + 1n, range.start - 1n] : [];
    });
    expect(gaps.length).toBeGreaterThan(100);
    for (let n = 0; n < SAMPLED; n += 1) holds(gaps[Math.floor((n / SAMPLED) * gaps.length)] ?? 0n);
    // A fixed walk over the whole family: multiples of a large odd number.
    for (let n = 1n; n <= BigInt(SAMPLED); n += 1n) holds((n * 0x9e3779b97f4a7c15f39cc0605cedc835n) & last);
    holds(0n);
    holds(last);
  });

  it('keeps quotes, commas and letters beyond ASCII of a name', () => {
    const odd = [/"/, /,/, /[^\0-\x7f]/].map((pattern) => asns.find(({ fields }) => pattern.test(fields[1] ?? '')));
    for (const range of odd) {
      const { start, fields } = range as Range;
      expect(networks.networkOf(addressOf(start, family)).asName).toBe(fields[1]);
    }
  });

  it('gives one object for one network, so that what is made of it is made once', () => {
    const inOne = asns.find((range, at) => range.start + 1n <= range.end && at > 100) as Range;
    const of = (value: bigint) => networks.networkOf(addressOf(value, family));
    expect(of(inOne.start)).toBe(of(inOne.start + 1n));
  });
});

it('the edition is the day on which the packages were built', () => {
  expect(editionOf('2.3.2026061719')).toBe('ip-location-db 2026-06-17');
  expect(editionOf('3.0.1')).toBe('ip-location-db 3.0.1');
});

it('without look-ups there is no edition, and nothing is known of any address', async () => {
  const off = await openNetworks({ ...BUNDLED, enabled: false }, () => undefined);
  expect(off.edition).toBe('');
  expect(off.networkOf('8.8.8.8')).toEqual(NO_NETWORK);
});
