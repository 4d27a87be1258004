/** Answers as people and programs get them from the built program: with what stands around them, and drawn. */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { type GatewayEvent, generateGatewayEvents, STORY } from '../../examples/generate.ts';
import { answerEnvelopeSchema } from '../../schemas/answer-envelope.ts';
import { textWidth } from '../../src/ask/format/text.ts';
import { runKeytrail } from '../support/keytrail.ts';
import { errorsOf, validatorOf } from '../support/published-schema.ts';
import { temporaryDirectory } from '../support/store.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/keytrail.cjs', import.meta.url));
const END = '2026-11-01T00:00:00.000Z';
/** Thirty days in the middle of the examples. */
const FROM = '2026-09-22T00:00:00.000Z';
const TO = '2026-10-22T00:00:00.000Z';

const run = promisify(execFile);
const records: readonly GatewayEvent[] = [...generateGatewayEvents({ seed: 1, end: Date.parse(END) })];
const within = records.findIndex(({ time }) => time >= FROM);
let dataDir: string;

const query = (...args: string[]) => runKeytrail(['query', ...args, '--data-dir', dataDir]);
const envelope = async (...args: string[]) =>
  answerEnvelopeSchema.parse(JSON.parse((await query(...args, '--format', 'json', '--envelope')).stdout));

beforeAll(async () => {
  const folder = await temporaryDirectory();
  dataDir = path.join(folder, 'store');
  const file = path.join(folder, 'events.ndjson');
  const other = { ...records[within], description: 'Another statement about the same' };
  const lines = [...records, other].map((record) => JSON.stringify(record));
  await writeFile(file, [...lines, 'no record'].join('\n'));
  const stored = await runKeytrail(['ingest', file, '--source', 'gateway/request', '--data-dir', dataDir]);
  expect(stored.code, stored.stderr).toBe(3);
});

describe('the envelope', () => {
  it.each(['key-usage', 'conflicting-events', 'activity-over-time', 'ingest-status', 'dead-letter-summary'])(
    'of %s is what its published schema says',
    async (id) => {
      const validate = validatorOf('answer-envelope');
      const { stdout, stderr, code } = await query(id, '--format', 'json', '--envelope');
      expect([code, stderr]).toEqual([0, '']);
      const answer = JSON.parse(stdout) as { columns: { name: string }[]; rows: object[] };
      expect(errorsOf(validate, answer)).toEqual([]);
      expect(errorsOf(validate, { ...answer, conflicts: -1 })).not.toEqual([]);
      expect(answer.rows.length).toBeGreaterThan(0);
      for (const row of answer.rows) expect(Object.keys(row)).toEqual(answer.columns.map(({ name }) => name));
    },
  );

  it('says of a range what can be counted by hand', async () => {
    // Asked until counting was quick enough: what takes longer than a moment is left open.
    await expect
      .poll(() => envelope('key-usage', '--from', FROM, '--to', TO))
      .toMatchObject({
        question: 'key-usage',
        range: { from: FROM, to: TO },
        parameters: { from: FROM, to: TO },
        data_until: new Date(records.at(-1)?.time ?? '').toISOString(),
        dead_letters: 0,
        conflicts: 1,
      });
    expect((await envelope('key-usage', '--from', FROM, '--to', TO)).stored_until?.localeCompare(END)).toBe(1);
    await expect.poll(() => envelope('key-usage', '--to', '2026-08-04')).toMatchObject({ conflicts: 0 });
    await expect
      .poll(() => envelope('key-usage'))
      .toMatchObject({
        range: { from: null, to: null },
        dead_letters: 1,
        conflicts: 1,
      });
  });
});

describe('the footer', () => {
  it('stands on stderr: what is written to a file is the answer alone', async () => {
    const said = async () => (await query('key-usage', '--format', 'csv')).stderr;
    await expect.poll(said).toMatch(/^all time · 1 dead letter · 1 conflict · data until \S+ \(stored \S+\)\n$/);
    const { stdout } = await query('key-usage', '--format', 'csv');
    expect(stdout).toBe((await query('key-usage', '--format', 'csv', '--no-footer')).stdout);
  });

  it.each(['| head -1', '2>&1 | head -c 1'])('is no error behind a reader that has enough: %s', async (reader) => {
    const shell = `set -o pipefail; node ${PROGRAM} query source-ip-usage --data-dir ${dataDir} ${reader}`;
    const { stdout, stderr } = await run('bash', ['-c', shell]);
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).not.toMatch(/keytrail:|EPIPE/);
  });
});

describe('charts of the examples', () => {
  it('show the story within the 80 columns of a pipe', async () => {
    const addresses = (await query('source-ip-usage', '--chart')).stdout;
    expect(addresses).toContain(STORY.foreign.address);
    const time = (await query('activity-over-time', '--chart', '--from', FROM, '--to', TO)).stdout;
    expect(time).toContain('2026-09-22 → 2026-10-22 UTC');
    for (const line of `${addresses}${time}`.split('\n')) expect(textWidth(line)).toBeLessThanOrEqual(80);
    expect(`${addresses}${time}`).not.toContain('\u001b');
  });
});
