import { describe, expect, it } from 'vitest';
import type { GivenParameters } from '../../src/ask/runner.ts';
import { type AnswerRow, ask, type EventRow } from '../ask/fixture.ts';
import { goldenCases } from './golden.ts';
import { WORLD_EVENTS, WORLD_NOW, worldStore } from './world.ts';

const { store } = worldStore();
const asked = (id: string, given: GivenParameters = {}): Promise<AnswerRow[]> => ask(store(), id, given, WORLD_NOW);

goldenCases(store, 'attribution');

const requestsOf = (rows: readonly AnswerRow[]): number => rows.reduce((sum, row) => sum + Number(row.requests), 0);
const hasAddress = (event: EventRow): boolean => event.source_ip !== '';
const hasPlace = (event: EventRow): boolean => hasAddress(event) || event.source_host !== '';
const hasKey = (event: EventRow): boolean => event.key_id !== '';

describe('counts of the world', () => {
  // Both ends are times of events: the first belongs to the range and the last does not.
  const FROM = '2026-11-14T10:00:00.000Z';
  const TO = '2026-11-20T01:13:00.000Z';
  const inRange = ({ event_time }: EventRow): boolean => event_time >= FROM && event_time < TO;

  it.each<[string, (event: EventRow) => boolean]>([
    ['key-usage', hasKey],
    ['app-usage', hasKey],
    ['owner-usage', hasKey],
    ['source-ip-usage', hasPlace],
    ['key-by-source-ip', (event) => hasKey(event) && hasPlace(event)],
    ['app-by-source-ip', (event) => hasKey(event) && hasPlace(event)],
    ['account-usage', () => true],
    ['user-agent-usage', () => true],
    ['country-usage', hasAddress],
    ['top-actions-by-key', hasKey],
    ['unattributed-activity', (event) => !hasKey(event)],
  ])('%s holds each event that it is about once, and ranges are half-open', async (id, isAbout) => {
    expect(WORLD_EVENTS.filter(({ event_time }) => event_time === FROM || event_time === TO).length).toBeGreaterThan(1);
    expect(requestsOf(await asked(id))).toBe(WORLD_EVENTS.filter(isAbout).length);
    expect(requestsOf(await asked(id, { from: FROM, to: TO }))).toBe(
      WORLD_EVENTS.filter((event) => inRange(event) && isAbout(event)).length,
    );
  });

  it('attribution-coverage holds each event once in each of its dimensions', async () => {
    const rows = await asked('attribution-coverage', { from: FROM, to: TO });
    for (const dimension of ['key', 'owner', 'app', 'address']) {
      const of = rows.filter((row) => row.dimension === dimension);
      expect(requestsOf(of)).toBe(WORLD_EVENTS.filter(inRange).length);
      expect(of.reduce((sum, row) => sum + Number(row.share), 0)).toBeCloseTo(1, 12);
    }
  });

  it('the five verdicts of a key and an address hold each of their requests once', async () => {
    const rows = await asked('key-by-source-ip');
    const verdicts = [
      'consistent',
      'allowed_but_should_be_denied',
      'denied_but_should_be_allowed',
      'unknown_key',
      'not_evaluable',
    ];
    expect(rows.map((row) => verdicts.reduce((sum, verdict) => sum + Number(row[verdict]), 0))).toEqual(
      rows.map((row) => row.requests),
    );
  });

  it.each(['key-usage', 'app-usage', 'owner-usage', 'source-ip-usage', 'account-usage', 'country-usage'])(
    '%s counts an event in the future and calls it nobody’s last',
    async (id) => {
      const ahead = WORLD_EVENTS.filter(({ event_time }) => event_time > WORLD_NOW.toISOString());
      expect(ahead).toHaveLength(1);
      const rows = await asked(id, { from: 'now' });
      expect(rows).toEqual([expect.objectContaining({ requests: 1, last_seen: null })]);
    },
  );
});

describe('attribution by time', () => {
  it('a key reused under another owner is attributed by time', async () => {
    const rows = (await asked('key-usage')).filter(({ key_id }) => key_id === 'probe');
    expect(rows).toMatchObject([
      { owner: 'dana@northwind.example', requests: 3, first_seen: '2026-11-20T06:00:00.000Z' },
      { owner: 'ada@northwind.example', requests: 1, last_seen: '2026-10-04T10:00:00.000Z' },
    ]);
  });

  it('a key that changed hands has a row for each owner, apart at the instant of the change', async () => {
    const rows = (await asked('key-usage')).filter(({ key_id }) => key_id === 'orders');
    expect(rows).toMatchObject([
      { owner: 'dana@northwind.example', requests: 13, first_seen: '2026-11-13T11:00:00.000Z' },
      { owner: 'ada@northwind.example', requests: 4, last_seen: '2026-11-12T11:00:00.000Z' },
    ]);
    const usage = await asked('owner-usage', { from: '2026-11-13T10:00:00Z' });
    expect(usage.find(({ owner }) => owner === 'dana@northwind.example')).toMatchObject({ requests: 16, keys: 2 });
  });

  it('an address belongs to the network that held it at the time, and to none of ours after its end', async () => {
    const rows = (await asked('source-ip-usage')).filter(({ source_ip }) => source_ip === '203.0.113.5');
    expect(rows).toMatchObject([
      { network: 'documentation', network_kind: 'reserved', requests: 1, first_seen: '2026-11-11T09:30:00.000Z' },
      { network: 'partner', network_kind: 'partner', requests: 1, first_seen: '2026-11-05T09:30:00.000Z' },
    ]);
  });

  it('an owner is not known before anybody said whose the key was', async () => {
    const rows = await asked('attribution-coverage', { from: '2026-11-15T10:00:00Z', to: '2026-11-15T10:00:00.001Z' });
    expect(rows).toEqual([
      { dimension: 'key', is_attributed: true, reason: 'known-to-registry', requests: 1, share: 1 },
      { dimension: 'owner', is_attributed: false, reason: 'owner-not-known-then', requests: 1, share: 1 },
      { dimension: 'app', is_attributed: false, reason: 'no-app', requests: 1, share: 1 },
      { dimension: 'address', is_attributed: true, reason: 'recorded', requests: 1, share: 1 },
    ]);
  });

  it('an app that a rule gives is told apart from one that is assigned', async () => {
    const rows = await asked('app-usage');
    expect(rows.find(({ app }) => app === 'infrastructure')?.given_by).toEqual(['terraform']);
    expect(rows.find(({ app }) => app === 'orders')?.given_by).toEqual(['assigned']);
    expect(rows.find(({ app }) => app === '')?.given_by).toEqual([]);
  });
});

describe('what is asked for', () => {
  it('key-usage of an owner and of an app are the rows of the whole that name them', async () => {
    const all = await asked('key-usage');
    const of = (name: string, value: string) => all.filter((row) => row[name] === value);
    expect(await asked('key-usage', { owner: 'ada@northwind.example' })).toEqual(of('owner', 'ada@northwind.example'));
    expect(await asked('key-usage', { app: 'orders' })).toEqual(of('app', 'orders'));
    expect(await asked('key-usage', { account_id: 's1' })).toEqual(of('account_id', 's1'));
  });

  it('top-actions-by-key ranks from the most frequent, and shares are of all that the key did', async () => {
    const [first, ...others] = await asked('top-actions-by-key', { key_id: 'deploy', limit_per_key: 1 });
    const all = WORLD_EVENTS.filter(({ key_id }) => key_id === 'deploy');
    const reads = all.filter(({ activity }) => activity === 'read');
    expect(others).toEqual([]);
    expect(first).toMatchObject({ rank: 1, activity: 'read', requests: reads.length });
    expect(first?.share).toBeCloseTo(reads.length / all.length, 12);
  });

  it('resource-changes finds the deletion by a stranger, by id, by name, and as either', async () => {
    for (const given of [{ resource_id: '5102' }, { resource_name: 'db-5102' }, { resource: '5102' }]) {
      expect(await asked('resource-changes', given)).toMatchObject([
        { activity: 'delete', result: 'made', key_id: 'deploy', owner: 'ben@northwind.example', app: 'deployment' },
      ]);
    }
    expect(await asked('resource-changes', { resource_id: 'db-5102' })).toEqual([]);
    expect(await asked('resource-changes', { resource: '5102', resource_type: 'Account' })).toEqual([]);
  });

  it.each([{}, { resource: '' }, { account_id: 'p1' }])(
    'resource-changes with %j names no resource, and is refused',
    async (given) => {
      await expect(asked('resource-changes', given as GivenParameters)).rejects.toMatchObject({
        code: 'PARAMETER_MISSING',
        exitCode: 2,
      });
    },
  );
});
