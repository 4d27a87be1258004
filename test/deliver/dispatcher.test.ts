import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { Message } from '../../src/core/alerts/message.ts';
import { testMessage } from '../../src/core/alerts/test-message.ts';
import {
  ALERT_PAUSE_MS_MAX,
  ALERT_QUEUED_MESSAGES_MAX,
  ALERT_RETRY_AFTER_SECONDS_MAX,
  ALERT_SENDS_AT_ONCE,
} from '../../src/core/limits.ts';
import type { Sent } from '../../src/deliver/channel.ts';
import { Dispatcher, type DispatcherOptions } from '../../src/deliver/dispatcher.ts';
import type { Waiting } from '../../src/deliver/outbox.ts';

const waiting = (message: string, more: Partial<Waiting> = {}): Waiting => ({
  ...{ message, result: 'planned', attempt: 0, detail: '', channel: 'one', occasion: 'opened', fingerprint: message },
  ...{ first_ms: 0, ...more },
});
const DELIVERED: Sent = { kind: 'delivered', detail: '' };
const AWAY: Sent = { kind: 'retry', detail: 'away' };

function dispatcher(send: (message: Message) => Promise<Sent> | Sent, more: Partial<DispatcherOptions> = {}) {
  const sent: string[] = [];
  const recorded: [string, number, string][] = [];
  const time = { now: 0 };
  const made = new Dispatcher({
    channel: {
      ...{ name: 'one', resolves: true, close: async () => undefined },
      send: async (message) => {
        sent.push(message.id);
        return send(message);
      },
    },
    // Longer than any machine stands still: what is sent here is answered, or never is.
    ...{ now: () => time.now, random: () => 0, onError: () => undefined, sendMsMax: 600_000 },
    messageOf: async ({ message }) => testMessage(message, 0),
    record: async ({ waiting: one, attempt, sent: { kind } }) => void recorded.push([one.message, attempt, kind]),
    ...more,
  });
  const round = async () => {
    time.now += ALERT_PAUSE_MS_MAX;
    made.go();
    await made.idle();
  };
  return { made, sent, recorded, round, time };
}

it('what was recorded while the store was asked is not sent again, and what somebody asks for later is', async () => {
  const { made, sent, round } = dispatcher(() => DELIVERED);
  made.set([waiting('a')], made.mark());
  const mark = made.mark();
  await round();
  made.set([waiting('a')], mark);
  await round();
  expect(sent).toEqual(['a']);
  made.set([waiting('a', { result: 'again', attempt: 1 })], made.mark());
  await round();
  expect(sent).toEqual(['a', 'a']);
});

it('a message that is never taken delays none of the others, and one that can be taken is not kept from it', async () => {
  const { made, sent, recorded, round } = dispatcher(({ id }) => (id === 'poison' ? AWAY : DELIVERED));
  made.set([waiting('poison'), waiting('b', { first_ms: 1 }), waiting('c', { first_ms: 2 })], made.mark());
  for (let rounds = 0; rounds < 4; rounds++) await round();
  expect(sent).toEqual(expect.arrayContaining(['b', 'c']));
  expect(
    recorded
      .filter(([message]) => message === 'poison')
      .map(([, attempt]) => attempt)
      .slice(0, 2),
  ).toEqual([1, 2]);
  expect(made.left).toBe(1);
});

it('of one finding the oldest message goes first, whatever became of it', async () => {
  let isAway = true;
  const { made, recorded, round } = dispatcher(() => (isAway ? AWAY : DELIVERED));
  const of = { fingerprint: 'f' };
  made.set(
    [
      waiting('over', { ...of, occasion: 'resolved', first_ms: 2 }),
      waiting('opened', { ...of, attempt: 9, first_ms: 1 }),
    ],
    made.mark(),
  );
  await round();
  isAway = false;
  for (let rounds = 0; rounds < 3; rounds++) await round();
  expect(recorded).toEqual([
    ['opened', 10, 'retry'],
    ['opened', 11, 'delivered'],
    ['over', 1, 'delivered'],
  ]);
});

it('a message that could not be made or recorded waits, and is tried again', async () => {
  let fails = 2;
  const record = async () => {
    if (fails-- > 0) throw new Error('the store is away');
  };
  const { made, sent, round } = dispatcher(() => DELIVERED, { record });
  made.set([waiting('a')], made.mark());
  for (let rounds = 0; rounds < 4; rounds++) await round();
  expect([sent.length, made.left]).toEqual([3, 0]);
});

it(`${ALERT_SENDS_AT_ONCE} are on their way at once, and ${ALERT_QUEUED_MESSAGES_MAX} are queued`, async () => {
  let underWay = 0;
  let most = 0;
  const { made, sent, round } = dispatcher(async () => {
    most = Math.max(most, ++underWay);
    await sleep(1);
    underWay--;
    return DELIVERED;
  });
  made.set(
    Array.from({ length: ALERT_QUEUED_MESSAGES_MAX + 1 }, (_, at) => waiting(`m${at}`)),
    made.mark(),
  );
  await round();
  expect([most, sent.length, made.left]).toEqual([ALERT_SENDS_AT_ONCE, ALERT_QUEUED_MESSAGES_MAX, 1]);
  await round();
  expect(made.left).toBe(0);
});

it('one that was closed waits for no answer, and leaves what it had in hand', async () => {
  const { made, recorded } = dispatcher(() => new Promise(() => undefined));
  made.set([waiting('a')], made.mark());
  made.go();
  await sleep(10);
  await made.close();
  expect(recorded).toEqual([]);
});

it('a clock that was set back makes no channel rest for longer', async () => {
  let isAway = true;
  const { made, time } = dispatcher(() => (isAway ? AWAY : DELIVERED));
  time.now = 10 * ALERT_RETRY_AFTER_SECONDS_MAX * 1_000;
  made.set([waiting('a')], made.mark());
  made.go();
  await made.idle();
  isAway = false;
  time.now = 0;
  made.go();
  await made.idle();
  expect(made.left).toBe(0);
});
