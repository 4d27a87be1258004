import { describe, expect, it } from 'vitest';
import { NETWORKS_CACHED_ENTRIES_MAX } from '../../src/core/limits.ts';
import { NetworkColumns, type NetworkDatabase, NO_NETWORK } from '../../src/core/network.ts';

const addressOf = (n: number) => `8.${n >>> 16}.${(n >>> 8) & 255}.${n & 255}`;

/** Knows every address, and counts how often it is asked. */
function counting(): NetworkDatabase & { asked: string[] } {
  const asked: string[] = [];
  return {
    edition: 'E',
    asked,
    networkOf: (ip) => {
      asked.push(ip);
      return { ...NO_NETWORK, asn: Number(ip.split('.')[3]), asName: ip };
    },
  };
}

describe('columns of networks', () => {
  it('are the same from the cache and from the database, before and after it was full', () => {
    const database = counting();
    const cached = new NetworkColumns(database);
    const count = NETWORKS_CACHED_ENTRIES_MAX * 2 + 10;
    const uncached = (n: number) => new NetworkColumns(database).of(addressOf(n));
    for (let n = 0; n < count; n += 1) cached.of(addressOf(n));
    for (let n = 0; n < count; n += 997) expect(cached.of(addressOf(n))).toBe(uncached(n));
  });

  it('are looked up once while they are asked for, however many others there are in between', () => {
    const database = counting();
    const columns = new NetworkColumns(database);
    for (let n = 0; n < NETWORKS_CACHED_ENTRIES_MAX * 3; n += 1) {
      columns.of(addressOf(n));
      columns.of(addressOf(0));
    }
    expect(database.asked.filter((ip) => ip === addressOf(0))).toHaveLength(1);
  });

  it('of an absent address say that there was an edition, and ask nobody', () => {
    const database = counting();
    const columns = new NetworkColumns(database);
    expect(columns.of('')).toBe(`${'\0'.repeat(7)}\u0001\u0001\u0001E`);
    expect(database.asked).toEqual([]);
  });

  it('are empty, and nobody is asked, when there is no edition', () => {
    const database = { ...counting(), edition: '' };
    expect(new NetworkColumns(database).of('8.8.8.8')).toBe(`${'\0'.repeat(7)}\u0001\u0001\0`);
    expect(database.asked).toEqual([]);
  });
});
