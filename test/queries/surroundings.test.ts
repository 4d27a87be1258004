import { describe, expect, it } from 'vitest';
import type { GivenParameters } from '../../src/ask/runner.ts';
import type { EventRow } from '../ask/fixture.ts';
import { ago, key, type Story, tellStories, use } from './edges.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const AT = 9;
const at = (ms: number): string => ago(AT, ms);
const named = (event_id: string, event: Partial<EventRow>): Partial<EventRow> => ({ event_id, ...event });

const STORIES: readonly Story[] = [
  {
    // One request in two logs: the system log has a clock of seconds and no address.
    account: 'home',
    said: [key('home', 'k', ago(90), { state: 'active', allowList: [] })],
    events: [
      named('early', use('k', at(-15 * MINUTE_MS), '10.0.0.9')),
      named('too-early', use('k', at(-15 * MINUTE_MS - 1), '10.0.0.9')),
      named('gateway', use('k', at(400), '10.0.0.1', { request_id: 'one-request' })),
      named('log', use('k', at(0), '', { request_id: 'one-request', source: 'redis-cloud/system-log' })),
      named('nearer-the-log', use('k', at(-100), '10.0.0.1')),
      named('same-address', use('', at(60_400), '10.0.0.1', { principal_kind: 'unknown' })),
      named('same-key', use('k', at(15 * MINUTE_MS + 400), '')),
      named('too-late', use('k', at(15 * MINUTE_MS + 401), '10.0.0.1')),
      named('neither', use('other', at(0), '10.0.0.2')),
      named('nobody', use('', at(0), '')),
    ],
  },
  {
    account: 'away',
    events: [named('shown-elsewhere', use('k', at(1_000), '10.7.7.7')), named('not-ours', use('other', at(0), ''))],
  },
  {
    account: 'alike',
    events: [
      named('this', use('', at(0), '10.5.5.5', { request_id: 'one-instant' })),
      named('that', use('', at(0), '10.5.5.5', { request_id: 'one-instant' })),
      named('later', use('', at(1), '10.5.5.5')),
    ],
  },
  {
    account: 'copies',
    events: Array.from({ length: 101 }, (_, index) =>
      named(`c${index}`, use('c', at(index), '', { request_id: 'copied' })),
    ),
  },
];

const ANN = 'ann@n.example';
const DAY_MS = 24 * HOUR_MS;
const person = (time: string, email: string, more: Partial<EventRow> = {}): Partial<EventRow> => ({
  ...{ event_time: time, principal_kind: 'console-user', principal_email: email, action: 'Configuration' },
  ...more,
});
const login = (time: string, email: string, ip: string, more: Partial<EventRow> = {}): Partial<EventRow> =>
  person(time, email, {
    ...{ action: 'Successful login', activity: 'authenticate', auth_result: 'success', source_ip: `::ffff:${ip}` },
    ...more,
  });

const SESSIONS: readonly Story[] = [
  {
    account: 'ages',
    events: [
      login(ago(5), ANN, '10.0.0.1'),
      named('at-once', person(ago(5), 'Ann@N.example')),
      named('an-hour', person(ago(5, HOUR_MS), ANN)),
      named('more', person(ago(5, HOUR_MS + 1), ANN)),
      named('a-day', person(ago(5, DAY_MS), ANN)),
      named('too-old', person(ago(5, DAY_MS + 1), ANN)),
      named('before', person(ago(5, -1), ANN)),
      named('of-nobody', person(ago(5, 5), '')),
      named('by-a-key', use('k', ago(5, 5), '', { principal_kind: 'console-user', principal_email: ANN })),
      // It carries an address, and needs no guess.
      named('known', person(ago(5, 5), ANN, { source_ip: '::ffff:10.0.0.8' })),
    ],
  },
  {
    account: 'several',
    events: [
      login(ago(5), ANN, '10.0.0.1'),
      named('one', person(ago(5, 10), ANN)),
      login(ago(5, 20), ANN, '10.0.0.2'),
      login(ago(5, 20), 'zoe@n.example', '10.0.0.2'),
      named('two', person(ago(5, 30), ANN)),
      // The first login is too old by now.
      named('one-again', person(ago(5, DAY_MS + 10), ANN)),
    ],
  },
  {
    account: 'signed-out',
    events: [
      login(ago(5), ANN, '10.0.0.1'),
      login(ago(5, 10), ANN, '10.0.0.2', { action: 'Successful logout' }),
      named('after', person(ago(5, 20), ANN)),
      login(ago(5, 30), ANN, '10.0.0.1'),
      named('in-again', person(ago(5, 40), ANN)),
    ],
  },
  {
    account: 'no-login',
    events: [
      login(ago(5), ANN, '10.0.0.1', { auth_result: 'failure' }),
      login(ago(5), 'ben@n.example', '10.0.0.1'),
      login(ago(5), '', '10.0.0.1'),
      // Not authenticated, whatever it is called.
      login(ago(5), ANN, '10.0.0.1', { activity: 'other' }),
      named('ann', person(ago(5, 10), ANN)),
      named('no-email', person(ago(5, 10), '')),
      named('elsewhere', person(ago(5, 40), 'zoe@n.example')),
    ],
  },
];

const { asked } = tellStories([...STORIES, ...SESSIONS]);

describe('request-context', () => {
  const around = async (given: GivenParameters) =>
    (await asked('request-context', given)).map(({ event_id, relation, seconds, around_event_id }) => [
      ...[event_id, relation, seconds, around_event_id],
    ]);

  it('holds what shares key or address with any log of the request, at most so many minutes away', async () => {
    expect(await around({ request_id: 'one-request' })).toEqual([
      ['early', 'same-key', -900, 'log'],
      ['nearer-the-log', 'both', -0.1, 'log'],
      ['log', 'itself', 0, 'log'],
      ['gateway', 'itself', 0, 'gateway'],
      ['shown-elsewhere', 'same-key', 0.6, 'gateway'],
      ['same-address', 'same-address', 60, 'gateway'],
      ['same-key', 'same-key', 900, 'gateway'],
    ]);
  });

  it('of fewer minutes, or none, is narrower; and the range says where the request is, not its surroundings', async () => {
    const [second, later] = [at(400), at(401)];
    expect(await around({ event_id: 'gateway', minutes: 1, from: second, to: later })).toEqual([
      ['nearer-the-log', 'both', -0.5, 'gateway'],
      ['log', 'same-key', -0.4, 'gateway'],
      ['gateway', 'itself', 0, 'gateway'],
      ['shown-elsewhere', 'same-key', 0.6, 'gateway'],
      ['same-address', 'same-address', 60, 'gateway'],
    ]);
    expect(await around({ id: 'gateway', minutes: 0 })).toEqual([['gateway', 'itself', 0, 'gateway']]);
    expect(await around({ id: 'gateway', from: later })).toEqual([]);
    expect(await around({ id: 'gateway', to: second })).toEqual([]);
  });

  it('of a request that names neither key nor address is the request alone', async () => {
    expect(await around({ id: 'nobody' })).toEqual([['nobody', 'itself', 0, 'nobody']]);
    expect(await around({ id: 'not-ours' })).toEqual([['not-ours', 'itself', 0, 'not-ours']]);
  });

  it('knows each of two requests of one instant as itself, and no absent key as one that is shared', async () => {
    expect(await around({ id: 'one-instant' })).toEqual([
      ['that', 'itself', 0, 'that'],
      ['this', 'itself', 0, 'this'],
      ['later', 'same-address', 0.001, 'that'],
    ]);
  });

  it('takes the first hundred of those that have the id', async () => {
    const rows = await around({ id: 'copied' });
    expect(rows.map(([, relation]) => relation)).toEqual([...Array.from({ length: 100 }, () => 'itself'), 'same-key']);
    expect(rows.at(-1)).toEqual(['c100', 'same-key', 0.001, 'c99']);
  });

  it.each([{}, { id: '' }, { minutes: 5 }])('with %j names no request, and is refused', async (given) => {
    await expect(asked('request-context', given as GivenParameters)).rejects.toMatchObject({
      code: 'PARAMETER_MISSING',
      exitCode: 2,
    });
  });
});

describe('session-correlation', () => {
  const guessed = async (account_id: string, given: GivenParameters = {}) =>
    (await asked('session-correlation', { account_id, ...given })).map((row) => [
      ...[row.event_id, row.inferred_confidence, row.inferred_source_ip, row.inferred_login_age],
    ]);

  it('is high up to recent_minutes after the only login, medium up to max_age_hours, and none beyond', async () => {
    expect(await guessed('ages')).toEqual([
      ['before', 'none', '', null],
      ['at-once', 'high', '10.0.0.1', 0],
      ['of-nobody', 'none', '', null],
      ['an-hour', 'high', '10.0.0.1', 3600],
      ['more', 'medium', '10.0.0.1', 3600],
      ['a-day', 'medium', '10.0.0.1', 86_400],
      ['too-old', 'none', '', null],
    ]);
    const longer = await guessed('ages', { max_age_hours: 25, recent_minutes: 1_440 });
    expect(longer.slice(-2)).toEqual([
      ['a-day', 'high', '10.0.0.1', 86_400],
      ['too-old', 'medium', '10.0.0.1', 86_400],
    ]);
  });

  it('is low while logins of several addresses count, and names the last', async () => {
    expect(await guessed('several')).toEqual([
      ['one', 'high', '10.0.0.1', 0],
      ['two', 'low', '10.0.0.2', 0],
      ['one-again', 'medium', '10.0.0.2', 86_399],
    ]);
  });

  it('is low once the person signed out, until they sign in again', async () => {
    expect(await guessed('signed-out')).toEqual([
      ['after', 'low', '10.0.0.1', 0],
      ['in-again', 'high', '10.0.0.1', 0],
    ]);
  });

  it('takes no failed login, nobody else’s, and none of another account', async () => {
    expect(await guessed('no-login')).toEqual([
      ['no-email', 'none', '', null],
      ['ann', 'none', '', null],
      ['elsewhere', 'none', '', null],
    ]);
    const everywhere = await asked('session-correlation', { principal_email: 'zoe@n.example' });
    expect(everywhere).toMatchObject([{ event_id: 'elsewhere', inferred_confidence: 'none', inferred_source_ips: 0 }]);
  });

  it('of a range knows the logins before it, and of a person what they did however their email is written', async () => {
    expect(await guessed('ages', { from: ago(5, HOUR_MS), to: ago(5, DAY_MS) })).toEqual([
      ['an-hour', 'high', '10.0.0.1', 3600],
      ['more', 'medium', '10.0.0.1', 3600],
    ]);
    expect(await guessed('ages', { principal_email: 'ANN@n.example', to: ago(5, 1) })).toEqual([
      ['before', 'none', '', null],
      ['at-once', 'high', '10.0.0.1', 0],
    ]);
  });
});
