import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NOW } from '../ask/fixture.ts';
import { ago, key, type Story, tellStories, use } from './edges.ts';

const KINDS = ['source-ip', 'key', 'key-source-ip', 'key-user-agent', 'key-action'] as const;
type Kind = (typeof KINDS)[number];

const numbered = (name: string, count: number) => fc.integer({ min: 1, max: count }).map((at) => `${name}${at}`);
/** Six a day, from forty days before the moment of asking to two after it; some things come once and some often. */
const RANDOM = fc
  .sample(
    fc.record({
      key_id: fc.oneof(fc.constantFrom('', "o'brien\\", 'ci'), numbered('key-', 12)),
      source_ip: fc.oneof(
        fc.constantFrom('', '::ffff:10.0.0.99'),
        numbered('::ffff:10.0.0.', 30),
        numbered('2001:db8::', 9),
      ),
      user_agent: fc.oneof(fc.constantFrom('', 'curl'), numbered('agent ', 9)),
      action: fc.oneof(fc.constantFrom('', 'read'), numbered('action ', 9)),
      outcome: fc.constantFrom('success', 'failure'),
      auth_result: fc.constantFrom('success', 'failure', 'unknown'),
    }),
    { numRuns: 252, seed: 11 },
  )
  .map((fields, index) => ({ ...fields, event_time: ago(40 - index / 6, index) }));
type Random = (typeof RANDOM)[number];

const STORIES: readonly Story[] = [
  { account: 'random', events: RANDOM },
  {
    account: 'edges',
    said: [key('edges', 'owned', ago(90), { state: 'active', owner: 'one@n.example' })],
    events: [
      use('at-the-beginning', ago(7), '10.0.0.1'),
      use('just-before', ago(7, -1), '10.0.0.2'),
      use('just-before', ago(6), '10.0.0.2'),
      use('long-ago', ago(37), '10.0.0.3'),
      use('long-ago', ago(5), '10.0.0.3', { country: 'DE', as_name: 'Net' }),
      use('owned', ago(4), '10.0.0.4', { country: 'NL', as_name: 'Elsewhere' }),
      use('owned', ago(3), '10.0.0.4', { country: 'DE', as_name: 'Net' }),
      use('ahead', ago(-1), '10.0.0.5'),
    ],
  },
  { account: 'elsewhere', events: [use('owned', ago(30), '10.0.0.4')] },
  {
    account: 'twice',
    events: [
      ...[1, 2, 3].map((day) => use('thrice', ago(day), '10.0.0.1')),
      use('thrice', ago(8), '10.0.0.1'),
      ...[1, 2].map((day) => use('not-yet', ago(day), '10.0.0.1')),
      use('not-yet', ago(8), '10.0.0.1'),
      use('ended', ago(8), '10.0.0.1'),
      use('old', ago(14, -1), '10.0.0.1'),
      use('year-ago', ago(365), '10.0.0.1'),
    ],
  },
];
const { asked } = tellStories(STORIES);

/** What an event has of each kind; nothing where a part of it is absent. */
const THING: Readonly<Record<Kind, (event: Random) => readonly string[]>> = {
  'source-ip': ({ source_ip }) => [source_ip],
  key: ({ key_id }) => [key_id],
  'key-source-ip': ({ key_id, source_ip }) => [key_id, source_ip],
  'key-user-agent': ({ key_id, user_agent }) => [key_id, user_agent],
  'key-action': ({ key_id, action }) => [key_id, action],
};
const thingsOf = (kind: Kind, events: readonly Random[]): Map<string, Random[]> => {
  const found = new Map<string, Random[]>();
  for (const event of events) {
    const thing = THING[kind](event);
    if (!thing.includes('')) found.set(thing.join('\n'), [...(found.get(thing.join('\n')) ?? []), event]);
  }
  return found;
};
const within = (from: string, to: string) => (event: Random) => event.event_time >= from && event.event_time < to;
const written = (kind: Kind, event: Random | undefined) => ({
  key_id: kind === 'source-ip' ? '' : event?.key_id,
  source_ip: kind.endsWith('source-ip') ? event?.source_ip.replace('::ffff:', '') : '',
});
const authFailures = (events: readonly Random[]): number =>
  events.filter(({ auth_result }) => auth_result === 'failure').length;

describe('first-seen', () => {
  it.each([
    [20, 0, 0],
    [10, 2, 0],
    [12, 0, 6],
    [3, -2, 30],
  ])(
    'finds from %d to %d days ago, against a history of %d, what comparing each with each finds',
    async (from, to, history) => {
      const [begins, ends] = [ago(from), ago(to)];
      const seen = RANDOM.filter(within(begins, ends)).filter(({ event_time }) => event_time <= NOW.toISOString());
      const earlier = RANDOM.filter(within(history === 0 ? '' : ago(from + history), begins));
      const isNew = (kind: Kind, thing: string) => !thingsOf(kind, earlier).has(thing);
      const expected = KINDS.flatMap((kind) =>
        [...thingsOf(kind, seen)].flatMap(([thing, events]) => {
          const first = events[0];
          if (!isNew(kind, thing)) return [];
          const row = {
            ...{ kind, ...written(kind, first), requests: events.length, auth_failures: authFailures(events) },
            user_agent: kind === 'key-user-agent' ? first?.user_agent : '',
            action: kind === 'key-action' ? first?.action : '',
            failures: events.filter(({ outcome }) => outcome === 'failure').length,
            key_is_new: kind !== 'source-ip' && isNew('key', first?.key_id ?? ''),
            ...{ first_seen: first?.event_time, last_seen: events.at(-1)?.event_time },
            event_id: `random-${first === undefined ? -1 : RANDOM.indexOf(first)}`,
          };
          return [expect.objectContaining(row)];
        }),
      );
      const rows = await asked('first-seen', { account_id: 'random', from: begins, to: ends, history_days: history });
      expect(expected.length).toBeGreaterThan(2);
      expect(rows).toHaveLength(expected.length);
      expect(rows).toEqual(expect.arrayContaining(expected));
    },
  );

  const keys = async (given: Readonly<Record<string, string | number>> = {}) =>
    (await asked('first-seen', { account_id: 'edges', kinds: ['key'], ...given })).map(({ key_id }) => key_id);

  it('counts the first instant of the range as new, the one before as earlier, and nothing that is ahead', async () => {
    expect(await keys()).toEqual(['at-the-beginning', 'owned']);
    expect(await keys({ from: ago(7, 1) })).toEqual(['owned']);
    expect(await keys({ to: ago(4) })).toEqual(['at-the-beginning']);
  });

  it('history_days forgets what was longer ago', async () => {
    expect(await keys({ history_days: 30 })).toEqual(['at-the-beginning', 'owned']);
    expect(await keys({ history_days: 29 })).toEqual(['at-the-beginning', 'long-ago', 'owned']);
  });

  it.each(['edges', 'of-nobody'])('of %s refuses a kind that there is not', async (account) => {
    const asking = asked('first-seen', { account_id: account, kinds: ['key', 'address'] });
    await expect(asking).rejects.toMatchObject({
      code: 'SQL_REFUSED',
      explanation: { got: expect.stringContaining('kinds') },
    });
  });

  it('tells a key of one account from that of another, and an address from none', async () => {
    const rows = await asked('first-seen', { kinds: ['key', 'source-ip'] });
    expect(rows.filter(({ key_id }) => key_id === 'owned')).toMatchObject([
      { account_id: 'edges', owner: 'one@n.example', requests: 2 },
    ]);
    expect(rows.map(({ source_ip }) => source_ip)).not.toContain('10.0.0.4');
    expect(await asked('first-seen', { account_id: 'edges', kinds: ['source-ip'] })).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ source_ip: '10.0.0.4', account_id: '', country: 'NL', as_name: 'Elsewhere' }),
      ]),
    );
  });
});

describe('compare-periods', () => {
  const compared = async (given: Readonly<Record<string, string | number>> = {}) =>
    (await asked('compare-periods', { account_id: 'twice', kinds: ['key'], requests_min: 3, ...given })).map((row) => [
      ...[row.key_id, row.change, row.requests_before, row.requests, row.ratio],
    ]);

  it('compares with the same length right before, and asks for requests_min before it calls a factor a change', async () => {
    expect(await compared()).toEqual([
      ['ended', 'gone', 1, 0, 0],
      ['thrice', 'more', 1, 3, 3],
    ]);
    expect(await compared({ factor: 3.01 })).toEqual([['ended', 'gone', 1, 0, 0]]);
    expect(await compared({ requests_min: 0 })).toEqual([
      ['ended', 'gone', 1, 0, 0],
      ['thrice', 'more', 1, 3, 3],
      ['not-yet', 'more', 1, 2, 2],
    ]);
  });

  it('reckons with requests a day where the periods are not of one length', async () => {
    const before = { before_from: ago(15), before_to: ago(1) };
    expect(await compared(before)).toEqual([
      ['ended', 'gone', 1, 0, 0],
      ['old', 'gone', 1, 0, 0],
      ['thrice', 'more', 3, 3, 2],
    ]);
    expect(await compared({ ...before, from: ago(1), factor: 3 })).toEqual([
      ['ended', 'gone', 1, 0, 0],
      ['old', 'gone', 1, 0, 0],
      ['thrice', 'more', 3, 1, 14 / 3],
    ]);
  });

  it('of one end of the period before makes one as long as the range', async () => {
    expect((await compared({ before_from: ago(366) })).map(([name, change]) => [name, change])).toEqual([
      ['year-ago', 'gone'],
      ['thrice', 'new'],
      ['not-yet', 'new'],
    ]);
    expect((await compared({ before_to: ago(364) })).map(([name]) => name)).toContain('year-ago');
    expect((await compared({ before_to: ago(365) })).map(([name]) => name)).not.toContain('year-ago');
  });

  it.each([
    ['before_from', { before_from: ago(20), before_to: ago(30) }],
    ['before_from', { before_from: ago(20), before_to: ago(20) }],
    ['moment of asking', { from: ago(0) }],
    ['factor', { factor: 1 }],
    ['kinds', { kinds: ['key', 'address'] }],
  ])('refuses what means nothing, here its %s, where there are no events as well', async (named, given) => {
    for (const account of ['twice', 'of-nobody']) {
      const asking = asked('compare-periods', { account_id: account, ...given });
      await expect(asking).rejects.toMatchObject({
        code: 'SQL_REFUSED',
        explanation: { got: expect.stringContaining(named) },
      });
    }
  });

  it('finds what counting both periods finds, and is silent about what changed little', async () => {
    const [from, to, before] = [ago(10), ago(1), ago(19)];
    const periods = [within(before, from), within(from, to)] as const;
    const expected = (['key', 'source-ip', 'key-source-ip'] as const).flatMap((kind) =>
      [...thingsOf(kind, RANDOM.filter(within(before, to))).values()].flatMap((events) => {
        const [then, now] = periods.map((inPeriod) => events.filter(inPeriod)) as [Random[], Random[]];
        const counts = { requests_before: then.length, requests: now.length, delta: now.length - then.length };
        const ratio = then.length === 0 ? null : now.length / then.length;
        const change = changeOf(then.length, now.length, 1.5, 4);
        if (change === '') return [];
        const failures = { auth_failures_before: authFailures(then), auth_failures: authFailures(now) };
        const times = { first_seen: events[0]?.event_time, last_seen: events.at(-1)?.event_time };
        return [
          expect.objectContaining({
            kind,
            change,
            ...written(kind, events[0]),
            ...counts,
            ratio,
            ...failures,
            ...times,
          }),
        ];
      }),
    );
    const given = { account_id: 'random', from, to, factor: 1.5, requests_min: 4 };
    const rows = await asked('compare-periods', given);
    expect(new Set(rows.map(({ change }) => change))).toEqual(new Set(['new', 'gone', 'more', 'less']));
    expect(rows).toHaveLength(expected.length);
    expect(rows).toEqual(expect.arrayContaining(expected));
  });
});

/** Both periods are of one length. */
function changeOf(then: number, now: number, factor: number, atLeast: number): string {
  if (then === 0) return 'new';
  if (now === 0) return 'gone';
  if (Math.max(then, now) < atLeast) return '';
  if (now >= then * factor) return 'more';
  return now * factor <= then ? 'less' : '';
}
