import { beforeEach, describe, expect, it } from 'vitest';
import type { Detection } from '../../src/detect/detections.ts';
import { DetectionEngine } from '../../src/detect/engine.ts';
import type { Story, StoryEvent } from '../../src/detect/fixture-file.ts';
import { forget, tell } from '../../src/detect/rehearsal.ts';
import { act } from '../../src/findings/actions.ts';
import type { Store } from '../../src/store/store.ts';
import { temporaryStore } from '../support/store.ts';
import { DAY_MS, detections, event, HOUR_MS, MINUTE_MS, NOW, rule, story } from './support.ts';

const { store } = await temporaryStore();
const OUTSIDE = [rule('source-ip-outside-allow-list')];
const nothing: readonly StoryEvent[] = [];

interface Spoken {
  readonly keys?: readonly object[];
  readonly users?: readonly object[];
  readonly accounts?: readonly object[];
  readonly app_rules?: readonly object[];
}
/** Records something at a moment, in ms since 1970. */
const learn = (at: number, registry: Spoken, events = nothing) =>
  tell(store, story(events, { now: at, registry: registry as unknown as Story['registry'] }));
const list = (valid_from: number, ...allow_list: string[]) => ({
  keys: [{ account_id: 'a1', key_id: 'orders', allow_list, valid_from }],
});
const look = (of: readonly Detection[] = OUTSIDE, now = NOW, from: Store = store) =>
  new DetectionEngine({ store: from, detections: of, now: () => now }).cycle();
const states = () =>
  store.rows<{ rule: string; state: string; author: string }>(
    'SELECT rule, state, author FROM finding_states ORDER BY first_seen, rule',
  );
const actions = async () => {
  const [row] = await store.rows<{ n: number }>('SELECT toFloat64(count()) AS n FROM finding_actions');
  return row?.n;
};
const used = (at: number, more: Partial<StoryEvent> = {}) => event(`e${at}`, at, more);

beforeEach(() => forget(store));

describe('what is learned of the past', () => {
  it('finds what nobody could know when it happened, and says since when it is known', async () => {
    await learn(NOW - 9 * DAY_MS, list(NOW - 30 * DAY_MS, '0.0.0.0/0'), [used(NOW - 3 * DAY_MS), used(NOW - HOUR_MS)]);
    expect((await look()).found).toEqual([]);
    await learn(NOW, list(NOW - 30 * DAY_MS, '10.0.0.0/8'));
    const { found } = await look(OUTSIDE, NOW + 1);
    expect(found.map(({ raises, backfill }) => [raises, backfill])).toEqual([
      ['alert', false],
      ['signal', true],
    ]);
    const known = new Date(NOW).toISOString();
    expect(found.every(({ summary }) => summary.endsWith(`(known since ${known}).`))).toBe(true);
    expect(found.map(({ facts }) => (JSON.parse(facts) as { known_since: string }).known_since)).toEqual([
      known,
      known,
    ]);
  });

  it('withdraws what never was so, says by what, and appends nothing when it looks again', async () => {
    await learn(NOW - 9 * DAY_MS, list(NOW - 30 * DAY_MS, '10.0.0.0/8'), [used(NOW - 3 * DAY_MS), used(NOW - HOUR_MS)]);
    expect((await look()).found).toHaveLength(2);
    await learn(NOW, list(NOW - 30 * DAY_MS, '198.51.100.0/24'));
    const report = await look(OUTSIDE, NOW + 1);
    expect(report.rules.map(({ withdrawn }) => withdrawn)).toEqual([2]);
    expect(await states()).toEqual(
      Array(2).fill({ rule: 'source-ip-outside-allow-list', state: 'withdrawn', author: 'keytrail' }),
    );
    const [said] = await store.rows<{ note: string }>('SELECT note FROM finding_actions');
    expect(said?.note).toContain(new Date(NOW).toISOString());
    await store.command('TRUNCATE TABLE knowledge_places');
    await look(OUTSIDE, NOW + 2);
    await look(OUTSIDE, NOW + 3);
    expect(await actions()).toBe(2);
  });

  it('only of the time that it is said of', async () => {
    const keys = [
      { account_id: 'a1', key_id: 'orders', allow_list: ['10.0.0.0/8'], valid_from: NOW - 30 * DAY_MS },
      { account_id: 'a1', key_id: 'orders', allow_list: ['10.0.0.0/9'], valid_from: NOW - 2 * DAY_MS },
    ];
    await learn(NOW - 9 * DAY_MS, { keys }, [used(NOW - 4 * DAY_MS), used(NOW - HOUR_MS)]);
    await look();
    await learn(NOW, list(NOW - 20 * DAY_MS, '198.51.100.0/24'));
    await look(OUTSIDE, NOW + 1);
    expect((await states()).map(({ state }) => state)).toEqual(['withdrawn', 'open']);
  });

  it('leaves alone what a person closed', async () => {
    await learn(NOW - 9 * DAY_MS, list(NOW - 30 * DAY_MS, '10.0.0.0/8'), [used(NOW - HOUR_MS)]);
    const { found } = await look();
    const said = { action: 'close-true-positive', author: 'ann', note: '', at: NOW } as const;
    await act(store, [found[0]?.fingerprint ?? ''], said);
    await learn(NOW + 1, list(NOW - 30 * DAY_MS, '198.51.100.0/24'));
    await look(OUTSIDE, NOW + 2);
    expect((await states()).map(({ state }) => state)).toEqual(['true-positive']);
  });

  it('reinstates what holds again by newer knowledge', async () => {
    await learn(NOW - 9 * DAY_MS, list(NOW - 30 * DAY_MS, '10.0.0.0/8'), [used(NOW - HOUR_MS)]);
    await look();
    await learn(NOW, list(NOW - 30 * DAY_MS, '198.51.100.0/24'));
    await look(OUTSIDE, NOW + 1);
    await learn(NOW + 2, list(NOW - 30 * DAY_MS, '10.0.0.0/8'));
    const report = await look(OUTSIDE, NOW + 3);
    expect([report.found, report.reopened.length]).toEqual([[], 1]);
    expect((await states()).map(({ state }) => state)).toEqual(['open']);
    await store.command('TRUNCATE TABLE knowledge_places');
    await look(OUTSIDE, NOW + 4);
    expect(await actions()).toBe(2);
  });

  it('withdraws nothing whose events are gone', async () => {
    await learn(NOW - 9 * DAY_MS, list(NOW - 30 * DAY_MS, '10.0.0.0/8'), [
      used(NOW - HOUR_MS),
      used(NOW - HOUR_MS, { id: 'other', key_id: 'builds' }),
    ]);
    await look();
    await store.command("ALTER TABLE audit_events DELETE WHERE event_id != 'other' SETTINGS mutations_sync = 2");
    await learn(NOW, list(NOW - 30 * DAY_MS, '198.51.100.0/24'));
    await look(OUTSIDE, NOW + 1);
    expect((await states()).map(({ state }) => state)).toEqual(['open']);
  });

  it('withdraws uses of an unknown key, once it is known', async () => {
    const known = [{ account_id: 'a1', key_id: 'builds', valid_from: NOW - 30 * DAY_MS }];
    await learn(NOW - 9 * DAY_MS, { keys: known }, [used(NOW - 3 * DAY_MS)]);
    const of = [rule('unknown-or-deleted-key-used')];
    expect((await look(of)).found).toHaveLength(1);
    await learn(NOW, { keys: [{ account_id: 'a1', key_id: 'orders', valid_from: NOW - DAY_MS }] });
    await look(of, NOW + 1);
    expect((await states()).map(({ state }) => state)).toEqual(['withdrawn']);
  });

  it('of an account is about all of its keys', async () => {
    const accounts = [{ account_id: 'a1', api_enabled_since: NOW - 30 * DAY_MS, valid_from: NOW - 30 * DAY_MS }];
    const keys = [{ account_id: 'a1', key_id: 'orders', allow_list: ['0.0.0.0/0'], valid_from: NOW - 30 * DAY_MS }];
    await learn(NOW - 9 * DAY_MS, { accounts, keys }, [used(NOW - 3 * DAY_MS)]);
    const of = [rule('verdict-mismatch')];
    expect((await look(of)).found).toEqual([]);
    await learn(NOW, {
      accounts: [{ account_id: 'a1', api_enabled_since: NOW - DAY_MS, valid_from: NOW - 30 * DAY_MS }],
    });
    expect((await look(of, NOW + 1)).found).toHaveLength(1);
  });

  it('of a network is about what was done from it', async () => {
    const keys = Array.from({ length: 30 }, (_, at) => used(NOW - HOUR_MS + at * 1_000, { key_id: `key-${at}` }));
    await tell(store, story(keys));
    const of = [rule('source-ip-using-many-keys')];
    expect((await look(of)).found).toHaveLength(1);
    const networks = [{ network: 'office', kind: 'office', cidrs: ['198.51.100.0/24'], valid_from: NOW - 9 * DAY_MS }];
    await tell(store, story([], { now: NOW, networks: { networks } as unknown as Story['networks'] }));
    await look(of, NOW + 1);
    expect((await states()).map(({ state }) => state)).toEqual(['withdrawn']);
  });

  it('is looked at piece by piece over cycles, and every cycle says which change it is at', async () => {
    const days = Array.from({ length: 200 }, (_, day) => used(NOW - (day + 1) * DAY_MS));
    await learn(NOW - 300 * DAY_MS, list(NOW - 300 * DAY_MS, '0.0.0.0/0'), days);
    await look();
    await learn(NOW, list(NOW - 300 * DAY_MS, '10.0.0.0/8'));
    const first = await look(OUTSIDE, NOW + 1);
    expect([first.found.length, first.more, first.behind]).toEqual([124, true, NOW]);
    const second = await look(OUTSIDE, NOW + 2);
    expect([second.found.length, second.more, second.behind]).toEqual([76, false, undefined]);
  });

  it('keeps the place of a detection that cannot be asked, and asks the others', async () => {
    await learn(NOW - 9 * DAY_MS, list(NOW - 30 * DAY_MS, '0.0.0.0/0'), [used(NOW - HOUR_MS)]);
    const verdicts = rule('verdict-mismatch');
    await look([...OUTSIDE, verdicts]);
    await learn(NOW, list(NOW - 30 * DAY_MS, '10.0.0.0/8'));
    const broken = { ...rule('source-ip-outside-allow-list'), sql: 'SELECT nothing FROM nowhere' };
    broken.detection = { ...broken.detection, depends_on: ['keys'] };
    const report = await look([broken, verdicts], NOW + 1);
    expect(report.rules.map((one) => [one.rule, one.error !== undefined])).toContainEqual([broken.id, true]);
    expect((await look([...OUTSIDE, verdicts], NOW + 2)).found).toHaveLength(1);
  });
});

describe('what is usual', () => {
  it('follows a key that turns out to be younger than it seemed', async () => {
    const usual = Array.from({ length: 40 }, (_, day) => used(NOW - (40 - day) * DAY_MS));
    await tell(store, story(usual));
    await look(detections);
    const created = NOW - 38 * DAY_MS;
    await learn(NOW, { keys: [{ account_id: 'a1', key_id: 'orders', created_at: created, valid_from: created }] });
    await look(detections, NOW + 1);
    const lives = await store.rows(
      'SELECT toFloat64(toUnixTimestamp64Milli(key_since)) AS since, toFloat64(count()) AS n FROM key_places FINAL GROUP BY since ORDER BY since',
    );
    expect(lives).toEqual([
      { since: 0, n: 2 },
      { since: created, n: 38 },
    ]);
  });
});

describe('detections of the registry itself', () => {
  const widened = [rule('allow-list-widened')];

  it('an allow list that was widened is told, however long keytrail was away', async () => {
    await learn(NOW - 30 * DAY_MS, list(NOW - 30 * DAY_MS, '10.0.0.0/9'));
    await look(widened, NOW - 30 * DAY_MS);
    await learn(NOW - 20 * DAY_MS, list(NOW - 20 * DAY_MS, '10.0.0.0/8'));
    await learn(NOW - 19 * DAY_MS, list(NOW - 19 * DAY_MS, '10.0.0.0/9'));
    expect((await look(widened)).found.map(({ raises }) => raises)).toEqual(['alert']);
    expect((await look(widened)).found).toEqual([]);
  });

  it('is withdrawn when it was not widened', async () => {
    await learn(NOW - DAY_MS, list(NOW - 9 * DAY_MS, '10.0.0.0/9'));
    await learn(NOW - HOUR_MS, list(NOW - HOUR_MS, '10.0.0.0/8'));
    await look(widened);
    await learn(NOW, list(NOW - 9 * DAY_MS, '10.0.0.0/8'));
    await look(widened, NOW + MINUTE_MS);
    expect((await states()).map(({ state }) => state)).toEqual(['withdrawn']);
  });

  it('a key of somebody who had left is told of after it is deleted, and withdrawn when they had not left', async () => {
    const gone = [rule('owner-role-lost-key-active')];
    const user = { account_id: 'a1', email: 'chen@n.example' };
    await learn(NOW - 60 * DAY_MS, {
      accounts: [{ account_id: 'a1', valid_from: NOW - 60 * DAY_MS }],
      users: [{ ...user, role: 'owner', active: true, valid_from: NOW - 60 * DAY_MS }],
      keys: [{ account_id: 'a1', key_id: 'orders', owner: user.email, valid_from: NOW - 60 * DAY_MS }],
    });
    await look(gone, NOW - 60 * DAY_MS);
    await learn(NOW - 9 * DAY_MS, { users: [{ ...user, active: false, valid_from: NOW - 9 * DAY_MS }] });
    const deleted = { account_id: 'a1', key_id: 'orders', state: 'deleted', valid_from: NOW - 2 * DAY_MS };
    await learn(NOW - 2 * DAY_MS, { keys: [deleted] });
    expect((await look(gone)).found).toHaveLength(1);
    await learn(NOW, { users: [{ ...user, active: true, valid_from: NOW - 9 * DAY_MS }] });
    await look(gone, NOW + 1);
    expect((await states()).map(({ state }) => state)).toEqual(['withdrawn']);
  });
});
