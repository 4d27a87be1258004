import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { rowsOf, runKeytrail } from '../support/keytrail.ts';
import { temporaryDirectory } from '../support/store.ts';

let dataDir: string;

/** Requests of one key: its allow list holds the usual address, and not the last one. */
function records(now: number): string {
  const request = (id: string, at: number, sourceIp: string) =>
    JSON.stringify({
      ...{ id, time: new Date(at).toISOString(), type: 'Database', description: 'listed' },
      request: { sourceIp, method: 'GET', path: '/v1/databases', status: 200, userAgent: 'orders/1.0', requestId: id },
      authentication: { accountId: 'a1', keyName: 'orders', result: 'success' },
    });
  const usual = Array.from({ length: 20 }, (_, day) =>
    request(`u${day}`, now - (20 - day) * 86_400_000, '198.51.100.20'),
  );
  return [...usual, request('x1', now - 60_000, '203.0.113.9')].join('\n');
}

const REGISTRY = `accounts: [{account_id: a1, valid_from: 2026-01-01}]
keys: [{account_id: a1, key_id: orders, allow_list: [198.51.100.16/28], valid_from: 2026-01-01}]
`;

const keytrail = (...args: string[]) => runKeytrail([...args, '--data-dir', dataDir]);

beforeAll(async () => {
  const folder = await temporaryDirectory();
  dataDir = path.join(folder, 'store');
  await writeFile(path.join(folder, 'requests.ndjson'), records(Date.now()));
  await writeFile(path.join(folder, 'registry.yaml'), REGISTRY);
  expect((await keytrail('keys', 'import', path.join(folder, 'registry.yaml'))).code).toBe(0);
  const stored = await keytrail('ingest', path.join(folder, 'requests.ndjson'), '--source', 'gateway/request');
  expect([stored.code, stored.stderr]).toEqual([0, stored.stderr]);
});

describe('detect run', () => {
  it('finds what is there once, and exits with 4 for it when asked to', async () => {
    const first = await keytrail('detect', 'run', '--once', '--fail', '--format', 'json');
    expect([first.code, first.stderr]).toEqual([4, '']);
    const found = rowsOf(first).map(({ rule, severity, raises }) => ({ rule, severity, raises }));
    expect(found).toEqual(
      expect.arrayContaining([
        { rule: 'source-ip-outside-allow-list', severity: 'critical', raises: 'alert' },
        { rule: 'new-source-ip-for-key', severity: 'low', raises: 'signal' },
      ]),
    );
    const again = await keytrail('detect', 'run', '--once', '--fail', '--format', 'json');
    expect([again.code, rowsOf(again)]).toEqual([0, []]);
  });

  it('of a range finds nothing that was found, and a back-test tells each day and enters nothing', async () => {
    const range = await keytrail('detect', 'run', '--from', '-30d', '--format', 'json');
    expect([range.code, rowsOf(range)]).toEqual([0, []]);
    const rule = ['--rule', 'source-ip-outside-allow-list'];
    const tried = rowsOf(await keytrail('detect', 'run', '--backtest', '--from', '-2d', ...rule, '--format', 'json'));
    expect(tried.length).toBeGreaterThanOrEqual(2);
    expect(tried.reduce((sum, { findings }) => sum + Number(findings), 0)).toBe(1);
    expect(tried.reduce((sum, { alerts }) => sum + Number(alerts), 0)).toBe(1);
  });

  it.each([['--once', '--from', '-1d'], ['--to', 'now'], ['--fail']])('refuses %s %s', async (...flags) => {
    expect((await keytrail('detect', 'run', ...flags)).code).toBe(2);
  });
});

describe('findings', () => {
  const listed = async (...flags: string[]) => rowsOf(await keytrail('findings', 'list', '--format', 'json', ...flags));

  it('are listed, shown with the question that shows them, acknowledged and closed', async () => {
    const [worst] = await listed('--severity', 'critical');
    expect(worst).toMatchObject({ state: 'open', rule: 'source-ip-outside-allow-list', events: 1 });
    const id = String(worst?.id);
    const shown = rowsOf(await keytrail('findings', 'show', id, '--format', 'json'));
    const field = (name: string) => String(shown.find((row) => row.field === name)?.value);
    expect(field('allow_list')).toBe('198.51.100.16/28');
    const evidence = field('evidence').split(' ').slice(1);
    expect(rowsOf(await keytrail(...evidence, '--format', 'json', '--no-footer'))).toMatchObject([
      { key_id: 'orders', source_ip: '203.0.113.9', event_ids: ['x1'] },
    ]);
    expect((await keytrail('findings', 'ack', id, '--author', 'ann')).code).toBe(0);
    expect(await listed('--state', 'acknowledged')).toHaveLength(1);
    const closing = ['--true-positive', '--note', 'stolen', '--author', 'ann'];
    expect((await keytrail('findings', 'close', id, ...closing)).code).toBe(0);
    expect(await listed('--state', 'true-positive')).toMatchObject([{ id }]);
  });

  it('of one key at one time are a case', async () => {
    const cases = rowsOf(await keytrail('findings', 'cases', '--format', 'json'));
    const one = cases.find(({ keys }) => keys === 'orders');
    expect(one).toMatchObject({ severity: 'critical', addresses: '203.0.113.9' });
    const members = rowsOf(await keytrail('findings', 'cases', String(one?.id), '--format', 'json'));
    expect(members).toHaveLength(Number(one?.findings));
    expect((await keytrail('findings', 'cases', 'zz')).code).toBe(1);
    expect((await keytrail('findings', 'cases', '--within', '0')).code).toBe(2);
  });

  it('that are suppressed are counted where they are, until somebody ends it', async () => {
    const why = ['--until', '2099-01-01', '--reason', 'moving', '--author', 'ann'];
    const id = (await keytrail('findings', 'suppress', '--rule', 'dormant-key-used', ...why)).stdout.trim();
    const shown = async () => rowsOf(await keytrail('findings', 'suppressions', '--format', 'json'));
    const told = { id, state: 'in force', rule: 'dormant-key-used', author: 'ann', reason: 'moving', findings: 0 };
    expect(await shown()).toMatchObject([told]);
    expect((await keytrail('findings', 'unsuppress', id, '--author', 'bo')).code).toBe(0);
    expect(await shown()).toMatchObject([{ ...told, state: 'ended', author: 'bo' }]);
    expect((await keytrail('findings', 'unsuppress', id)).code).toBe(1);
  });

  it('are closed as one of two', async () => {
    expect((await keytrail('findings', 'close', 'abc')).code).toBe(2);
  });

  it('that there are not are refused', async () => {
    expect((await keytrail('findings', 'show', 'zz')).stderr).toContain('no such finding');
  });

  it.each([
    ['nothing but a time', ['--until', '2099-01-01', '--reason', 'x']],
    ['a time that has passed', ['--rule', 'dormant-key-used', '--until', '2020-01-01', '--reason', 'x']],
    ['a range that is none', ['--cidr', '10.0.0.0/99', '--until', '2099-01-01', '--reason', 'x']],
    ['an entity that is none', ['--entity', 'key', '--until', '2099-01-01', '--reason', 'x']],
  ])('a suppression of %s is refused', async (_, flags) => {
    expect((await keytrail('findings', 'suppress', ...flags)).code).toBe(2);
  });
});

describe('rebuild', () => {
  it('proves what is derived equal to the events', async () => {
    const checked = await keytrail('rebuild', '--check', '--format', 'json');
    expect(checked.code).toBe(0);
    const tables = new Set(rowsOf(checked).map(({ table }) => table));
    expect([...tables].toSorted()).toEqual(['event_ids', 'key_hours', 'key_manners', 'key_places']);
    expect(rowsOf(checked).every(({ result }) => result === 'equal')).toBe(true);
  });
});

describe('detect', () => {
  it('lists, shows and explains every detection', async () => {
    const listed = rowsOf(await keytrail('detect', 'list', '--format', 'json'));
    expect(listed.length).toBeGreaterThanOrEqual(26);
    const shown = rowsOf(await keytrail('detect', 'show', 'dormant-key-used', '--format', 'json'));
    expect(shown.map(({ field }) => field)).toEqual(expect.arrayContaining(['severity', 'runbook 1', 'reference']));
    const explained = rowsOf(await keytrail('detect', 'explain', 'dormant-key-used', '--format', 'json'));
    expect(explained.map(({ field }) => field)).toEqual(['decides', 'dormant_days', 'tells', 'SQL']);
    expect((await keytrail('detect', 'show', 'no-such')).code).toBe(2);
  });

  it("tests a person's own detection by its fixtures, and says when one is not as expected", async () => {
    const folder = path.join(await temporaryDirectory(), 'own');
    await mkdir(folder);
    await writeFile(path.join(folder, 'any-deletion.sql'), OWN);
    await writeFile(path.join(folder, 'any-deletion.yaml'), fixtures('delete'));
    const file = path.join(folder, 'any-deletion.sql');
    const passed = await keytrail('detect', 'test', file, '--format', 'json');
    expect([passed.code, rowsOf(passed).map(({ result }) => result)]).toEqual([0, Array(3).fill('as expected')]);
    await writeFile(path.join(folder, 'any-deletion.yaml'), fixtures('read'));
    const failed = await keytrail('detect', 'test', file, '--format', 'json');
    expect(failed.code).toBe(1);
    expect(rowsOf(failed).map(({ result }) => result)).toContain('otherwise');
  });
});

const OWN = `/*
title: Any deletion
question: Which keys deleted anything?
detection:
  version: 1
  severity: medium
  raises: signal
  entity: [key_id]
  anchor: day
  runbook: [Ask the owner., Restore it.]
  summary: "Key {key_id} deleted {events} things."
params:
  from: {type: "DateTime64(3, 'UTC')"}
  to: {type: "DateTime64(3, 'UTC')"}
  blocks: {type: Array(UUID), default: []}
columns: {key_id: k, anchor_at: a, first_seen: f, last_seen: l, stored_until: s, events: e, event_ids: i}
*/
SELECT key_id, toStartOfDay(event_time) AS anchor_at, min(event_time) AS first_seen, max(event_time) AS last_seen,
    max(ingested_at) AS stored_until, count() AS events, arraySort(groupArray(10)(event_id)) AS event_ids
FROM activity
WHERE activity = 'delete' AND event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
    AND (block_id IN {blocks:Array(UUID)} OR empty({blocks:Array(UUID)}))
GROUP BY key_id, anchor_at
ORDER BY key_id, anchor_at
`;
const fixtures = (activity: string): string => `
events:
  odd: {at: -5m, key_id: orders, activity: ${activity}}
hit:
  - {severity: medium, entity: {key_id: orders}, events: 1, event_ids: [odd]}
misses:
  - {because: it was read, change: {events.odd.activity: read}}
  - {because: it was changed, change: {events.odd.activity: update}}
`;
