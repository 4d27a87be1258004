/** The same records by file and by Kafka are the same events. */
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AnswerRow, ask, everyAnswer } from '../support/answers.ts';
import { KafkaForTests } from '../support/kafka/client.ts';
import { describeWithKafka } from '../support/kafka/shared.ts';
import { runKeytrail, startKeytrail } from '../support/keytrail.ts';
import { temporaryDirectory } from '../support/store.ts';

const SAMPLE = fileURLToPath(new URL('../../examples/data/cloudtrail/stratus-detonation-logs.ndjson', import.meta.url));
/** Where and when a record was read differs between a file and a topic; what it says does not. */
const ORIGIN = ['stream', 'stream_partition', 'stream_offset', 'record_index', 'block_id', 'ingested_at'];

await describeWithKafka('the real sample by Kafka', (brokers) => {
  let kafka: KafkaForTests;
  let folder: string;
  let env: Record<string, string>;
  let lines: string[];

  beforeAll(async () => {
    kafka = new KafkaForTests(brokers);
    folder = await temporaryDirectory();
    const keyFile = path.join(folder, 'key');
    await writeFile(keyFile, randomBytes(32), { mode: 0o600 });
    env = { KEYTRAIL_STORE_KEY_FILE: keyFile };
    lines = (await readFile(SAMPLE, 'utf8')).trim().split('\n');
  });

  afterAll(() => kafka?.close());

  const consume = (topic: string, dataDir: string, ...more: string[]) => [
    'consume',
    '--brokers',
    brokers.join(),
    '--topic',
    topic,
    '--group',
    kafka.name('group'),
    '--data-dir',
    dataDir,
    ...more,
  ];

  it('gives the same answers as the file, one record a message or several, plain or gzip, container or lines', async () => {
    const byFile = path.join(folder, 'file');
    await runKeytrail(['ingest', SAMPLE, '--data-dir', byFile], { env });
    const expected = withoutOrigin(await everyAnswer(byFile));

    const topic = await kafka.topic('sample', { partitions: 2 });
    const records = lines.map((line) => JSON.parse(line) as unknown);
    await kafka.send(topic, lines.slice(0, 100), 0);
    await kafka.send(topic, [JSON.stringify({ Records: records.slice(100, 160) }, null, 2)], 1);
    await kafka.send(topic, [lines.slice(160, 200).join('\n'), JSON.stringify(records.slice(200, 240))], 0);
    await kafka.send(topic, [{ value: gzipSync(JSON.stringify({ Records: records.slice(240) })) }], 1);

    const byKafka = path.join(folder, 'kafka');
    const done = await runKeytrail(consume(topic, byKafka, '--until-end'), { env });
    expect(done.code, done.stderr).toBe(0);
    expect(JSON.parse(done.stdout)).toMatchObject({ records: 310, new_events: 310, already_known: 0, dead_letters: 0 });
    expect(withoutOrigin(await everyAnswer(byKafka))).toEqual(expected);

    // Into the store that has them already: nothing changes at all, because the first arrival stands.
    const before = await everyAnswer(byFile);
    const again = await runKeytrail(consume(topic, byFile, '--until-end'), { env });
    expect(JSON.parse(again.stdout)).toMatchObject({ new_events: 0, already_known: 310 });
    expect(await everyAnswer(byFile)).toEqual(before);
    const status = await ask(byKafka, 'ingest-status');
    expect(status.map(({ lag, gaps }) => ({ lag, gaps }))).toEqual([
      { lag: 0, gaps: 0 },
      { lag: 0, gaps: 0 },
    ]);
  });

  it('runs until SIGTERM, then settles what is open, commits it and leaves', async () => {
    const topic = await kafka.topic('daemon');
    await kafka.send(topic, lines.slice(0, 50));
    const dataDir = path.join(folder, 'daemon');
    const args = consume(topic, dataDir);
    const running = startKeytrail(args, { env });
    const group = args[args.indexOf('--group') + 1] ?? '';
    await expect.poll(async () => (await kafka.committed(group, topic)).get(0), { interval: 200 }).toBe(50);
    await kafka.send(topic, lines.slice(50, 60));
    await expect.poll(async () => (await ask(dataDir, 'ingest-status'))[0]?.received).toBe(60);
    running.child.kill('SIGTERM');
    const { code, stdout, stderr } = await running.finished;
    expect(code, stderr).toBe(0);
    const told = JSON.parse(stdout);
    expect(told).toMatchObject({ records: 60, dead_letters: 0 });
    expect([60, null]).toContain(told.new_events);
    // Asked of the store: who is told to end tells how many were new only where counting is quick.
    const counted = await runKeytrail(['sql', 'SELECT count() AS events FROM activity', '--data-dir', dataDir]);
    expect(JSON.parse(counted.stdout)).toEqual({ events: 60 });
    expect((await kafka.committed(group, topic)).get(0)).toBe(60);
  });

  it('the account comes by header, and an option wins over it; without either the record waits as a dead letter', async () => {
    const topic = await kafka.topic('accounts');
    const entry = (id: number) =>
      JSON.stringify({ id, time: '2026-10-01T00:00:00Z', originator: 'System', type: 'Alert', description: 'x' });
    await kafka.send(topic, [{ value: entry(1), headers: { 'keytrail-account': '77' } }, entry(2)]);
    const dataDir = path.join(folder, 'accounts');
    const done = await runKeytrail(consume(`${topic}=redis-cloud/system-log`, dataDir, '--until-end'), { env });
    expect(done.code).toBe(3);
    expect(JSON.parse(done.stdout)).toMatchObject({ new_events: 1, dead_letters_by_reason: { 'account-missing': 1 } });
    const named = await runKeytrail(consume(`${topic}=redis-cloud/system-log@88`, dataDir, '--until-end'), { env });
    expect(JSON.parse(named.stdout)).toMatchObject({ new_events: 2, dead_letters: 0 });
    const accounts = await ask(dataDir, 'unattributed-activity');
    expect(new Set(accounts.map(({ account_id }) => account_id))).toEqual(new Set(['77', '88']));
  });

  it('a wrong call says what to do and reads nothing', async () => {
    const dataDir = path.join(folder, 'wrong');
    const unknownTopic = await runKeytrail(consume('no-such-topic', dataDir, '--until-end'), { env });
    expect(unknownTopic.code).toBe(1);
    expect(unknownTopic.stderr).toContain('no-such-topic');
    const unknownSource = await runKeytrail(consume('x=no/source', dataDir), { env });
    expect(unknownSource.code).toBe(2);
    expect(unknownSource.stderr).toContain('gateway/request');
  });
});

function withoutOrigin(answers: Readonly<Record<string, readonly AnswerRow[]>>): unknown {
  return Object.fromEntries(
    Object.entries(answers).map(([id, rows]) => [
      id,
      rows.map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => !ORIGIN.includes(name)))),
    ]),
  );
}
