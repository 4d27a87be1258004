/** What an API and its network may answer, and what must not come of it. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { headersFor } from '../../examples/redis-cloud/example-accounts.ts';
import type { Fault } from '../../examples/redis-cloud/faults.ts';
import type { StandIn } from '../../examples/redis-cloud/stand-in.ts';
import type { AccountCycle } from '../../src/collect/collect.ts';
import type { Store } from '../../src/store/store.ts';
import { type Given, PRODUCTION, STAGING, started } from '../examples/redis-cloud/support.ts';
import { temporaryStore } from '../support/store.ts';
import { hasKeytool, makeCertificate } from '../support/tls.ts';
import { storedIn } from './stored.ts';
import { type CollectParts, collectOnce, emptied, servedRows } from './support.ts';

let store: Store;
beforeAll(async () => {
  store = (await temporaryStore()).store;
});

/** A stand-in of its own, and a store that is empty again. */
async function world(given: Given = {}) {
  const { standIn, clock, accounts: state } = await started(given);
  await emptied(store);
  const collect = async (more: Partial<CollectParts> = {}) => {
    const cycles: AccountCycle[] = [];
    const onCycle = (cycle: AccountCycle) => cycles.push(cycle);
    const result = await collectOnce({ store, learn: async () => [], standIn, clock, state, onCycle, ...more });
    const codes = cycles.flatMap(({ failures }) => failures.map(({ error }) => error.code));
    return { ...result, codes: [...new Set(codes)] };
  };
  return { standIn, clock, state, collect };
}

const stored = () => storedIn(store);

async function expectWhole(standIn: StandIn, account = PRODUCTION): Promise<void> {
  const { rowsOf } = await stored();
  for (const log of ['system-log', 'session-log']) {
    expect(rowsOf(account, log), log).toEqual(servedRows(standIn, account, log));
  }
}

describe('an answer', () => {
  const passing: readonly [string, Fault][] = [
    ['a page for people', { kind: 'html' }],
    ['JSON that ends too early', { kind: 'truncated-json' }],
    ['JSON of another shape', { kind: 'other-shape' }],
    ['a connection that is cut', { kind: 'cut' }],
    ['a connection that is reset', { kind: 'reset' }],
    ['an error of the API', { kind: 'status', status: 500 }],
    ['an error of what stands before it', { kind: 'status', status: 503, body: 'nginx' }],
    ['a limit without a word', { kind: 'status', status: 429 }],
    ['a limit with a time to wait', { kind: 'status', status: 429, remaining: 0, retryAfter: '7' }],
  ];
  test.each(passing)('that passes is tried again: %s', async (_, fault) => {
    const { collect, standIn } = await world({ rows: 1_200, faults: [{ requests: [2, 5], fault }] });
    expect(await collect()).toMatchObject({ failing: [], codes: [] });
    await expectWhole(standIn);
  });

  const staying: readonly [string, Fault, string][] = [
    ['HTML in place of JSON', { kind: 'html' }, 'ANSWER_NOT_JSON'],
    ['another shape', { kind: 'other-shape', value: { entries: 'none' } }, 'ANSWER_OF_ANOTHER_SHAPE'],
    ['a list', { kind: 'other-shape', value: [] }, 'ANSWER_OF_ANOTHER_SHAPE'],
    ['401', { kind: 'status', status: 401, body: 'nginx' }, 'KEYS_REFUSED'],
    ['412', { kind: 'status', status: 412 }, 'API_NOT_ENABLED'],
    ['500', { kind: 'status', status: 500 }, 'API_FAILED'],
  ];
  test.each(staying)('that stays is told, and moves no position: %s', async (_, fault, code) => {
    const { collect, standIn } = await world({
      rows: 50,
      faults: [{ path: '/v1/logs', accountId: PRODUCTION, fault }],
    });
    expect(await collect()).toMatchObject({ failing: [String(PRODUCTION)], codes: [code] });
    expect((await stored()).positionOf(PRODUCTION, 'system-log')).toBeUndefined();
    await expectWhole(standIn, STAGING);
  });

  test('that leads to another host is not followed: keys go to the configured host alone', async () => {
    const other = await world({ rows: 5 });
    const fault = { kind: 'redirect', to: other.standIn.url } as const;
    const { collect } = await world({ rows: 5, faults: [{ fault }] });
    expect((await collect()).codes).toEqual(['REDIRECT_REFUSED']);
    expect(other.standIn.requests).toEqual([]);
  });

  test('that never comes is given up', async () => {
    const { collect } = await world({ rows: 5, faults: [{ path: '/v1/', fault: { kind: 'silence' } }] });
    expect((await collect({ answerMsMax: 50 })).codes).toEqual(['API_UNREACHABLE']);
  });
});

describe('a certificate that nobody vouches for', async () => {
  const canMake = await hasKeytool();
  test.runIf(canMake)('is refused, unless its own file is given', async () => {
    const directory = await mkdtemp(path.join(tmpdir(), 'keytrail-tls-'));
    onTestFinished(() => rm(directory, { recursive: true }));
    const { keystore, password, certificate } = await makeCertificate(directory);
    const tls = { pfx: await readFile(keystore), passphrase: password };
    const { collect, standIn } = await world({ rows: 5, tls });
    expect((await collect()).codes).toEqual(['CERTIFICATE_REFUSED']);
    expect(standIn.requests).toEqual([]);
    expect(await collect({ ca: Buffer.from(certificate) })).toMatchObject({ codes: [], failing: [] });
    await expectWhole(standIn);
  });
});

describe('rows', () => {
  test('without key, resource and originator, of unknown types, twice, reused and out of order are all kept', async () => {
    const { collect, standIn, clock } = await world();
    const account = standIn.account(PRODUCTION);
    const [bare] = account.append([{}, { type: 'Type that nobody knows' }, { type: 'Account', description: '' }]);
    if (bare === undefined) throw new Error('there is a row');
    account.append([{ ...bare }, { ...bare, description: 'the same id' }, { id: bare.id + 9, place: bare.id + 1 }]);
    account.append([{ time: '2026-11-20T07:55:00Z', description: 'a clock that went back' }]);
    account.append([{ time: 'yesterday', description: 'no time at all' }]);
    await collect();
    await expectWhole(standIn);
    clock.advance(30_000);
    account.append([{ time: '2026-11-20T07:59:00Z' }, { time: '2099-01-01T00:00:00Z', description: 'the future' }]);
    await collect();
    clock.advance(86_000);
    account.append([{ description: 'after the future' }]);
    await collect();
    await expectWhole(standIn);
    expect((await stored()).positionOf(PRODUCTION, 'system-log')).toBeLessThan(clock.now());
  });

  test('of an account in which nothing happened are none, and then the first', async () => {
    const { collect, standIn } = await world();
    expect(await collect()).toMatchObject({ rowsNew: 0, failing: [] });
    standIn.account(PRODUCTION).append([{}]);
    standIn.account(PRODUCTION).appendSessions([{}]);
    expect(await collect()).toMatchObject({ rowsNew: 2 });
    await expectWhole(standIn);
  });

  test('that came all at once, a hundred thousand of them, are read over several cycles, and none is passed', async () => {
    const { collect, standIn, clock } = await world({ rows: 10 });
    await collect();
    clock.advance(60_000);
    standIn.account(PRODUCTION).grow({ rows: 100_000 });
    const result = await collect({ walkRequestsMax: 30 });
    expect(result.rowsNew).toBe(100_000);
    expect(result.cycles).toBeGreaterThan(3);
    expect(standIn.busiestMinute(PRODUCTION)).toBeLessThanOrEqual(100);
    await expectWhole(standIn);
  });

  test('that show themselves days too late are found by the daily walk, and told', async () => {
    const { collect, standIn, clock } = await world({ rows: 20 });
    standIn.account(PRODUCTION).append([{ description: 'late', lateMs: 7_200_000 }]);
    clock.advance(3_600_000);
    standIn.account(PRODUCTION).append([{ description: 'in time' }]);
    clock.advance(60_000);
    await collect();
    clock.advance(7_200_000);
    expect(await collect()).toMatchObject({ rowsNew: 0 });
    clock.advance(86_400_000);
    expect(await collect()).toMatchObject({ rowsNew: 1, rowsLate: 1 });
    await expectWhole(standIn);
  });

  test('that vanish from the log are a gap, which is told once', async () => {
    const first = await world({ rows: 20 });
    await first.collect();
    const { standIn, clock } = await started({ rows: 0 });
    clock.advance(3_600_000);
    standIn.account(PRODUCTION).append([{ description: 'another log under the same account' }]);
    const other = { standIn, clock };
    expect(await first.collect(other), 'of both accounts').toMatchObject({ gaps: 2, failing: [] });
    expect(await first.collect(other)).toMatchObject({ gaps: 0 });
    expect((await stored()).rowsOf(PRODUCTION, 'system-log').at(-1)).toBeDefined();
  });
});

describe('the budget', () => {
  test('leaves the rest to others who use the same key, and waits when they have used it up', async () => {
    const { collect, standIn, clock } = await world({ rows: 3_000 });
    standIn.spend(PRODUCTION, 395);
    const before = clock.now();
    expect(await collect({ sharePercent: 100 })).toMatchObject({ failing: [] });
    expect(clock.now() - before).toBeGreaterThan(60_000);
    expect(standIn.requests.filter(({ status }) => status === 429)).toEqual([]);
  });

  test('holds over the end of a process: what it had sent counts for the next', async () => {
    const { collect, standIn, clock, state } = await world({ rows: 9_000 });
    const small = { sharePercent: 2 };
    for (let run = 0; run < 4; run += 1) {
      await collect(small);
      clock.advance(1_000);
    }
    expect(state.length).toBe(2);
    expect(standIn.busiestMinute(PRODUCTION)).toBeLessThanOrEqual(8);
  });
});

test('a secret of the API stands in its own headers alone, and nowhere else', async () => {
  const { collect, standIn, state } = await world({
    rows: 5,
    faults: [{ fault: { kind: 'html' }, chance: 0.3 }],
  });
  await collect();
  expect(standIn.requests.filter(({ isSecretElsewhere }) => isSecretElsewhere)).toEqual([]);
  const secrets = state.flatMap((account) => Object.values(headersFor(account)));
  const { texts } = await stored();
  expect(secrets.filter((secret) => texts.includes(secret))).toEqual([]);
});
