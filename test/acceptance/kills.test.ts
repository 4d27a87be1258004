/** `consume` killed at every step that makes a block durable, again and again, on one store and one consumer group. */
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadLines } from '../../examples/generate.ts';
import { type AnswerRow, everyAnswer } from '../support/answers.ts';
import { KafkaForTests } from '../support/kafka/client.ts';
import { describeWithKafka } from '../support/kafka/shared.ts';
import { runKeytrail, startKeytrail } from '../support/keytrail.ts';
import { temporaryDirectory } from '../support/store.ts';

const RECORDS = 30_000;
const PARTITIONS = 3;
const KILLS_EACH = 5;
const POINTS = ['open-block', 'after-insert', 'after-ledger', 'kafka:in-commit'] as const;
/** Another cut of the blocks after every restart: what was stored before must be recognised all the same. */
const ROWS_MAX = [131, 97, 211, 173, 61] as const;
/**
 * The next process waits until the killed one has lapsed. A short session may lapse on a busy machine too, and records
 * then come again: where they are counted, it is the usual one.
 */
const SHORT_SESSION = { KEYTRAIL_KAFKA_SESSION_TIMEOUT_MS: '1000' };

await describeWithKafka('kills of consume', (brokers) => {
  let kafka: KafkaForTests;
  let folder: string;
  let keyFile: string;
  let topic: string;

  beforeAll(async () => {
    kafka = new KafkaForTests(brokers);
    folder = await temporaryDirectory();
    keyFile = path.join(folder, 'key');
    await writeFile(keyFile, randomBytes(32), { mode: 0o600 });
    topic = await kafka.topic('kills', { partitions: PARTITIONS });
    await produce(kafka, topic);
  });

  afterAll(() => kafka?.close());

  const consume = (dataDir: string, group: string, env: Record<string, string>) =>
    startKeytrail(
      [
        'consume',
        '--brokers',
        brokers.join(),
        '--topic',
        `${topic}=gateway/request`,
        '--group',
        group,
        '--until-end',
        '--data-dir',
        dataDir,
      ],
      {
        env: {
          KEYTRAIL_STORE_KEY_FILE: keyFile,
          KEYTRAIL_LOG_LEVEL: 'warn',
          ...env,
        },
      },
    );

  const committedIn = async (group: string): Promise<number> => {
    let sum = 0;
    for (const offset of (await kafka.committed(group, topic)).values()) sum += Math.max(offset, 0);
    return sum;
  };

  it('20 kills in an open block, after the insert, after the ledger row and during the commit lose and double nothing', async () => {
    const calm = path.join(folder, 'calm');
    const undisturbed = await consume(calm, kafka.name('calm'), {}).finished;
    expect(undisturbed.code, undisturbed.stderr).toBe(3);
    expect(JSON.parse(undisturbed.stdout)).toMatchObject({ new_events: RECORDS, already_known: 0, dead_letters: 3 });

    const killed = path.join(folder, 'killed');
    const group = kafka.name('killed');
    let kills = 0;
    for (let round = 0; round < KILLS_EACH; round++) {
      for (const point of POINTS) {
        const before = await committedIn(group);
        const env = {
          ...SHORT_SESSION,
          KEYTRAIL_PAUSE_AT: `${point}:${point === 'open-block' ? 40 + 100 * round : 1 + round}`,
          KEYTRAIL_BLOCK_ROWS_MAX: String(ROWS_MAX[kills % ROWS_MAX.length]),
        };
        const running = consume(killed, group, env);
        await running.says('"msg":"paused"');
        await running.kill9();
        const { stderr } = await running.finished;
        const received = Number(/"received":(\d+),"msg":"paused"/.exec(stderr)?.[1]);
        const redelivered = received - ((await committedIn(group)) - before);
        expect(redelivered, `${point}: a kill that costs no redelivery proves nothing`).toBeGreaterThanOrEqual(1);
        kills++;
      }
    }
    expect(kills).toBe(POINTS.length * KILLS_EACH);
    const last = await consume(killed, group, SHORT_SESSION).finished;
    expect([0, 3], last.stderr).toContain(last.code);
    expect(await committedIn(group)).toBe(RECORDS + 3);

    expect(withoutArrival(await everyAnswer(killed))).toEqual(withoutArrival(await everyAnswer(calm)));
  });

  it('what was stored before the kills is known when it is delivered to another group', async () => {
    const again = await consume(path.join(folder, 'killed'), kafka.name('again'), {}).finished;
    expect(again.code, again.stderr).toBe(3);
    expect(JSON.parse(again.stdout)).toMatchObject({ new_events: 0, already_known: RECORDS, dead_letters: 3 });
  });

  it('an export of the killed store holds every record once', async () => {
    const counted = await runKeytrail([
      'sql',
      'SELECT count() AS events, uniqExact(event_id) AS ids FROM activity',
      '--data-dir',
      path.join(folder, 'killed'),
    ]);
    expect(JSON.parse(counted.stdout)).toEqual({ events: RECORDS, ids: RECORDS });
  });
});

async function produce(kafka: KafkaForTests, topic: string): Promise<void> {
  const lines = [...loadLines({ seed: 7, count: RECORDS, end: Date.UTC(2026, 10, 1), keys: 20, addresses: 200 })];
  const perPartition = lines.length / PARTITIONS;
  for (let partition = 0; partition < PARTITIONS; partition++) {
    const own = lines.slice(partition * perPartition, (partition + 1) * perPartition);
    for (let from = 0; from < own.length; from += 1_000) {
      await kafka.send(topic, own.slice(from, from + 1_000), partition);
    }
    await kafka.send(topic, [`{"broken": ${partition}`], partition);
  }
}

/** When and in which block a record came in depends on the kills; what it says must not. */
function withoutArrival(answers: Readonly<Record<string, readonly AnswerRow[]>>): unknown {
  const arrival = new Set(['ingested_at', 'block_id']);
  const letters = ['first_seen', 'last_seen'];
  return Object.fromEntries(
    Object.entries(answers).map(([id, rows]) => [
      id,
      rows.map((row) =>
        Object.fromEntries(
          Object.entries(row).filter(
            ([name]) => !arrival.has(name) && !(id === 'dead-letter-summary' && letters.includes(name)),
          ),
        ),
      ),
    ]),
  );
}
