import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { RouteFile } from '../../schemas/alerts.ts';
import type { Message } from '../../src/core/alerts/message.ts';
import { ALERT_BACKFILL_QUIET_MS, ALERT_FLOOD_MS, ALERT_SINGLE_MESSAGES_MAX } from '../../src/core/limits.ts';
import type { Channel, Sent } from '../../src/deliver/channel.ts';
import { Deliverer } from '../../src/deliver/deliverer.ts';
import { sendAgain, waiting } from '../../src/deliver/outbox.ts';
import { act } from '../../src/findings/actions.ts';
import { recordFindings } from '../../src/findings/record.ts';
import type { Store } from '../../src/store/store.ts';
import { temporaryStore } from '../support/store.ts';
import { finding, NOW } from './support.ts';

const { store } = await temporaryStore();
let now = NOW;

/** A channel that keeps what it is sent, and answers as it is told. */
function channel(name: string, resolves = true) {
  const sent: Message[] = [];
  const kept = { name, resolves, sent, answer: async (): Promise<Sent> => ({ kind: 'delivered', detail: '' }) };
  const port: Channel = {
    ...{ name, resolves, close: async () => undefined },
    send: async (message) => {
      const answer = await kept.answer();
      if (answer.kind === 'delivered') sent.push(message);
      return answer;
    },
  };
  return Object.assign(kept, { port });
}

const opened: Deliverer[] = [];
function deliverer(channels: readonly { port: Channel }[], routes?: readonly RouteFile[], of: Store = store) {
  const errors: unknown[] = [];
  const made = new Deliverer({
    ...{ store: of, channels: channels.map(({ port }) => port), routes, now: () => now, random: () => 0 },
    ...{ wordsOf: () => undefined, onError: (error: unknown) => void errors.push(error), sendMsMax: 500 },
  });
  opened.push(made);
  return Object.assign(made, { errors });
}

const undelivered = async () =>
  (await waiting(store)).filter(({ result }) => result !== 'held').map(({ result, channel: of }) => [of, result]);
const last = async (column: string): Promise<unknown> =>
  (
    await store.rows<{ said: unknown }>(
      `SELECT argMax(${column}, attempt) AS said FROM deliveries WHERE result != 'delivered'`,
    )
  )[0]?.said;

/** What was handed over is recorded a moment later: not into the tables of the next test. */
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});
beforeEach(async () => {
  now = NOW;
  for (const table of ['findings', 'finding_evidence', 'finding_actions', 'deliveries', 'alert_channels']) {
    await store.command(`TRUNCATE TABLE ${table}`);
  }
});

describe('an alert', () => {
  it('is sent to every channel once, whoever looks again', async () => {
    const [one, other] = [channel('one'), channel('other')];
    const first = deliverer([one, other]);
    await first.begin();
    await recordFindings(store, [finding('k1'), finding('k2', { raises: 'signal' })]);
    expect(await first.flush()).toBe(0);
    expect(await first.flush()).toBe(0);
    expect(await deliverer([one, other]).flush()).toBe(0);
    expect(one.sent.map(({ title }) => title)).toEqual(['Key k1 of account a1 was used again.']);
    expect(other.sent).toHaveLength(1);
    expect(one.sent[0]?.id).not.toBe(other.sent[0]?.id);
    expect(first.errors).toEqual([]);
  });

  it('that was found before a channel was there is not sent to it, but when somebody asks', async () => {
    const [old, young] = [channel('old'), channel('young')];
    await deliverer([old]).begin();
    await recordFindings(store, [finding('k1', { foundAt: NOW + 1 })]);
    now = NOW + 2;
    const both = deliverer([old, young]);
    await both.flush();
    expect([old.sent.length, young.sent.length]).toEqual([1, 0]);
    const { fingerprint, rule, severity } = finding('k1');
    const intent = { fingerprint, rule, severity, accountId: 'a1', app: '', backfill: false, told: [] };
    expect(await both.ask({ ...intent, occasion: 'opened', occasionAt: 0, happenedAt: 0 })).toBe(2);
    await both.flush();
    expect([old.sent.length, young.sent.length]).toEqual([2, 1]);
    expect(old.sent[0]?.id).toBe(old.sent[1]?.id);
  });

  it('at the moment at which a channel came is sent to it, and one a millisecond before is not', async () => {
    const one = channel('one');
    await deliverer([one]).begin();
    await recordFindings(store, [finding('at', { foundAt: NOW }), finding('before', { foundAt: NOW - 1 })]);
    await deliverer([one]).flush();
    expect(one.sent.map(({ facts }) => facts.find(({ name }) => name === 'key_id')?.value)).toEqual(['at']);
  });

  it('that nobody wants is decided on, so that a route of tomorrow does not send it', async () => {
    const one = channel('one');
    await deliverer([one]).begin();
    await recordFindings(store, [finding('k1')]);
    await deliverer([one], [{ severity_min: 'high', channels: ['one'] }]).flush();
    await deliverer([one], [{ channels: ['one'] }]).flush();
    expect(one.sent).toEqual([]);
  });

  it('is told as over to machines, after what it is about, and again when it opens again', async () => {
    const [machine, people] = [channel('machine'), channel('people', false)];
    const all = deliverer([machine, people]);
    await all.begin();
    await recordFindings(store, [finding('k1')]);
    await all.flush();
    const { fingerprint } = finding('k1');
    const close = { action: 'close-false-positive', author: 'ann', note: 'known' } as const;
    await act(store, [fingerprint], { ...close, at: NOW + 1_000 });
    now = NOW + 2_000;
    await all.flush();
    expect(machine.sent.map(({ action }) => action)).toEqual(['tell', 'resolve']);
    expect(machine.sent[1]?.dedup).toBe(machine.sent[0]?.dedup);
    await recordFindings(store, [finding('k1', { storedUntil: NOW + 5_000, foundAt: NOW + 6_000 })]);
    now = NOW + 6_000;
    await all.flush();
    await act(store, [fingerprint], { ...close, at: NOW + 7_000 });
    now = NOW + 8_000;
    await all.flush();
    expect(machine.sent.map(({ action }) => action)).toEqual(['tell', 'resolve', 'tell', 'resolve']);
    expect(people.sent.map(({ action }) => action)).toEqual(['tell', 'tell']);
    expect(new Set(machine.sent.map(({ id }) => id)).size).toBe(4);
    expect(new Set(machine.sent.map(({ dedup }) => dedup)).size).toBe(1);
  });

  it('that was closed and opened again while its channel was away is told in that order', async () => {
    const one = channel('one');
    one.answer = async () => ({ kind: 'retry', detail: 'away' });
    const all = deliverer([one]);
    await all.begin();
    const { fingerprint } = finding('k1');
    await recordFindings(store, [finding('k1')]);
    await all.flush();
    await act(store, [fingerprint], { action: 'withdraw', author: 'keytrail', note: '', at: NOW + 1_000 });
    now = NOW + 2_000;
    await all.flush();
    await recordFindings(store, [finding('k1', { storedUntil: NOW + 5_000, foundAt: NOW + 6_000 })]);
    now = NOW + 3_600_000;
    one.answer = async () => ({ kind: 'delivered', detail: '' });
    await all.flush();
    now += 3_600_000;
    expect(await all.flush()).toBe(0);
    expect(one.sent.map(({ action }) => action)).toEqual(['tell', 'resolve', 'tell']);
  });
});

describe('a channel', () => {
  it('that hangs delays no other one, and its alerts wait', async () => {
    const [hanging, other] = [channel('hanging'), channel('other')];
    hanging.answer = () => new Promise(() => undefined);
    const both = deliverer([hanging, other]);
    await both.begin();
    await recordFindings(store, [finding('k1')]);
    await both.step();
    await expect.poll(() => other.sent.length).toBe(1);
    expect(await both.flush()).toBe(1);
    expect(await undelivered()).toEqual([['hanging', 'failed']]);
    expect(await last('detail')).toBe('no answer in time');
  });

  it('that cannot take a message is left alone as long as it asks, and then gets it under the same key', async () => {
    const one = channel('one');
    let asked = 0;
    one.answer = async () => {
      asked++;
      return { kind: 'retry', detail: '429', afterMs: 30_000 };
    };
    const all = deliverer([one]);
    await all.begin();
    await recordFindings(store, [finding('k1')]);
    await all.flush();
    now = NOW + 29_999;
    await all.flush();
    expect(asked).toBe(1);
    one.answer = async () => ({ kind: 'delivered', detail: '' });
    now = NOW + 30_000;
    expect(await all.flush()).toBe(0);
    expect(one.sent).toHaveLength(1);
  });

  it('is not sent a message again because a clock was set back', async () => {
    const one = channel('one');
    const all = deliverer([one]);
    await all.begin();
    await recordFindings(store, [finding('k1')]);
    now = NOW + 60_000;
    one.answer = async () => {
      now = NOW - 3_600_000;
      return { kind: 'delivered', detail: '' };
    };
    await all.flush();
    await deliverer([one]).flush();
    expect(one.sent).toHaveLength(1);
  });

  it('is sent what is found after a clock was set back', async () => {
    const one = channel('one');
    const all = deliverer([one]);
    await all.begin();
    now = NOW - 86_400_000;
    await all.step();
    await recordFindings(store, [finding('k1', { foundAt: now })]);
    await all.flush();
    expect(one.sent).toHaveLength(1);
  });

  it('that refuses a message is not asked again until somebody wishes it', async () => {
    const one = channel('one');
    one.answer = async () => ({ kind: 'refused', detail: '401' });
    const all = deliverer([one]);
    await all.begin();
    await recordFindings(store, [finding('k1')]);
    expect(await all.flush()).toBe(0);
    expect([await last('toString(result)'), await last('detail')]).toEqual(['given-up', '401']);
    one.answer = async () => ({ kind: 'delivered', detail: '' });
    now = NOW + 86_400_000;
    await all.flush();
    expect(one.sent).toEqual([]);
    expect(await sendAgain(store, '', now)).toBe(1);
    await all.flush();
    expect(one.sent).toHaveLength(1);
    expect(await sendAgain(store, '', now)).toBe(0);
  });
});

describe('digests', () => {
  const counted = (message: Message | undefined) => message?.facts.map(({ name, value }) => [name, value]);

  it.each([
    [ALERT_SINGLE_MESSAGES_MAX, ALERT_SINGLE_MESSAGES_MAX],
    [ALERT_SINGLE_MESSAGES_MAX + 1, 1],
  ])('%d alerts at once are %d messages', async (alerts, messages) => {
    const one = channel('one');
    const all = deliverer([one]);
    await all.begin();
    await recordFindings(
      store,
      Array.from({ length: alerts }, (_, at) => finding(`k${at}`)),
    );
    expect(await all.flush()).toBe(0);
    expect(one.sent).toHaveLength(messages);
    await all.flush();
    expect(one.sent).toHaveLength(messages);
  });

  it('50,000 findings at once are one digest, with how many of which rule, and one more after a while', async () => {
    const one = channel('one');
    const all = deliverer([one]);
    await all.begin();
    const many = Array.from({ length: 50_000 }, (_, at) =>
      finding(`k${at}`, at < 10 ? { rule: 'secret-in-log', severity: 'high' } : {}),
    );
    await recordFindings(store, many);
    await all.step();
    await expect.poll(() => one.sent.length).toBe(1);
    expect(counted(one.sent[0])).toEqual([
      ['secret-in-log (high)', '10'],
      ['dormant-key-used (medium)', '49990'],
    ]);
    expect(one.sent[0]?.severity).toBe('high');
    expect(one.sent[0]?.sections[0]?.lines).toHaveLength(10);
    await recordFindings(
      store,
      Array.from({ length: 60 }, (_, at) => finding(`late${at}`)),
    );
    now = NOW + ALERT_FLOOD_MS - 1;
    await all.step();
    expect(one.sent).toHaveLength(1);
    now = NOW + ALERT_FLOOD_MS;
    await all.step();
    await expect.poll(() => one.sent.length).toBe(2);
    expect(counted(one.sent[1])).toEqual([['dormant-key-used (medium)', '60']]);
  });

  it('of the past is one, sent when nothing more was found for a while', async () => {
    const one = channel('one');
    const all = deliverer([one]);
    await all.begin();
    const old = { raises: 'signal', backfill: true } as const;
    await recordFindings(store, [finding('k1', old), finding('k2', { ...old, suppression: 's1' })]);
    await all.step();
    now = NOW + 60_000;
    await recordFindings(store, [finding('k3', { ...old, foundAt: now })]);
    await all.step();
    now = NOW + 60_000 + ALERT_BACKFILL_QUIET_MS - 1;
    await all.step();
    expect(one.sent).toEqual([]);
    now++;
    await all.step();
    await expect.poll(() => one.sent.length).toBe(1);
    expect(counted(one.sent[0])).toEqual([['dormant-key-used (medium)', '2']]);
  });

  it('of a route come as often as it says, with what came between', async () => {
    const one = channel('one');
    const route = { severity_min: 'low', channels: ['one'], digest: { every_minutes: 60 } } as const;
    const all = deliverer([one], [{ ...route, channels: ['one'] }]);
    await all.begin();
    await recordFindings(store, [finding('k1'), finding('k2')]);
    await all.flush();
    now = NOW + 3_599_999;
    await all.flush();
    expect(one.sent).toEqual([]);
    now++;
    await all.flush();
    expect(counted(one.sent[0])).toEqual([['dormant-key-used (medium)', '2']]);
    expect(all.errors).toEqual([]);
  });

  it('stay the same when they are sent again after a crash', async () => {
    const one = channel('one');
    one.answer = async () => ({ kind: 'retry', detail: 'away' });
    const first = deliverer([one]);
    await first.begin();
    const old = { raises: 'signal', backfill: true } as const;
    await recordFindings(store, [finding('k1', old)]);
    await first.flush();
    await recordFindings(store, [finding('k2', old)]);
    one.answer = async () => ({ kind: 'delivered', detail: '' });
    now = NOW + 1;
    await deliverer([one]).flush();
    expect(one.sent.map(counted)).toEqual([[['dormant-key-used (medium)', '1']], [['dormant-key-used (medium)', '1']]]);
  });
});
