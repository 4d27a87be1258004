import { describe, expect, it } from 'vitest';
import type { AnswerRow } from '../ask/fixture.ts';
import { sayToRegistry } from '../support/registry.ts';
import { ago, key, type Story, tellStories, use } from './edges.ts';

const OWNER = 'one@n.example';
const ACTIVE = { state: 'active', allowList: [] } as const;

const STORIES: readonly Story[] = [
  {
    account: 'home',
    said: [
      key('home', 'named-alike', ago(90), { ...ACTIVE, owner: OWNER, app: 'orders', purpose: '' }),
      // The same again is nothing new; an attribute that is taken to be unknown is.
      key('home', 'named-alike', ago(80), { owner: OWNER, app: 'orders' }),
      key('home', 'named-alike', ago(70), { allowList: ['10.0.0.0/8', '2001:db8::/32'] }),
      key('home', 'named-alike', ago(60), { allowList: 'unknown' }),
      key('home', 'named-alike', ago(50), { app: '' }),
      key('home', 'named-alike', ago(40), { state: 'revoked' }),
      key('home', 'ours', ago(90), { ...ACTIVE, owner: OWNER }),
    ],
    events: [
      // At the very instant of a change.
      use('named-alike', ago(40), '10.0.0.1'),
      use('named-alike', ago(40, -1), '10.0.0.1'),
      use('ours', ago(30), '10.0.0.1'),
    ],
  },
  {
    account: 'other',
    said: [key('other', 'named-alike', ago(90), { ...ACTIVE, owner: 'two@n.example' })],
    events: [
      use('named-alike', ago(39), '10.0.0.2'),
      // The other account never had this key.
      use('ours', ago(29), '10.0.0.2', { auth_result: 'failure', auth_reason: 'account-mismatch' }),
    ],
  },
  {
    account: 'lists',
    said: [
      key('lists', 'k', ago(90), { state: 'active', allowList: ['10.1.0.0/16'] }),
      key('lists', 'k', ago(50), { allowList: [] }),
      key('lists', 'k', ago(40), { allowList: 'unknown' }),
    ],
    events: [
      use('k', ago(60), '192.0.2.7'),
      use('k', ago(50), '192.0.2.7'),
      use('k', ago(40), '192.0.2.7'),
      use('unheard-of', ago(40), '192.0.2.7'),
      use('', ago(39), '192.0.2.7', { principal_kind: 'console-user', principal_name: 'Ann' }),
      use('', ago(38), '192.0.2.7', { principal_kind: 'console-user', principal_email: 'ann@n.example' }),
    ],
  },
];

const { asked, store } = tellStories(STORIES);
const changes = (rows: readonly AnswerRow[]) =>
  rows
    .filter(({ kind }) => kind === 'registry')
    .map(({ event_time, changed, changed_from, changed_to }) => [event_time, changed, changed_from, changed_to]);

describe('key-timeline', () => {
  it('tells what each change made of what, and of no statement that repeats what was known', async () => {
    const rows = await asked('key-timeline', { key_id: 'named-alike', account_id: 'home' });
    const unknown = (count: number) => Array.from({ length: count }, () => 'unknown');
    expect(changes(rows)).toEqual([
      [
        ago(90),
        ['state', 'owner', 'app', 'purpose', 'allow_list'],
        unknown(5),
        ['active', OWNER, 'orders', 'none', 'none'],
      ],
      [ago(70), ['allow_list'], ['none'], ['10.0.0.0/8 2001:db8::/32']],
      [ago(60), ['allow_list'], ['10.0.0.0/8 2001:db8::/32'], ['unknown']],
      [ago(50), ['app'], ['orders'], ['none']],
      [ago(40), ['state'], ['active'], ['revoked']],
    ]);
  });

  it('a change comes before the request of its instant, which it already holds for', async () => {
    const rows = await asked('key-timeline', { key_id: 'named-alike', account_id: 'home', from: ago(41) });
    expect(rows.map(({ event_time, kind, key_state }) => [event_time, kind, key_state])).toEqual([
      [ago(40, -1), 'request', 'active'],
      [ago(40), 'registry', 'revoked'],
      [ago(40), 'request', 'revoked'],
    ]);
  });

  it('of an account holds what its key did elsewhere, and nothing of another key of the name', async () => {
    const where = async (given: Readonly<Record<string, string>>) =>
      (await asked('key-timeline', given))
        .filter(({ kind }) => kind === 'request')
        .map(({ account_id, key_account_id }) => [account_id, key_account_id]);
    expect(await where({ key_id: 'ours', account_id: 'home' })).toEqual([
      ['home', 'home'],
      ['other', 'home'],
    ]);
    expect(await where({ key_id: 'ours', account_id: 'other' })).toEqual([['other', 'home']]);
    expect(await where({ key_id: 'named-alike', account_id: 'other' })).toEqual([['other', 'other']]);
    expect(await where({ key_id: 'named-alike' })).toHaveLength(3);
    expect(await where({ key_id: 'of-nobody' })).toEqual([]);
  });

  it('says when a change was learned, which a correction of the past changes', async () => {
    const learned = async () =>
      (await asked('key-timeline', { key_id: 'ours' }))
        .filter(({ kind }) => kind === 'registry')
        .map(({ event_time, owner, learned_at }) => [event_time, owner, learned_at]);
    const [before] = await learned();
    const at = await sayToRegistry(store(), [key('home', 'ours', ago(90), { owner: 'two@n.example' })]);
    expect(await learned()).toEqual([[ago(90), 'two@n.example', new Date(at).toISOString()]]);
    expect(before?.[1]).toBe(OWNER);
  });
});

describe('who-used-ip', () => {
  it('tells inside, outside, without and unknown apart by the list of the time', async () => {
    const rows = await asked('who-used-ip', { source_ip: '192.0.2.7' });
    expect(rows.filter(({ key_id }) => key_id === 'k')).toMatchObject([
      { requests: 3, inside_allow_list: 0, outside_allow_list: 1, without_allow_list: 1, unknown_allow_list: 1 },
    ]);
    expect(rows.find(({ key_id }) => key_id === 'unheard-of')).toMatchObject({ unknown_allow_list: 1, unknown_key: 1 });
    const [inside] = await asked('who-used-ip', { source_ip: '10.0.0.1', from: ago(40, -1), to: ago(40) });
    expect(inside).toMatchObject({ key_id: 'named-alike', unknown_allow_list: 1, not_evaluable: 1 });
  });

  it('names people by their email, else by their name', async () => {
    const rows = await asked('who-used-ip', { source_ip: '192.0.2.7' });
    expect(rows.filter(({ key_id }) => key_id === '').map(({ principal }) => principal)).toEqual([
      'Ann',
      'ann@n.example',
    ]);
  });
});
