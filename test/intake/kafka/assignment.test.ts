import fc from 'fast-check';
import { expect, test } from 'vitest';
import { commitRequest, Epoch, flatten, HeldPartition } from '../../../src/intake/kafka/assignment.ts';
import { Committer } from '../../../src/intake/kafka/committer.ts';
import { FakeReceiver, KeptLog } from './support.ts';

async function holding(positions: readonly number[]): Promise<{ epoch: Epoch; held: HeldPartition[] }> {
  const epoch = new Epoch('member 1', flatten({ topic: positions.map((_, partition) => partition) }));
  const held: HeldPartition[] = [];
  for (const [partition, position] of positions.entries()) {
    const start = { position, target: 0, unconfirmed: false, now: 0 };
    const each = new HeldPartition({ topic: 'topic', partition }, start);
    each.chain = await new FakeReceiver().open({ stream: 's', partition, position, accountId: '' }, () => {});
    epoch.hold(each, position);
    held.push(each);
  }
  return { epoch, held };
}

function committer(commit: () => Promise<void> | void, log = new KeptLog()) {
  const sent: unknown[] = [];
  const fallback = async (offsets: unknown) => {
    sent.push(offsets);
    await commit();
  };
  return { log, sent, committer: new Committer({ logger: log, checkpoint: () => undefined, fallback }) };
}

test('what is due is exactly what is settled beyond the last commit, and never goes back', async () => {
  const steps = fc.array(fc.record({ partition: fc.nat(2), position: fc.nat(50), commit: fc.boolean() }));
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      const { epoch, held } = await holding([10, 10, 10]);
      const settled = [10, 10, 10];
      const committed = [10, 10, 10];
      for (const { partition, position, commit } of all) {
        const each = held[partition];
        if (each === undefined) continue;
        epoch.settled(each, position);
        settled[partition] = Math.max(settled[partition] ?? 0, position);
        if (!commit) continue;
        for (const due of epoch.due()) {
          expect(due.position).toBeGreaterThan(committed[due.held.partition] ?? 0);
          expect(due.position).toBe(settled[due.held.partition]);
          epoch.committed(due.held, due.position);
          committed[due.held.partition] = due.position;
        }
        expect(epoch.due()).toEqual([]);
      }
    }),
  );
});

test('an epoch that is over commits nothing, whatever settles afterwards', async () => {
  const { epoch, held } = await holding([0, 0]);
  const [first] = held;
  if (first === undefined) throw new Error('nothing is held');
  epoch.settled(first, 5);
  expect(epoch.due()).toHaveLength(1);
  epoch.end();
  epoch.settled(first, 9);
  expect(epoch.due()).toEqual([]);
  expect(epoch.find('topic', 0)).toBeUndefined();
  expect(held.map(({ chain }) => chain)).toMatchObject([{ abandoned: true }, { abandoned: true }]);
});

test('a chain that was replaced within its epoch commits nothing any more', async () => {
  const { epoch, held } = await holding([100]);
  const [old] = held;
  if (old === undefined) throw new Error('nothing is held');
  const anew = new HeldPartition(old, { position: 0, target: 0, unconfirmed: false, now: 0 });
  epoch.hold(anew, 0);
  epoch.settled(old, 120);
  expect(epoch.due()).toEqual([]);
  epoch.settled(anew, 3);
  expect(epoch.due()).toEqual([{ held: anew, position: 3 }]);
});

test('a commit names topic, partition, offset and who it was', async () => {
  const { held } = await holding([0, 0]);
  const due = held.map((each) => ({ held: each, position: 7 + each.partition }));
  expect(commitRequest(due, 'keytrail member 1')).toEqual({
    topics: [
      {
        topic: 'topic',
        partitions: [
          { partition: 0, offset: '7', metadata: 'keytrail member 1' },
          { partition: 1, offset: '8', metadata: 'keytrail member 1' },
        ],
      },
    ],
  });
});

test('two commits at once are one, and a repeat without news is none', async () => {
  const { epoch, held } = await holding([0]);
  if (held[0] !== undefined) epoch.settled(held[0], 5);
  const { committer: each, sent } = committer(() => {});
  expect(await Promise.all([each.commit(epoch), each.commit(epoch)])).toEqual([true, true]);
  expect(await each.commit(epoch)).toBe(true);
  expect(sent).toHaveLength(1);
});

test('a commit that the group refuses fences the epoch; one that fails is sent again', async () => {
  const { epoch, held } = await holding([0]);
  if (held[0] !== undefined) epoch.settled(held[0], 5);
  const errors = [new Error('connection lost'), Object.assign(new Error(), { type: 'ILLEGAL_GENERATION' })];
  const {
    committer: each,
    sent,
    log,
  } = committer(() => {
    throw errors.shift();
  });
  expect(await each.commit(epoch)).toBe(false);
  expect(log.lines.map(({ level }) => level)).toEqual(['warn']);
  expect(await each.commit(epoch)).toBe(false);
  expect(epoch.fenced).toBe(true);
  expect(await each.commit(epoch)).toBe(false);
  expect(sent).toHaveLength(2);
});
