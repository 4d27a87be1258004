import { describe, expect, it } from 'vitest';
import type { AnswerRow } from '../ask/fixture.ts';
import { ago, key, type Story, tellStories, use, user } from './edges.ts';

const ACTIVE = { state: 'active', allowList: [] } as const;
const refused = (auth_reason: string) => ({ auth_result: 'failure', outcome: 'failure', auth_reason });
const names = (rows: readonly AnswerRow[]) => rows.map(({ key_id }) => key_id);

const STORIES: readonly Story[] = [
  {
    account: 'unused',
    said: [
      key('unused', 'at-the-limit', ago(400), ACTIVE),
      key('unused', 'past-the-limit', ago(400), ACTIVE),
      key('unused', 'half-a-year', ago(400), ACTIVE),
      key('unused', 'ahead', ago(400), ACTIVE),
      key('unused', 'only-ahead', ago(400), ACTIVE),
      key('unused', 'only-refused', ago(400), ACTIVE),
      key('unused', 'unknown-state', ago(400), { state: 'unknown' }),
      // The same name, deleted and made again: what the first did is not of the second.
      key('unused', 'again', ago(400), ACTIVE),
      key('unused', 'again', ago(100), { state: 'deleted' }),
      key('unused', 'again', ago(80), ACTIVE),
      // Made anew while nobody looked: the date of creation tells.
      key('unused', 'made-anew', ago(400), { ...ACTIVE, createdAt: Date.parse(ago(400)) }),
      key('unused', 'made-anew', ago(50), { ...ACTIVE, createdAt: Date.parse(ago(60)) }),
    ],
    events: [
      use('at-the-limit', ago(45), '10.0.0.1'),
      use('past-the-limit', ago(45, -1), '10.0.0.1'),
      use('half-a-year', ago(181), '10.0.0.1'),
      use('half-a-year', ago(3), '10.0.0.2', refused('invalid-user-key')),
      use('ahead', ago(50), '10.0.0.1'),
      use('ahead', ago(-2), '10.0.0.1'),
      use('only-ahead', ago(-2), '10.0.0.1'),
      use('only-refused', ago(20), '10.0.0.1', refused('invalid-user-key')),
      use('unknown-state', ago(50), '10.0.0.1'),
      use('again', ago(120), '10.0.0.1'),
      use('again', ago(90), '10.0.0.1', refused('invalid-user-key')),
      use('made-anew', ago(70), '10.0.0.1'),
    ],
  },
  {
    account: 'silent',
    said: [key('silent', 'unheard', ago(10), ACTIVE)],
  },
  {
    account: 'old',
    said: [
      key('old', 'seen-before', ago(10), ACTIVE),
      key('old', 'told', ago(10), { ...ACTIVE, createdAt: Date.parse(ago(90)) }),
      key('old', 'told-earlier', ago(10), { ...ACTIVE, createdAt: Date.parse(ago(90, -1)) }),
      key('old', 'again', ago(300), ACTIVE),
      key('old', 'again', ago(200), { state: 'revoked' }),
      key('old', 'again', ago(95), ACTIVE),
    ],
    events: [use('seen-before', ago(100), '10.0.0.1'), use('again', ago(290), '10.0.0.1')],
  },
  {
    account: 'wide',
    said: [
      key('wide', 'key', ago(300), {
        state: 'active',
        allowList: [
          '10.0.0.0/8',
          '172.16.0.0/16',
          '::ffff:192.168.0.0/111',
          '2001:db8::/31',
          '2001:db8:8000::/33',
          '::/0',
        ],
      }),
      // The list became wide later, and another attribute changed after that.
      key('wide', 'later', ago(300), { state: 'active', allowList: ['10.0.0.0/24'] }),
      key('wide', 'later', ago(50), { allowList: ['0.0.0.0/1'] }),
      key('wide', 'later', ago(20), { app: 'orders' }),
    ],
  },
  {
    account: 'lists',
    said: [
      key('lists', 'v4', ago(300), {
        state: 'active',
        allowList: ['10.0.0.0/24', '10.0.1.0/30', '10.0.2.7/32', '::/0'],
      }),
      key('lists', 'v6', ago(300), { state: 'active', allowList: ['2001:db8::/32'] }),
    ],
    events: [
      use('v4', ago(9), '10.0.0.1'),
      use('v4', ago(8), '10.0.0.6'),
      use('v4', ago(7), '10.0.0.6'),
      // The first and the last address of the range: nothing is left to tighten.
      use('v4', ago(6), '10.0.1.0'),
      use('v4', ago(5), '10.0.1.3'),
      use('v4', ago(4), '10.0.2.7'),
      // Without an address a request came from no entry, not even from ::/0.
      use('v4', ago(3), '', { source_host: 'AWS Internal' }),
      use('v6', ago(2), '2001:db8::ffff:0:1'),
      use('v6', ago(1), '2001:db8::ffff:0:2'),
      use('v6', ago(-1), '2001:db8:ffff::1'),
    ],
  },
  {
    account: 'owners',
    said: [
      user('owners', 'left@n.example', ago(300), { role: 'owner', active: true }),
      user('owners', 'left@n.example', ago(90), { active: false }),
      user('owners', 'left@n.example', ago(80), { active: true }),
      user('owners', 'left@n.example', ago(70), { active: false }),
      user('owners', 'left@n.example', ago(60), { name: 'Left' }),
      user('owners', 'demoted@n.example', ago(300), { role: 'owner', active: true }),
      user('owners', 'demoted@n.example', ago(40), { role: 'member' }),
      user('owners', 'back@n.example', ago(300), { role: 'owner', active: false }),
      user('owners', 'back@n.example', ago(40), { active: true }),
      user('owners', 'hardly-known@n.example', ago(300), { name: 'Somebody' }),
      user('owners', 'leaves@n.example', ago(300), { role: 'owner', active: true }),
      user('owners', 'leaves@n.example', ago(-3), { active: false }),
      ...['left', 'demoted', 'back', 'hardly-known', 'leaves', 'nobody-knows'].map((name) =>
        key('owners', `of-${name}`, ago(200), { ...ACTIVE, owner: `${name}@n.example` }),
      ),
      key('owners', 'deleted', ago(200), { ...ACTIVE, owner: 'left@n.example' }),
      key('owners', 'deleted', ago(100), { state: 'deleted' }),
    ],
    events: [
      use('of-left', ago(75), '10.0.0.1'),
      use('of-left', ago(70), '10.0.0.2'),
      use('of-left', ago(5), '10.0.0.3'),
      use('of-left', ago(4), '10.0.0.4', refused('source-ip-not-allowed')),
      use('of-left', ago(-4), '10.0.0.5'),
      use('of-demoted', ago(41), '10.0.0.1'),
    ],
  },
  {
    account: 'ended',
    said: [
      key('ended', 'key', ago(300), { ...ACTIVE, owner: 'one@n.example' }),
      key('ended', 'key', ago(100), { state: 'revoked' }),
      key('ended', 'key', ago(50), { ...ACTIVE, owner: 'two@n.example' }),
      // The source tells of this end to the second.
      { ...key('ended', 'key', ago(20), { state: 'deleted' }), precisionMs: 1_000 },
    ],
    events: [
      use('key', ago(100, -1), '10.0.0.1'),
      use('key', ago(100), '10.0.0.1'),
      use('key', ago(90), '10.0.0.2', refused('invalid-user-key')),
      use('key', ago(40), '10.0.0.1'),
      // Before the end or after it: neither says so exactly.
      use('key', ago(20, -500), '10.0.0.1', { time_precision_ms: 1_000 }),
      use('key', ago(20, 500), '10.0.0.1'),
      use('key', ago(10), '10.0.0.1', { auth_result: 'unknown' }),
      use('key', ago(-1), '10.0.0.3'),
    ],
  },
  {
    account: 'guesses',
    said: [user('guesses', 'ann@n.example', ago(300), { role: 'owner' })],
    events: [
      ...[1, 2].map((days) => use('by-mail', ago(days), '10.0.0.1', { principal_email: 'ann@n.example' })),
      use('by-mail', ago(3), '10.0.0.1', { principal_email: 'Ann@N.Example' }),
      use('by-mail', ago(4), '10.0.0.2', { principal_email: 'bob@n.example', principal_name: 'Bob' }),
      use('by-name', ago(1), '10.0.0.1', { principal_name: 'Carol' }),
      use('by-name', ago(2), '10.0.0.1'),
    ],
  },
];

const { asked } = tellStories(STORIES);

describe('keys-unused', () => {
  it('lists a key whose last use is further back than the limit, and not one at the limit', async () => {
    const rows = await asked('keys-unused', { account_id: 'unused' });
    expect(names(rows)).toEqual(['half-a-year', 'ahead', 'past-the-limit']);
    expect(rows.map(({ exceeds_days }) => exceeds_days)).toEqual([180, 45, 45]);
    expect(rows.map(({ days_unused }) => days_unused)).toEqual([181, 50, 45]);
  });

  it('does not take a refused try for a use, and shows it', async () => {
    const [row] = await asked('keys-unused', { account_id: 'unused', unused_days: 180 });
    expect(row).toMatchObject({ key_id: 'half-a-year', last_source_ip: '10.0.0.1', last_refused: ago(3) });
  });
});

describe('keys-never-used', () => {
  it('lists what was used in the future alone, what was only refused, and a name whose former key was used', async () => {
    const rows = await asked('keys-never-used', { account_id: 'unused' });
    expect(names(rows).toSorted()).toEqual(['again', 'made-anew', 'only-ahead', 'only-refused']);
    const of = (name: string) => rows.find(({ key_id }) => key_id === name);
    expect(of('only-refused')).toMatchObject({ last_refused: ago(20), records_since: ago(181), days_watched: 181 });
    expect(of('again')).toMatchObject({ last_refused: null, known_since: ago(80), days_watched: 80 });
    expect(of('made-anew')).toMatchObject({ created_at: ago(60), known_since: ago(50), days_watched: 60 });
  });

  it('does not claim to have watched where there are no records', async () => {
    expect(await asked('keys-never-used', { account_id: 'silent' })).toMatchObject([
      { key_id: 'unheard', records_since: null, days_watched: null },
    ]);
  });
});

describe('keys-old', () => {
  it('counts from the creation, else from the earliest sign, and not from what an earlier key did', async () => {
    expect(await asked('keys-old', { account_id: 'old' })).toMatchObject([
      { key_id: 'seen-before', created_at: null, exists_since: ago(100), age_days: 100, last_used: ago(100) },
      { key_id: 'again', created_at: null, exists_since: ago(95), age_days: 95, last_used: null },
      { key_id: 'told-earlier', created_at: ago(90, -1), age_days: 90 },
    ]);
  });
});

describe('keys-with-wide-allow-list', () => {
  it('measures each family with its own limit, and IPv4 as IPv4 however it was written', async () => {
    const rows = await asked('keys-with-wide-allow-list', { account_id: 'wide' });
    expect(rows.map(({ key_id, entry, prefix, is_everywhere }) => [key_id, entry, prefix, is_everywhere])).toEqual([
      ['key', '::/0', 0, true],
      ['later', '0.0.0.0/1', 1, false],
      ['key', '10.0.0.0/8', 8, false],
      ['key', '192.168.0.0/15', 15, false],
      ['key', '2001:db8::/31', 31, false],
    ]);
  });

  it('says since when the list is as it is, whatever else changed after that', async () => {
    const rows = await asked('keys-with-wide-allow-list', { account_id: 'wide' });
    expect(rows.find(({ key_id }) => key_id === 'later')).toMatchObject({ since: ago(50), app: 'orders', entries: 1 });
  });
});

describe('allow-list-entries-unused', () => {
  it('proposes the smallest range around what was used, and leaves alone what is used to its edges', async () => {
    const rows = await asked('allow-list-entries-unused', { account_id: 'lists', key_id: 'v4' });
    expect(rows).toMatchObject([
      { entry: '::/0', suggestion: 'remove', tightest: '', requests: 0, source_ips: 0, key_requests: 7 },
      { entry: '10.0.0.0/24', suggestion: 'narrow', tightest: '10.0.0.0/29', requests: 3, source_ips: 2 },
    ]);
    expect(rows[1]).toMatchObject({ used_source_ips: ['10.0.0.1', '10.0.0.6'], last_used: ago(7) });
  });

  it('writes a range of IPv6 as one, and counts no use in the future', async () => {
    expect(await asked('allow-list-entries-unused', { account_id: 'lists', key_id: 'v6' })).toMatchObject([
      { entry: '2001:db8::/32', suggestion: 'narrow', tightest: '2001:db8::ffff:0:0/126', requests: 2 },
    ]);
  });
});

describe('keys-of-inactive-owners', () => {
  it('lists keys of who is inactive or no owner any more, since when, and what was done since', async () => {
    expect(await asked('keys-of-inactive-owners', { account_id: 'owners' })).toMatchObject([
      {
        ...{ key_id: 'of-left', owner_name: 'Left', reason: 'owner-inactive', since: ago(70) },
        ...{ requests_since: 2, last_used: ago(5), last_source_ip: '10.0.0.3' },
      },
      {
        ...{ key_id: 'of-demoted', reason: 'no-owner-role', owner_role: 'member', since: ago(40) },
        ...{ requests_since: 0, last_used: ago(41) },
      },
    ]);
  });
});

describe('keys-used-after-deletion', () => {
  it('has a row for each end, from its instant on, without what the clocks cannot order', async () => {
    const rows = await asked('keys-used-after-deletion', { account_id: 'ended' });
    expect(rows).toMatchObject([
      {
        ...{ state: 'revoked', ended_at: ago(100), owner: 'one@n.example', requests: 2, allowed: 1, refused: 1 },
        ...{ source_ips: 2, first_tried: ago(100), last_tried: ago(90), last_allowed: ago(100) },
      },
      {
        ...{ state: 'deleted', ended_at: ago(20), owner: 'two@n.example', requests: 2, allowed: 1, refused: 0 },
        ...{ first_tried: ago(10), last_tried: ago(10), last_allowed: null },
      },
    ]);
  });
});

describe('unknown-keys', () => {
  it('guesses at whom most of the requests name, with the share that does, and knows who is registered', async () => {
    expect(await asked('unknown-keys', { account_id: 'guesses' })).toMatchObject([
      {
        ...{ key_id: 'by-mail', requests: 4, source_ips: 2, owner_guess: 'ann@n.example' },
        ...{ owner_guess_from: 'principal_email', owner_guess_confidence: 0.75, owner_guess_is_registered: true },
      },
      {
        ...{ key_id: 'by-name', requests: 2, owner_guess: 'carol', owner_guess_from: 'principal_name' },
        ...{ owner_guess_confidence: 0.5, owner_guess_is_registered: false },
      },
    ]);
  });
});
