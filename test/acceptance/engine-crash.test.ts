/** The engine runs beside `consume` in a process of its own: its crash ends neither intake nor data. */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadLines } from '../../examples/generate.ts';
import { KafkaForTests } from '../support/kafka/client.ts';
import { describeWithKafka } from '../support/kafka/shared.ts';
import { rowsOf, runKeytrail, startKeytrail } from '../support/keytrail.ts';
import { temporaryDirectory } from '../support/store.ts';

const RECORDS = 60_000;

await describeWithKafka('the engine killed with -9 beside consume', (brokers) => {
  let kafka: KafkaForTests;

  beforeAll(() => {
    kafka = new KafkaForTests(brokers);
  });
  afterAll(() => kafka?.close());

  it('in the middle of a load loses and doubles nothing, and intake resumes by itself', async () => {
    const dataDir = path.join(await temporaryDirectory(), 'data');
    const topic = await kafka.topic('engine', { partitions: 2 });
    const lines = [...loadLines({ seed: 3, count: RECORDS, end: Date.UTC(2026, 10, 1), keys: 10, addresses: 50 })];
    for (let from = 0; from < RECORDS; from += 2_000) {
      await kafka.send(topic, lines.slice(from, from + 2_000), (from / 2_000) % 2);
    }
    const group = kafka.name('group');
    const running = startKeytrail(
      [
        'consume',
        '--brokers',
        brokers.join(),
        '--topic',
        topic,
        '--group',
        group,
        '--until-end',
        '--data-dir',
        dataDir,
      ],
      { env: { KEYTRAIL_BLOCK_ROWS_MAX: '250', KEYTRAIL_LOG_LEVEL: 'debug' } },
    );
    let kills = 0;
    let over = false;
    void running.finished.then(() => {
      over = true;
    });
    // Each kill meets a load that goes on: since the last one more was stored than before it.
    for (let before = 0; !over && kills < 4; await sleep(20)) {
      const stored = await committedIn(kafka, group, topic);
      if (stored === before) continue;
      before = stored;
      for (const pid of childrenOf(running.child.pid ?? 0)) if (killed(pid)) kills++;
    }
    const done = await running.finished;
    expect(kills).toBeGreaterThanOrEqual(2);
    expect(done.code, done.stderr.slice(-3_000)).toBe(0);
    expect(JSON.parse(done.stdout)).toMatchObject({ records: RECORDS, dead_letters: 0 });
    const counted = await runKeytrail([
      'sql',
      'SELECT count() AS events, uniqExact(event_id) AS ids FROM activity',
      '--data-dir',
      dataDir,
      '--format',
      'json',
    ]);
    expect(rowsOf(counted)).toEqual([{ events: RECORDS, ids: RECORDS }]);
  });
});

async function committedIn(kafka: KafkaForTests, group: string, topic: string): Promise<number> {
  const offsets = [...(await kafka.committed(group, topic)).values()];
  return offsets.reduce((sum, offset) => sum + Math.max(offset, 0), 0);
}

/** @returns false when it has ended by itself since it was looked for */
function killed(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false;
  }
}

/** The engine's process: the only child that the program starts. */
function childrenOf(pid: number): number[] {
  try {
    return execFileSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' })
      .trim()
      .split('\n')
      .map(Number);
  } catch {
    return [];
  }
}
