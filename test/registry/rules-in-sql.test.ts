/** The view `activity` judges every event as the program does: all rules, every verdict, each edge of each range. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../examples/random.ts';
import { AUTH_REASONS, AUTH_RESULTS } from '../../schemas/audit-event.ts';
import { addressText, parseCidr, piecesOf } from '../../schemas/fields/cidr.ts';
import { judgementOf } from '../../schemas/judgement.ts';
import { type Judged, judge } from '../../src/core/authentication-rules.ts';
import { type AccountSays, FOLD_RULES, type KeySays } from '../../src/core/registry/entities.ts';
import { judgedEvent } from '../../src/core/registry/knowledge.ts';
import { foldTimeline, type Version } from '../../src/core/registry/timeline.ts';
import type { Store } from '../../src/store/store.ts';
import { eventRow, insertEvents } from '../ask/fixture.ts';
import { type Said, sayToRegistry } from '../support/registry.ts';
import { temporaryStore } from '../support/store.ts';

const KEYS = 4_000;
const START = Date.UTC(2026, 2, 1);
const SECOND = 1_000;
const random = seededRandom(20_261_125);

/** Accounts that differ in what is known of them, and in when that changed. */
const ACCOUNTS = (['unknown', 'valid', 'invalid'] as const).flatMap((accountKey) =>
  ([undefined, START - 1, START + 2_000 * 10 * SECOND] as const).map((apiEnabledSince, index) => ({
    id: `${accountKey}-${index}`,
    says: { accountKey, ...(apiEnabledSince === undefined ? {} : { apiEnabledSince }) } as AccountSays,
  })),
);

/** Weighted towards ranges whose edges are awkward. */
const CIDRS = [
  ...[
    '10.0.0.0/8',
    '198.51.100.64/28',
    '203.0.113.7/32',
    '0.0.0.0/1',
    '128.0.0.0/1',
    '0.0.0.0/0',
    '::ffff:10.0.0.0/104',
  ],
  ...['2001:db8::/32', '2001:db8::1/128', '::/0', '::/64', '::1/128', 'ffff::/16', '::fffe:0:0/96', '::1:0:0:0/80'],
] as const;
const OFFSETS = [-9_000, -2_000, -1_500, -1_000, -999, -500, -1, 0, 1, 500, 999, 1_000] as const;

interface KeyCase {
  readonly keyId: string;
  readonly accountId: string;
  readonly at: number;
  readonly said: readonly Said[];
  readonly cidrs: readonly string[];
}

const pick = <T>(values: readonly T[]): T => values[random.below(values.length)] as T;

function keyCase(number: number): KeyCase {
  const keyId = `key-${number}`;
  const accountId = random.chance(0.25) ? '' : pick(ACCOUNTS).id;
  const at = START + number * 10 * SECOND;
  const homes = pick<readonly string[]>([
    ...[[accountId], [accountId], [accountId], ['other-1'], ['other-1'], [accountId, 'other-1']],
    ...[['other-1', 'other-2'], []],
  ]).filter((home) => home !== '');
  const cidrs: string[] = [];
  const said = homes.flatMap((home) =>
    Array.from({ length: 1 + random.below(3) }, () => OFFSETS[random.below(OFFSETS.length)] ?? 0)
      .filter((offset, index, all) => all.indexOf(offset) === index)
      .map((offset): Said => {
        const says = keySays(cidrs);
        const precisionMs = random.chance(0.3) ? SECOND : 1;
        return { kind: 'key', id: [home, keyId], validFrom: at + offset, precisionMs, says };
      }),
  );
  return { keyId, accountId, at, said, cidrs };
}

function keySays(used: string[]): KeySays {
  const state = pick(['active', 'active', 'deleted', 'revoked', 'unknown', 'unknown', undefined] as const);
  const list = pick(['none', 'unknown', 'defined', 'defined', 'defined', undefined] as const);
  const cidrs = list === 'defined' ? [pick(CIDRS), pick(CIDRS)] : [];
  used.push(...cidrs);
  const canonical = cidrs.map((text) => {
    const parsed = parseCidr(text);
    return parsed.kind === 'cidr' ? parsed.text : text;
  });
  return {
    ...(state === undefined ? {} : { state }),
    ...(list === undefined ? {} : { allowList: list === 'unknown' ? list : canonical }),
    owner: pick(['ada@x', 'ben@x']),
  };
}

/** The first and last address of each piece of each range, and one to either side. */
function edges(cidrs: readonly string[]): string[] {
  return cidrs.flatMap((text) => {
    const parsed = parseCidr(text);
    if (parsed.kind === 'invalid') return [];
    return piecesOf(parsed).flatMap(({ first, last }) =>
      [first - 1n, first, last, last + 1n]
        .filter((address) => address > 0n && address >> 128n === 0n)
        .map((address) => addressText(address)),
    );
  });
}

interface EventCase {
  readonly event: Judged['event'];
  readonly timePrecisionMs: number;
}

function eventsOf({ keyId, accountId, at, cidrs }: KeyCase): EventCase[] {
  return [...edges(cidrs), '', '', '203.0.113.9', '198.51.100.9', '2001:db8:1::9'].map((sourceIp) => {
    const authResult = pick(AUTH_RESULTS);
    const authReason = random.chance(0.35) ? pick(AUTH_REASONS) : '';
    const timePrecisionMs = random.chance(0.3) ? SECOND : 1;
    const named = random.chance(0.95);
    const event = { accountId, eventTime: at, keyId: named ? keyId : '', sourceIp, authResult, authReason };
    return { event, timePrecisionMs };
  });
}

const cases = Array.from({ length: KEYS }, (_, number) => keyCase(number));
const events = cases.flatMap((one) => eventsOf(one).map((event) => ({ ...event, key: one })));

function timelineOf<Says extends object & Record<string, unknown>>(
  said: readonly Said[],
  rules = FOLD_RULES.key,
): Version<Says>[] {
  const statements = said.map(({ validFrom, precisionMs = 1, says }) => {
    return { validFrom, precisionMs, recordedAt: 1, retracts: false, origin: '', says: says as Says };
  });
  return foldTimeline<Says>(statements, rules);
}

const ACCOUNT_SAID: readonly Said[] = ACCOUNTS.map(({ id, says }) => ({
  kind: 'account',
  id: [id],
  validFrom: START - 10,
  says,
}));

function expectedOf({ event, timePrecisionMs, key }: (typeof events)[number]) {
  const homes = [...new Set(key.said.map(({ id }) => id[0] ?? ''))].sort();
  const judged = judgedEvent(event, timePrecisionMs, {
    keys: new Map(
      event.keyId === ''
        ? []
        : homes.map((home) => [home, timelineOf<KeySays>(key.said.filter(({ id }) => id[0] === home))]),
    ),
    account: timelineOf<AccountSays>(
      ACCOUNT_SAID.filter(({ id }) => id[0] === event.accountId),
      undefined,
    ),
  });
  const judgement = judge(judged);
  return {
    rule_keys: judgement?.ruleKeys ?? '',
    rule_account: judgement?.ruleAccount ?? '',
    rule_source_ip: judgement?.ruleSourceIp ?? '',
    expected: judgement?.expected ?? '',
    verdict: judgement?.verdict ?? '',
    judgement: judgementOf(judgement?.verdict ?? '', event.authResult),
    verdict_missing: judgement?.missing ?? [],
    verdict_assumed: judgement?.assumed ?? [],
  };
}

type Shown = ReturnType<typeof expectedOf>;
let store: Store;
let rows: (Shown & { event_id: string; auth_result: string; key_id: string })[];

beforeAll(async () => {
  store = (await temporaryStore()).store;
  await sayToRegistry(store, [...ACCOUNT_SAID, ...cases.flatMap(({ said }) => said)]);
  await insertEvents(
    store,
    events.map(({ event, timePrecisionMs }, index) =>
      eventRow({
        ...{ account_id: event.accountId, event_id: `e${index}`, content_hash: index.toString(16).padStart(32, '0') },
        ...{ event_time: new Date(event.eventTime).toISOString(), time_precision_ms: timePrecisionMs },
        ...{ key_id: event.keyId, auth_result: event.authResult, auth_reason: event.authReason },
        source_ip: event.sourceIp.includes('.') ? `::ffff:${event.sourceIp}` : event.sourceIp,
      }),
    ),
  );
  rows = await store.rows(
    `SELECT event_id, auth_result, key_id, rule_keys, rule_account, rule_source_ip, expected, verdict, judgement,
       verdict_missing, verdict_assumed
     FROM activity ORDER BY toUInt32(substring(event_id, 2))`,
  );
});

describe('the view', () => {
  it('judges every event as the program does', () => {
    expect(rows).toHaveLength(events.length);
    const wrong = rows.flatMap((row, index) => {
      const { event_id: _, auth_result: __, key_id: ___, ...shown } = row;
      const one = events[index];
      if (one === undefined) return [];
      const expected = expectedOf(one);
      return JSON.stringify(shown) === JSON.stringify(expected)
        ? []
        : [{ event: one.event, said: one.key.said, shown, expected }];
    });
    expect(wrong.slice(0, 3)).toEqual([]);
  });

  it('was shown every row of the table of results at least fifty times', () => {
    const table = JSON.parse(
      readFileSync(new URL('../core/authentication-rules.fixture.json', import.meta.url), 'utf8'),
    ) as string[][];
    const seen = new Map<string, number>();
    for (const row of rows) {
      if (row.key_id === '' || row.verdict === 'unknown-key' || row.verdict_missing.includes('clock')) continue;
      const cell = [
        row.rule_keys,
        row.rule_account,
        row.rule_source_ip,
        row.auth_result,
        row.expected,
        row.verdict,
      ].join();
      seen.set(cell, (seen.get(cell) ?? 0) + 1);
    }
    expect([...seen.keys()].filter((cell) => !table.some((row) => row.join() === cell))).toEqual([]);
    expect(
      table.filter((row) => (seen.get(row.join()) ?? 0) < 50).map((row) => [...row, seen.get(row.join()) ?? 0]),
    ).toEqual([]);
  });

  it('was shown keys that no account ever had, tries without a key, and events that clocks cannot order', () => {
    const count = (test: (row: (typeof rows)[number]) => boolean) => rows.filter(test).length;
    expect(count(({ verdict }) => verdict === 'unknown-key')).toBeGreaterThan(50);
    expect(count(({ key_id, verdict }) => key_id === '' && verdict === 'consistent')).toBeGreaterThan(50);
    expect(count(({ key_id, verdict }) => key_id === '' && verdict === '')).toBeGreaterThan(50);
    for (const missing of [
      'auth-result',
      'clock',
      'account',
      'key-account',
      'key-state',
      'allow-list',
      'source-ip',
      'auth-reason',
    ] as const) {
      expect(
        count(({ verdict_missing }) => verdict_missing.includes(missing)),
        missing,
      ).toBeGreaterThan(50);
    }
  });
});
