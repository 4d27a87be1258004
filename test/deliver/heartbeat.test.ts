import { expect, it } from 'vitest';
import { Heartbeat } from '../../src/deliver/heartbeat.ts';
import { receiver, status } from './support.ts';

const EVERY_MS = 60_000;

async function heart(allowed: readonly string[] = ['127.0.0.0/8']) {
  const switched = await receiver();
  const failures: string[] = [];
  const time = { now: 1_000_000 };
  const beats = new Heartbeat({
    ...{ url: switched.url, everyMs: EVERY_MS, now: () => time.now, onFailure: (detail) => failures.push(detail) },
    rules: { allowPrivate: false, allowed },
  });
  const step = async (isLooking: boolean, after = 0): Promise<number> => {
    time.now += after;
    beats.step(isLooking);
    await beats.close();
    return switched.received.length;
  };
  const later = (ms: number) => {
    time.now += ms;
  };
  return { switched, failures, beats, step, later };
}

it('beats while detections look, as often as it was told and not oftener', async () => {
  const { step, switched, failures } = await heart();
  const counts = [await step(true), await step(true, EVERY_MS - 1), await step(true, 1), await step(true, EVERY_MS)];
  expect(counts).toEqual([1, 1, 2, 3]);
  expect(JSON.parse(switched.received[0]?.body ?? '')).toEqual({ sender: 'keytrail', status: 'looking' });
  expect(failures).toEqual([]);
});

it('is silent while they stand still, and beats at once when they look again', async () => {
  const { step } = await heart();
  const counts = [await step(true), await step(false, EVERY_MS), await step(false, EVERY_MS), await step(true, 1)];
  expect(counts).toEqual([1, 1, 1, 2]);
});

it('goes on beating after the clock was set back', async () => {
  const { step } = await heart();
  expect([await step(true), await step(true, -10 * EVERY_MS)]).toEqual([1, 2]);
});

it('tells of a beat that was not taken, and holds nobody up while one is under way', async () => {
  const { step, switched, failures, beats, later } = await heart();
  switched.answer = status(500);
  await step(true);
  expect(failures).toEqual([expect.stringContaining('500')]);
  switched.answer = () => undefined;
  later(EVERY_MS);
  beats.step(true);
  await expect.poll(() => switched.received.length).toBe(2);
  later(EVERY_MS);
  beats.step(true);
  expect(switched.received.length).toBe(2);
});

it('is refused a private target as webhooks are', async () => {
  const { step, failures } = await heart([]);
  expect(await step(true)).toBe(0);
  expect(failures).toEqual([expect.stringContaining('refused')]);
});
