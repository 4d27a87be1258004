/**
 * Collected into topics and stored by `consume`: the same rows, under the same identities, as without Kafka between.
 */
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { exampleAccounts, headersFor } from '../../examples/redis-cloud/example-accounts.ts';
import { type StandIn, startStandIn } from '../../examples/redis-cloud/stand-in.ts';
import { KafkaForTests } from '../support/kafka/client.ts';
import { describeWithKafka } from '../support/kafka/shared.ts';
import { rowsOf, runKeytrail } from '../support/keytrail.ts';
import { temporaryDirectory } from '../support/store.ts';

await describeWithKafka('collect --to kafka', (brokers) => {
  let kafka: KafkaForTests;
  let standIn: StandIn;
  let folder: string;
  let env: Record<string, string>;
  let topics: readonly string[];

  beforeAll(async () => {
    kafka = new KafkaForTests(brokers);
    folder = await temporaryDirectory();
    const keyFile = path.join(folder, 'key');
    await writeFile(keyFile, randomBytes(32), { mode: 0o600 });
    const accounts = exampleAccounts({ seed: 9, end: Date.now(), rows: 1_500, sessions: 120 });
    standIn = await startStandIn({ seed: 9, now: Date.now, accounts });
    topics = [await kafka.topic('system-log'), await kafka.topic('session-log')];
    env = {
      KEYTRAIL_STORE_KEY_FILE: keyFile,
      KEYTRAIL_COLLECT_REDIS_CLOUD_BASE_URL: `${standIn.url}/v1`,
      KEYTRAIL_COLLECT_REDIS_CLOUD_ACCOUNTS: accounts.map(({ id }) => id).join(),
      KEYTRAIL_COLLECT_REDIS_CLOUD_SYSTEM_LOG_TOPIC: topics[0] ?? '',
      KEYTRAIL_COLLECT_REDIS_CLOUD_SESSION_LOG_TOPIC: topics[1] ?? '',
      ...Object.fromEntries(
        accounts.flatMap((account) => {
          const headers = headersFor(account);
          return [
            [`KEYTRAIL_REDIS_CLOUD_${account.id}_ACCOUNT_KEY`, headers['x-api-key'] ?? ''],
            [`KEYTRAIL_REDIS_CLOUD_${account.id}_USER_KEY`, headers['x-api-secret-key'] ?? ''],
          ];
        }),
      ),
    };
  });

  afterAll(async () => {
    await kafka?.close();
    await standIn?.close();
  });

  const collect = (dataDir: string, ...more: string[]) =>
    runKeytrail(['collect', 'redis-cloud', '--once', '--data-dir', dataDir, '--format', 'json', ...more], { env });

  async function events(dataDir: string): Promise<Record<string, unknown>[]> {
    const columns = 'account_id, source, event_id, lower(hex(content_hash)) AS hash';
    const asked = `SELECT ${columns} FROM activity ORDER BY account_id, source, event_id, hash`;
    return rowsOf(await runKeytrail(['sql', asked, '--data-dir', dataDir, '--format', 'json']));
  }

  it('and then consume stores what collect alone would have stored, and a second time nothing', async () => {
    const [direct, collector, consumer] = ['direct', 'collector', 'consumer'].map((name) => path.join(folder, name));
    if (direct === undefined || collector === undefined || consumer === undefined) throw new Error('there are three');
    await collect(direct);
    const written = await collect(collector, '--to', 'kafka', '--brokers', brokers.join());
    expect(written.code, written.stderr).toBe(0);
    expect(rowsOf(written)).toMatchObject([{ rows_new: 3_240, failing_accounts: '' }]);
    expect(await events(collector)).toEqual([]);
    const args = ['consume', '--brokers', brokers.join(), '--group', kafka.name('group'), '--data-dir', consumer];
    const sources = ['redis-cloud/system-log', 'redis-cloud/session-log'];
    const named = topics.flatMap((topic, at) => ['--topic', `${topic}=${sources[at] ?? ''}`]);
    const consumed = await runKeytrail([...args, ...named, '--until-end'], { env });
    expect(consumed.code, consumed.stderr).toBe(0);
    expect(await events(consumer)).toEqual(await events(direct));
    const again = await collect(collector, '--to', 'kafka', '--brokers', brokers.join());
    // What may still be followed by a late row is written again, because this store does not know what consume stored.
    expect(Number(rowsOf(again)[0]?.rows_new)).toBeLessThan(50);
  });

  it('names a topic that is not there, before anything is read', async () => {
    const asked = standIn.requests.length;
    const other = { ...env, KEYTRAIL_COLLECT_REDIS_CLOUD_SYSTEM_LOG_TOPIC: 'no-such-topic' };
    const args = ['collect', 'redis-cloud', '--once', '--to', 'kafka', '--brokers', brokers.join()];
    const refused = await runKeytrail([...args, '--data-dir', path.join(folder, 'refused')], { env: other });
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('no-such-topic');
    expect(standIn.requests.length).toBe(asked);
  });
});
