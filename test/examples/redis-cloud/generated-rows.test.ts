import { describe, expect, test } from 'vitest';
import { DESCRIPTIONS, descriptionOf, SOURCES } from '../../../examples/redis-cloud/descriptions.ts';
import { exampleAccounts } from '../../../examples/redis-cloud/example-accounts.ts';
import { LiveAccount } from '../../../examples/redis-cloud/live-account.ts';
import { startStandIn } from '../../../examples/redis-cloud/stand-in.ts';
import type { EventFields } from '../../../schemas/audit-event.ts';
import { recogniseSource } from '../../../schemas/sources/index.ts';
import { DESCRIPTION } from './description.ts';
import { accountOf, PRODUCTION, START, started } from './support.ts';

const live = (seed: number, size: { rows?: number; sessions?: number }) =>
  new LiveAccount(accountOf(exampleAccounts({ seed, end: START, ...size }), PRODUCTION), seed, () => START);

function fieldsOf(record: object, source: string): EventFields {
  const found = recogniseSource({ ...record });
  const normalised = found?.normalise({ ...record }, { accountId: '1001', isTrustedProxy: () => false });
  if (found?.name !== source || normalised?.kind !== 'event') throw new Error(JSON.stringify(record));
  return normalised.fields;
}

describe('generated rows', () => {
  test('are the same bytes for the same seed, and others for another', () => {
    const textOf = (seed: number) => {
      const account = live(seed, { rows: 300, sessions: 100 });
      account.grow({ rows: 50, spreadMs: 9_000 });
      account.append([{}, { originator: 'System' }]);
      account.appendSessions([{ user: 'ada@northwind.example' }]);
      return JSON.stringify([[...account.everyRow()], [...account.everySession()]]);
    };
    expect(textOf(5)).toBe(textOf(5));
    expect(textOf(6)).not.toBe(textOf(5));
    const sessionsOf = (seed: number) => [...live(seed, { sessions: 100 }).everySession()].map(({ id }) => id);
    expect(sessionsOf(6).filter((id) => sessionsOf(5).includes(id))).toEqual([]);
  });

  test('are entries that keytrail reads: of keys with their names, of people, and of the system', () => {
    const rows = [...live(3, { rows: 3_000 }).everyRow()];
    const events = rows.map((row) => fieldsOf(row, 'redis-cloud/system-log'));
    const kinds = new Set(events.map(({ principalKind }) => principalKind));
    expect(kinds).toEqual(new Set(['api-key', 'console-user', 'system', 'unknown']));
    const keys = new Set(events.map(({ keyId }) => keyId));
    expect([...keys]).toEqual(expect.arrayContaining(['terraform-prod', 'ci-deploy']));
    expect([...keys], 'the key of a viewer changes nothing').not.toContain('keytrail-collector');
    const byTerraform = events.find(({ keyId }) => keyId === 'terraform-prod');
    expect(byTerraform).toMatchObject({ principalEmail: 'ada@northwind.example', authResult: 'success' });
    for (const event of events.filter(({ principalKind }) => principalKind === 'system')) expect(event.keyId).toBe('');
    expect(new Set(events.map(({ eventId }) => eventId)).size).toBe(3_000);
  });

  test('have every type and text, absent fields, and seconds in which much happens', () => {
    const rows = [...live(4, { rows: 5_000 }).everyRow()];
    const types = new Set(rows.map(({ type }) => type));
    expect(types).toEqual(new Set(DESCRIPTIONS.map(({ type }) => type)));
    expect(rows.some(({ originator }) => originator === undefined)).toBe(true);
    expect(rows.some(({ resource, resourceId }) => resource === undefined && resourceId !== undefined)).toBe(true);
    const seconds = new Set(rows.map(({ time }) => time));
    expect(seconds.size).toBeLessThan(4_500);
    expect(seconds.size).toBeGreaterThan(2_000);
  });

  test('lie between the times that were asked for, and never go back', () => {
    for (const [rows, spreadMs] of [
      [1, 0],
      [1, 60_000],
      [2, 5_000],
      [1_000, 60_000],
      [1_000, 0],
    ] as const) {
      const account = live(7, {});
      account.grow({ rows, spreadMs });
      const times = [...account.everyRow()].map(({ time }) => Date.parse(time)).reverse();
      expect(times).toHaveLength(rows);
      expect(times).toEqual(times.toSorted((one, other) => one - other));
      expect(times[0]).toBe(START - spreadMs);
      expect(times.at(-1)).toBeLessThanOrEqual(START);
    }
  });

  test('of sessions are entries that keytrail reads', () => {
    const events = [...live(3, { sessions: 200 }).everySession()].map((row) =>
      fieldsOf(row, 'redis-cloud/session-log'),
    );
    expect(new Set(events.map(({ outcome }) => outcome))).toEqual(new Set(['success', 'failure']));
    expect(new Set(events.map(({ eventId }) => eventId)).size).toBe(200);
  });

  test('a burst of 100,000 rows after a history of 1,000,000 is served page by page, and counted', async () => {
    const { get, standIn } = await started({ rows: 1_000_000 });
    const account = standIn.account(PRODUCTION);
    account.grow({ rows: 100_000 });
    const oldest = (await get('/v1/logs?limit=1000&offset=1099000')).json().entries;
    const newest = (await get('/v1/logs?limit=1000')).json().entries;
    expect(oldest).toHaveLength(1_000);
    expect((newest[0]?.id ?? 0) - (oldest.at(-1)?.id ?? 0)).toBe(1_099_999);
    expect(new Set(newest.map(({ time }) => time))).toEqual(new Set(['2026-11-20T08:00:00Z']));
    let count = 0;
    for (const _ of account.everyRow()) count += 1;
    expect(count).toBe(1_100_000);
  });
});

describe('the descriptions', () => {
  test('tell of users, keys, allow lists and the account, with the source of each text', () => {
    const names = (tells: string) => DESCRIPTIONS.filter((one) => one.tells === tells).map(({ name }) => name);
    expect(names('key')).toEqual(['key-created', 'key-deleted']);
    expect(names('allow-list')).toEqual(['key-source-added', 'key-source-removed']);
    expect(names('account')).toEqual(['mfa-enabled', 'mfa-disabled']);
    expect(names('user')).toEqual([
      ...['password-reset', 'user-renamed', 'user-invited', 'user-role-changed', 'user-removed'],
    ]);
    expect(new Set(DESCRIPTIONS.map(({ source }) => source))).toEqual(new Set(Object.values(SOURCES)));
  });

  test('say what the description’s example says, where they come from it', () => {
    const { example } = DESCRIPTION.components.schemas.AccountSystemLogEntries ?? {};
    const texts = (example as { entries: { description: string }[] }).entries.map(({ description }) => description);
    const about = { name: 'Example Value', email: 'example-value@redis.com', key: '', number: 0, network: '' };
    const renamed = descriptionOf('user-renamed').text(about);
    expect(renamed.replace('example-value@', 'example.value@')).toBe(texts[0]);
    const invited = descriptionOf('user-invited').text({ ...about, name: 'invalid-name', email: 'cab@fufu.com' });
    expect(invited).toBe(texts[1]);
    expect(() => descriptionOf('nothing')).toThrow('broken promise');
  });

  test('each has a name of its own', () => {
    expect(new Set(DESCRIPTIONS.map(({ name }) => name)).size).toBe(DESCRIPTIONS.length);
  });
});

test('the same seed and the same requests give the same answers, links apart', async () => {
  const answers = async () => {
    const { get, standIn } = await started({ seed: 9, rows: 200, faults: [{ fault: { kind: 'html' }, chance: 0.3 }] });
    standIn.account(PRODUCTION).grow({ rows: 7 });
    const texts: string[] = [];
    for (let count = 0; count < 20; count += 1) {
      texts.push((await get(`/v1/logs?offset=${count}&limit=9`)).text.replaceAll(standIn.url, ''));
    }
    return texts;
  };
  expect(await answers()).toEqual(await answers());
});

test('an account stays as it was given: each stand-in changes a copy', async () => {
  const accounts = exampleAccounts({ seed: 1, end: START });
  const before = structuredClone(accounts);
  const standIn = await startStandIn({ seed: 1, now: () => START, accounts });
  standIn.account(PRODUCTION).revoke('terraform-prod');
  standIn.account(PRODUCTION).state.users.pop();
  expect(accounts).toEqual(before);
  expect(() => standIn.account(PRODUCTION).revoke('no-such-key')).toThrow('no key');
  expect(() => standIn.account(7)).toThrow('no account');
  expect(() => standIn.account(PRODUCTION).append([{ id: 2 ** 31 }])).toThrow('int32');
  await standIn.close();
});
