import { describe, expect, it } from 'vitest';
import type { GivenParameters } from '../../src/ask/runner.ts';
import { type AnswerRow, ask } from '../ask/fixture.ts';
import { goldenCases } from './golden.ts';
import { WORLD_EVENTS, WORLD_NOW, worldStore } from './world.ts';

const { store } = worldStore();
const asked = (id: string, given: GivenParameters = {}): Promise<AnswerRow[]> => ask(store(), id, given, WORLD_NOW);
const names = (rows: readonly AnswerRow[]) => rows.map(({ key_id }) => key_id).sort();

goldenCases(store, 'hygiene');

/** What the registry of the world says is active at the moment of asking. */
const ACTIVE = ['deploy', 'late', 'legacy', 'orders', 'probe', 'reports', 'spare', 'staging', 'terraform'];

describe('keys that are active now', () => {
  it('are the only ones that hygiene is about: a deleted one is neither old, nor unused, nor open', async () => {
    expect(names(await asked('keys-old', { age_days: 0 }))).toEqual(ACTIVE);
    const used = [...(await asked('keys-unused', { unused_days: 0 })), ...(await asked('keys-never-used'))];
    expect(names(used)).toEqual(ACTIVE);
  });

  it('are asked of the moment of asking: what was so then stands', async () => {
    const before = new Date('2026-11-01T00:00:00.000Z');
    const then = (id: string, given: GivenParameters = {}) => ask(store(), id, given, before);
    // old-ci was not deleted yet, late was not known yet, and nobody had used reports since its owner had left.
    expect(names(await then('keys-old', { age_days: 0 }))).toEqual(
      [...ACTIVE.filter((name) => name !== 'late'), 'old-ci'].sort(),
    );
    expect(await then('keys-of-inactive-owners')).toMatchObject([
      { key_id: 'reports', last_used: '2026-10-09T10:00:00.000Z', requests_since: 0 },
    ]);
    expect(names(await then('keys-without-allow-list'))).toEqual(['old-ci', 'probe', 'staging', 'terraform']);
  });
});

describe('the point of each question', () => {
  it('keys-unused finds the key that nobody used for sixty days', async () => {
    expect(await asked('keys-unused')).toMatchObject([{ key_id: 'legacy', days_unused: 60, exceeds_days: 45 }]);
    expect(await asked('keys-unused', { unused_days: 61 })).toEqual([]);
  });

  it('keys-never-used says for how long a use would have been seen', async () => {
    const first = WORLD_EVENTS.filter(({ account_id, key_id }) => account_id === 'p1' && key_id !== '')
      .map(({ event_time }) => event_time)
      .sort()[0];
    expect(await asked('keys-never-used')).toMatchObject([{ key_id: 'spare', records_since: first, days_watched: 60 }]);
  });

  it('keys-old takes the earliest sign of a key whose creation nobody told', async () => {
    const late = (await asked('keys-old', { age_days: 0 })).find(({ key_id }) => key_id === 'late');
    expect(late).toMatchObject({ created_at: null, exists_since: '2026-11-15T10:00:00.000Z', age_days: 8 });
  });

  it('keys-without-allow-list says since when, and does not take an unknown list for none', async () => {
    const rows = await asked('keys-without-allow-list');
    expect(names(rows)).toEqual(['late', 'orders', 'probe', 'staging', 'terraform']);
    expect(rows.find(({ key_id }) => key_id === 'orders')?.since).toBe('2026-11-21T10:00:00.000Z');
    const more = await asked('keys-without-allow-list', { include_unknown: 'true' });
    expect(more.filter(({ allow_list_state }) => allow_list_state === 'unknown')).toMatchObject([
      { key_id: 'reports' },
    ]);
  });

  it('allow-list-entries-unused proposes what was used, and calls a refused try no use', async () => {
    const rows = await asked('allow-list-entries-unused', { key_id: 'deploy' });
    expect(rows).toMatchObject([
      { entry: '198.51.100.64/28', suggestion: 'narrow', tightest: '198.51.100.65/32', requests: 20, refused: 1 },
      { entry: '203.0.113.0/28', suggestion: 'narrow', tightest: '203.0.113.5/32', requests: 2 },
    ]);
    const late = await asked('allow-list-entries-unused', { key_id: 'deploy', from: '2026-11-11T09:30:00.001Z' });
    expect(late[0]).toMatchObject({ entry: '203.0.113.0/28', suggestion: 'remove', tightest: '', last_used: null });
  });

  it('keys-used-after-deletion leaves out what the next key of the name did', async () => {
    expect(names(await asked('keys-used-after-deletion'))).toEqual(['old-ci']);
  });

  it('a key shown to another account counts as used for the account that it is of', async () => {
    const rows = await asked('keys-unused', { unused_days: 0, account_id: 's1' });
    expect(rows).toMatchObject([
      {
        ...{ key_id: 'staging', account_id: 's1' },
        ...{ last_used: '2026-11-14T10:06:00.000Z', last_refused: '2026-11-14T10:05:00.000Z' },
      },
    ]);
  });

  it('verdict-summary holds each judged request once, the failed controls first', async () => {
    const rows = await asked('verdict-summary');
    const judged = WORLD_EVENTS.filter(({ key_id, auth_result }) => key_id !== '' || auth_result === 'failure');
    expect(rows.reduce((sum, row) => sum + Number(row.requests), 0)).toBe(judged.length);
    expect(rows.slice(0, 4).map(({ verdict, key_id }) => [verdict, key_id])).toEqual([
      ['allowed-but-should-be-denied', 'deploy'],
      ['allowed-but-should-be-denied', 'old-ci'],
      ['allowed-but-should-be-denied', 'staging'],
      ['denied-but-should-be-allowed', 'deploy'],
    ]);
  });

  it('unknown-keys tells a key that exists from a name that was tried, and marks its guess', async () => {
    expect(await asked('unknown-keys')).toMatchObject([
      { key_id: 'mystery', allowed: 2, refused: 0, owner_guess: 'ben@northwind.example', owner_guess_confidence: 1 },
      { key_id: 'guess-1', allowed: 0, refused: 1, owner_guess: '', owner_guess_confidence: 0 },
    ]);
  });
});
