import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GivenParameters } from '../../src/ask/runner.ts';
import { ago, key, type Story, tellStories, use } from './edges.ts';

const DENIED = { auth_result: 'failure', outcome: 'failure' };
const from = (name: string, ...addresses: readonly string[]) =>
  addresses.map((address, index) => use(name, ago(9, index), address));

const KEYS = ['a', 'b', 'c', 'd', 'e', 'f', 'g'] as const;
/** Of each key the addresses that it was used from, by their last number. */
const SETS = fc
  .sample(fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 9 }), { numRuns: 7, seed: 5 })
  .map((set, index) => [KEYS[index] ?? '', set] as const);

const STORIES: readonly Story[] = [
  {
    account: 'random',
    events: SETS.flatMap(([name, set]) => from(name, ...set.map((last) => `10.0.0.${last}`), `10.0.0.${set[0]}`)),
  },
  {
    account: 'edges',
    said: [
      key('edges', 'one', ago(90), { state: 'active', owner: 'one@n.example' }),
      key('edges', 'two', ago(90), { state: 'active', owner: 'two@n.example' }),
      // Who held it last is who is asked.
      key('edges', 'two', ago(9, 1), { owner: 'one@n.example' }),
    ],
    events: [
      ...from('one', '192.0.2.1', '192.0.2.2', '2001:db8:0:7::1', '2001:db8:0:7::2'),
      ...from('two', '192.0.2.1', '192.0.2.2', '2001:db8:0:7::9'),
      // Turned away for the address alone: whoever it was held the key.
      use('held', ago(8), '192.0.2.1', { ...DENIED, auth_reason: 'source-ip-not-allowed' }),
      use('guessed', ago(8), '192.0.2.1', { ...DENIED, auth_reason: 'invalid-user-key' }),
      use('ahead', ago(-1), '192.0.2.1'),
      use('', ago(8), '192.0.2.1'),
      use('hosted', ago(8), '', { source_host: 'AWS Internal' }),
    ],
  },
  // One address of the key at home is used for it here.
  { account: 'abroad', events: [use('one', ago(7), '192.0.2.77')] },
  {
    account: 'gateway',
    events: ['x', 'y', 'z'].flatMap((name) => from(name, '192.0.2.200', ...(name === 'z' ? [] : ['192.0.2.201']))),
  },
];
const { asked } = tellStories(STORIES);

const pairs = async (given: GivenParameters) =>
  (await asked('shared-ip-set', given)).map((row) => [
    ...[row.key_id, row.other_key_id, row.shared, row.source_ips, row.other_source_ips, row.of_either, row.jaccard],
  ]);

describe('shared-ip-set', () => {
  it.each([
    [0.5, 2],
    [0.2, 1],
    [0, 1],
    [0.3, 4],
  ])(
    'with at least %d of the addresses and %d of them finds the pairs that comparing all sets finds',
    async (jaccard, shared) => {
      const expected = SETS.flatMap(([one, its], at) =>
        SETS.slice(at + 1).flatMap(([other, others]) => {
          const common = its.filter((last) => others.includes(last)).length;
          const either = new Set([...its, ...others]).size;
          const row = [one, other, common, its.length, others.length, either, common / either];
          return common >= shared && common / either >= jaccard ? [row] : [];
        }),
      );
      const found = await pairs({ account_id: 'random', min_jaccard: jaccard, min_shared: shared });
      expect(expected.length).toBeGreaterThan(0);
      expect(found).toHaveLength(expected.length);
      expect(found).toEqual(expect.arrayContaining(expected));
      const ofOne = await pairs({ account_id: 'random', min_jaccard: jaccard, min_shared: shared, key_id: 'c' });
      expect(ofOne).toEqual(found.filter(([one, other]) => one === 'c' || other === 'c'));
    },
  );

  it('shares what was held: no guesses, nobody’s requests, nothing that is ahead', async () => {
    expect(await pairs({ account_id: 'edges', min_jaccard: 0, min_shared: 1 })).toEqual([
      ['one', 'two', 3, 4, 3, 4, 0.75],
      ['held', 'two', 1, 1, 3, 3, 1 / 3],
      ['held', 'one', 1, 1, 4, 4, 0.25],
    ]);
  });

  it('takes addresses of IPv6 for one place within their prefix, and shows its first', async () => {
    const [row] = await asked('shared-ip-set', { account_id: 'edges' });
    expect(row).toMatchObject({
      ...{ owner: 'one@n.example', other_owner: 'one@n.example', same_owner: true },
      shared_source_ips: ['192.0.2.1', '192.0.2.2', '2001:db8:0:7::'],
      shared_networks: ['documentation'],
    });
    const finer = await pairs({ account_id: 'edges', ipv6_prefix: 128, min_jaccard: 0.3 });
    expect(finer).toEqual([['one', 'two', 2, 5, 3, 6, 1 / 3]]);
  });

  it('leaves an address of too many keys out of every set', async () => {
    const given = { account_id: 'gateway', min_jaccard: 0, min_shared: 1 };
    expect(await pairs({ ...given, keys_per_source_ip_max: 3 })).toEqual([
      ['x', 'y', 2, 2, 2, 2, 1],
      ['x', 'z', 1, 2, 1, 2, 0.5],
      ['y', 'z', 1, 2, 1, 2, 0.5],
    ]);
    expect(await pairs({ ...given, keys_per_source_ip_max: 2 })).toEqual([['x', 'y', 1, 1, 1, 1, 1]]);
    const [row] = await asked('shared-ip-set', { ...given, keys_per_source_ip_max: 2 });
    expect(row?.shared_source_ips).toEqual(['192.0.2.201']);
  });

  it('has a half-open range', async () => {
    const given = { account_id: 'edges', min_shared: 1, min_jaccard: 0 };
    expect(await pairs({ ...given, from: ago(9), to: ago(9, 1) })).toEqual([['one', 'two', 1, 1, 1, 1, 1]]);
    expect(await pairs({ ...given, from: ago(9, 3) })).toEqual([]);
  });
});
