import { beforeEach, describe, expect, test } from 'vitest';
import { REPORT_RUN_ATTEMPTS_MAX, REPORT_WHOLE_ATTEMPTS_MAX } from '../../src/core/limits.ts';
import { Scheduler } from '../../src/report/scheduler.ts';
import { sayToRegistry } from '../support/registry.ts';
import { temporaryStore } from '../support/store.ts';
import { schedule, storedDocuments, storedRuns, testPress } from './schedule-support.ts';

const { store } = await temporaryStore();
const DAY_MS = 86_400_000;
const BEGIN = Date.parse('2026-10-20T12:00:00Z');

let number = 0;
let name = '';
beforeEach(() => {
  name = `schedule-${++number}`;
});

/** A schedule under a name of its own that is known since `BEGIN`, and a clock that stands where it is put. */
async function scheduled(more: Parameters<typeof schedule>[1] = {}) {
  const time = { now: BEGIN };
  const press = testPress();
  // Of each test its own account: documents that are about the same are one.
  const one = schedule(name, { account: name, ...more });
  const open = () => new Scheduler({ store, press, schedules: [one], now: () => time.now });
  await open().step();
  return { time, press, one, open, step: () => open().step() };
}

describe('a schedule', () => {
  test('makes a document when its time has come, once, with the period that had ended', async () => {
    const { time, press, step } = await scheduled();
    time.now = Date.parse('2026-10-21T06:59:59.999Z');
    await step();
    expect(press.asked).toEqual([]);
    time.now = Date.parse('2026-10-21T07:00:00Z');
    await step();
    await step();
    expect(press.asked.map(({ period }) => period.name)).toEqual(['2026-10-20']);
    expect(await storedRuns(store, name)).toEqual([{ period: '2026-10-20', result: 'made', attempt: 1 }]);
    expect((await storedDocuments(store, name)).map(({ period }) => period)).toEqual(['2026-10-20']);
  });

  test('that was missed several times makes each period once, the oldest first', async () => {
    const { time, press, step } = await scheduled();
    time.now = BEGIN + 3 * DAY_MS;
    await step();
    time.now -= 2 * DAY_MS;
    await step();
    time.now += 2 * DAY_MS;
    await step();
    expect(press.asked.map(({ period }) => period.name)).toEqual(['2026-10-20', '2026-10-21', '2026-10-22']);
  });

  test('that is new has missed nothing', async () => {
    const { press, time, step } = await scheduled();
    await step();
    time.now += 1;
    await step();
    expect(press.asked).toEqual([]);
  });

  test('whose report cannot be made is tried again after a while, and given up after some attempts', async () => {
    const { time, press, step } = await scheduled();
    press.fail = () => new Error('no');
    time.now = BEGIN + DAY_MS;
    await step();
    await step();
    expect(press.asked).toHaveLength(1);
    for (let round = 0; round < 20; round++) {
      time.now += 3_600_000 / 2;
      await step();
    }
    expect(press.asked).toHaveLength(REPORT_RUN_ATTEMPTS_MAX);
    const runs = await storedRuns(store, name);
    expect(runs.map(({ result }) => result)).toEqual([
      ...Array<string>(REPORT_RUN_ATTEMPTS_MAX - 1).fill('failed'),
      'given-up',
    ]);
  });

  test('makes a report whose question fails after a few attempts as it is', async () => {
    const { time, press, step } = await scheduled();
    press.sectionFails = () => true;
    time.now = BEGIN + DAY_MS;
    for (let round = 0; round < 10; round++) {
      await step();
      time.now += 1_200_000;
    }
    expect(press.asked).toHaveLength(REPORT_WHOLE_ATTEMPTS_MAX);
    const [document] = await storedDocuments(store, name);
    expect(JSON.parse(document?.document ?? '')).toMatchObject({ totals: { sections_failed: 1 } });
  });

  test('does not wait for a clock that was set back', async () => {
    const { time, press, step } = await scheduled();
    press.fail = () => new Error('no');
    time.now = BEGIN + 9 * DAY_MS;
    await step();
    press.fail = undefined;
    press.asked.length = 0;
    time.now = BEGIN + DAY_MS;
    await step();
    expect(press.asked.map(({ period }) => period.name)).toEqual(['2026-10-20']);
  });
});

describe('two schedules', () => {
  test('that say the same make one document', async () => {
    const press = testPress();
    const time = { now: BEGIN };
    const both = ['a', 'b'].map((suffix) => schedule(`${name}-${suffix}`, { account: name }));
    const scheduler = new Scheduler({ store, press, schedules: both, now: () => time.now });
    await scheduler.step();
    time.now += DAY_MS;
    await scheduler.step();
    expect(press.asked).toHaveLength(1);
    expect(await storedDocuments(store, `${name}-a`)).toHaveLength(1);
    expect(await storedRuns(store, `${name}-b`)).toEqual([{ period: '2026-10-20', result: 'made', attempt: 1 }]);
  });

  test('that send to others make two', async () => {
    const press = testPress();
    const time = { now: BEGIN };
    const both = ['a', 'b'].map((channel) => schedule(`${name}-${channel}`, { account: name, channels: [channel] }));
    const scheduler = new Scheduler({ store, press, schedules: both, now: () => time.now });
    await scheduler.step();
    time.now += DAY_MS;
    await scheduler.step();
    expect(press.asked).toHaveLength(2);
  });
});

describe('for each owner', () => {
  const OWNERS = ['Bob Builder', 'anna@example.com', 'listed@example.com', 'nobody known', 'Two People'];
  const perOwner = async (more: Parameters<typeof schedule>[1] = {}) => {
    const user = (email: string, called: string) => ({
      ...{ kind: 'user' as const, id: [name, email], validFrom: 0 },
      says: { name: called } as never,
    });
    await sayToRegistry(store, [
      user('bob@example.com', 'Bob Builder'),
      user('two@example.com', 'Two People'),
      user('too@example.com', 'Two People'),
    ]);
    const made = await scheduled({ isPerOwner: true, ...more });
    made.press.owners = OWNERS;
    made.time.now += DAY_MS;
    return made;
  };

  test('there is a document of their own, for the address that is known of each', async () => {
    const recipients = { 'listed@example.com': ['boss@example.com', 'listed@example.com'] };
    const { step } = await perOwner({ recipients });
    await step();
    const found = await storedDocuments(store, name);
    expect(found.map(({ owner, recipients: to }) => [owner, to])).toEqual([
      ['Bob Builder', ['bob@example.com']],
      // Of two people of one name, neither is shown what may be the other's.
      ['Two People', []],
      ['anna@example.com', ['anna@example.com']],
      ['listed@example.com', ['boss@example.com', 'listed@example.com']],
      ['nobody known', []],
    ]);
  });

  test('one whose document cannot be made keeps no other one from having theirs', async () => {
    const { time, press, step } = await perOwner();
    press.sectionFails = (owner) => owner === 'Bob Builder';
    await step();
    const made = await storedDocuments(store, name);
    expect(made.map(({ owner }) => owner)).toEqual(OWNERS.filter((owner) => owner !== 'Bob Builder').sort());
    press.sectionFails = () => false;
    time.now += 3_600_000;
    await step();
    // What was stored stays as it was; only the missing one is made.
    const after = await storedDocuments(store, name);
    expect(after).toHaveLength(OWNERS.length);
    expect(after.filter(({ owner }) => owner !== 'Bob Builder')).toEqual(made);
    expect((await storedRuns(store, name)).map(({ result }) => result)).toEqual(['failed', 'made']);
  });

  test('what was made before a failure stays, and the rest is made the next time', async () => {
    const { time, press, step } = await perOwner();
    press.fail = ({ scope }) => (scope.owner === 'listed@example.com' ? new Error('the store broke') : undefined);
    await step();
    expect(await storedDocuments(store, name)).toHaveLength(2);
    press.fail = undefined;
    time.now += 3_600_000;
    await step();
    expect(await storedDocuments(store, name)).toHaveLength(OWNERS.length);
  });

  test('nobody owning anything is no failure', async () => {
    const { press, step } = await perOwner();
    press.owners = [];
    await step();
    expect(await storedRuns(store, name)).toEqual([{ period: '2026-10-20', result: 'made', attempt: 1 }]);
  });
});
