import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventRow } from '../ask/fixture.ts';
import { ago, key, type Story, tellStories, use } from './edges.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const ONE = { asn: 64_496, user_agent: 'go' };
const OTHER = { asn: 64_511, user_agent: 'python' };
const refused = (auth_reason: string) => ({ auth_result: 'failure', outcome: 'failure', auth_reason });

/** Uses of a key at so many ms after some moment, from one address each. */
const uses = (name: string, places: readonly (readonly [ms: number, ip: string, more?: Partial<EventRow>])[]) =>
  places.map(([ms, ip, more]) => use(name, ago(10, ms), ip, more));

const STORIES: readonly Story[] = [
  {
    account: 'addresses',
    said: [
      key('addresses', 'within', ago(300), { state: 'active', owner: 'one@n.example', app: 'orders' }),
      key('addresses', 'within', ago(9), { owner: 'two@n.example' }),
    ],
    events: [
      ...uses('within', [
        [0, '10.0.0.1'],
        [1, '10.0.0.2'],
        [6 * HOUR_MS - 1, '10.0.0.3'],
      ]),
      ...uses('apart', [
        [0, '10.0.0.1'],
        [1, '10.0.0.2'],
        [6 * HOUR_MS, '10.0.0.3'],
      ]),
      ...uses('one-machine', [
        [0, '2001:db8::1'],
        [1, '2001:db8::2'],
        [2, '2001:db8::3'],
      ]),
      ...uses('three-machines', [
        [0, '2001:db8:0:1::1'],
        [1, '2001:db8:0:2::1'],
        [2, '10.0.0.1'],
      ]),
      ...uses('guessed', [
        [0, '10.0.0.1'],
        [1, '10.0.0.2', refused('invalid-user-key')],
        [2, '10.0.0.3', refused('invalid-user-key')],
      ]),
      ...uses('held-outside', [
        [0, '10.0.0.1'],
        [1, '10.0.0.2', refused('source-ip-not-allowed')],
        [2, '10.0.0.3', refused('source-ip-not-allowed')],
      ]),
      ...uses('without', [
        [0, '10.0.0.1'],
        [1, '10.0.0.2'],
        [2, ''],
      ]),
      ...['10.0.0.1', '10.0.0.2', '10.0.0.3'].map((ip) => use('ahead', ago(-1), ip)),
    ],
  },
  {
    account: 'networks',
    events: [
      ...uses('both', [
        [0, '10.0.0.1', ONE],
        [30 * MINUTE_MS - 1, '10.9.0.1', OTHER],
      ]),
      ...uses('apart', [
        [0, '10.0.0.1', ONE],
        [30 * MINUTE_MS, '10.9.0.1', OTHER],
      ]),
      ...uses('one-client', [
        [0, '10.0.0.1', ONE],
        [1, '10.9.0.1', { ...OTHER, user_agent: 'go' }],
      ]),
      ...uses('one-network', [
        [0, '10.0.0.1', ONE],
        [1, '10.9.0.1', { ...OTHER, asn: 64_496 }],
      ]),
      ...uses('unplaced', [
        [0, '10.0.0.1', ONE],
        [1, '10.9.0.1', { ...OTHER, asn: 0 }],
      ]),
      // Two networks at first by one client, two clients later from one network: never both in one window.
      ...uses('never-both', [
        [0, '10.0.0.1', ONE],
        [1, '10.9.0.1', { ...OTHER, user_agent: 'go' }],
        [HOUR_MS, '10.0.0.1', ONE],
        [HOUR_MS + 1, '10.0.0.1', { ...ONE, user_agent: 'python' }],
      ]),
    ],
  },
];

interface Use {
  readonly ms: number;
  readonly place: number;
  readonly network: number;
  readonly agent: number;
}

const RANDOM_KEYS = ['quiet', 'busy', 'spread', 'bursts'] as const;
const SPAN_HOURS = { quiet: 300, busy: 60, spread: 200, bursts: 20 } as const;
/** In minutes, so that uses often lie exactly a window apart. */
const randomUses = (name: (typeof RANDOM_KEYS)[number]): Use[] =>
  fc
    .sample(
      fc.record({
        ms: fc.noBias(fc.integer({ min: 0, max: SPAN_HOURS[name] * 6 })).map((tens) => tens * 10 * MINUTE_MS),
        place: fc.integer({ min: 1, max: 8 }),
        network: fc.integer({ min: 0, max: 3 }),
        agent: fc.integer({ min: 0, max: 3 }),
      }),
      { numRuns: 60, seed: RANDOM_KEYS.indexOf(name) + 1 },
    )
    .sort((a, b) => a.ms - b.ms);
const RANDOM = Object.fromEntries(RANDOM_KEYS.map((name) => [name, randomUses(name)]));

const { asked } = tellStories([
  ...STORIES,
  {
    account: 'random',
    events: RANDOM_KEYS.flatMap((name) =>
      uses(
        name,
        (RANDOM[name] ?? []).map(({ ms, place, network, agent }) => [
          ms - 5 * 24 * HOUR_MS,
          `10.0.0.${place}`,
          { asn: network, user_agent: agent === 0 ? '' : `agent ${agent}` },
        ]),
      ),
    ),
  },
]);

/** Written as it is said: for each use, what lies in the window that ends with it. */
function peak(all: readonly Use[], windowMs: number, count: (inside: readonly Use[]) => number) {
  const counts = all.map(({ ms }) => count(all.filter((one) => one.ms > ms - windowMs && one.ms <= ms)));
  const most = Math.max(...counts);
  return { most, ms: all[counts.indexOf(most)]?.ms ?? 0 };
}
const distinct = (values: readonly number[]): number => new Set(values.filter((value) => value !== 0)).size;

describe('keys-shared', () => {
  it('counts addresses in sliding half-open windows, IPv6 by its prefix, and only what held the key', async () => {
    const rows = await asked('keys-shared', { account_id: 'addresses' });
    expect(rows.map(({ key_id, reasons, source_ips_peak }) => [key_id, reasons, source_ips_peak])).toEqual([
      ['held-outside', ['addresses'], 3],
      ['three-machines', ['addresses'], 3],
      ['within', ['addresses'], 3],
    ]);
    expect(rows[2]).toMatchObject({ owner: 'one@n.example', app: 'orders', source_ips_at: ago(10, 6 * HOUR_MS - 1) });
    const finer = await asked('keys-shared', { account_id: 'addresses', ipv6_prefix: 128 });
    expect(finer.map(({ key_id }) => key_id)).toContain('one-machine');
  });

  it('asks for networks and clients in one and the same window', async () => {
    const rows = await asked('keys-shared', { account_id: 'networks' });
    expect(rows).toMatchObject([
      {
        ...{ key_id: 'both', reasons: ['networks'], networks_peak: 2, user_agents_peak: 2 },
        ...{ networks_at: ago(10, 30 * MINUTE_MS - 1), source_ips_peak: 2, requests: 2 },
      },
    ]);
  });

  it.each([
    { source_ips_min: 3, source_ips_hours: 6, networks_min: 2, user_agents_min: 2, networks_minutes: 30 },
    { source_ips_min: 6, source_ips_hours: 24, networks_min: 3, user_agents_min: 3, networks_minutes: 120 },
    { source_ips_min: 2, source_ips_hours: 1, networks_min: 3, user_agents_min: 1, networks_minutes: 60 },
  ])('finds the peaks that counting each window alone finds, with %j', async (given) => {
    const expected = RANDOM_KEYS.flatMap((name) => {
      const all = RANDOM[name] ?? [];
      const places = peak(all, given.source_ips_hours * HOUR_MS, (of) => distinct(of.map(({ place }) => place)));
      const networks = peak(all, given.networks_minutes * MINUTE_MS, (of) => {
        const agents = distinct(of.map(({ agent }) => agent));
        const found = distinct(of.map(({ network }) => network));
        // The more networks, and the more clients where that is the same.
        return found >= given.networks_min && agents >= given.user_agents_min ? found * 10 + agents : 0;
      });
      const reasons = [
        ...(places.most >= given.source_ips_min ? ['addresses'] : []),
        ...(networks.most > 0 ? ['networks'] : []),
      ];
      if (reasons.length === 0) return [];
      const row = {
        ...{ key_id: name, reasons, requests: all.length, source_ips_peak: places.most },
        ...{ source_ips_at: ago(15, places.ms), networks_peak: Math.floor(networks.most / 10) },
        ...{ user_agents_peak: networks.most % 10, networks_at: networks.most === 0 ? null : ago(15, networks.ms) },
      };
      return [expect.objectContaining(row)];
    });
    const rows = await asked('keys-shared', { account_id: 'random', ...given });
    expect(rows).toHaveLength(expected.length);
    expect(rows).toEqual(expect.arrayContaining(expected));
  });
});
