import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { rowsOf, runKeytrail, startKeytrail } from '../support/keytrail.ts';
import { temporaryDirectory } from '../support/store.ts';

const request = (id: string, at: number, sourceIp: string): string =>
  JSON.stringify({
    ...{ id, time: new Date(at).toISOString(), type: 'Database', description: 'listed' },
    request: { sourceIp, method: 'GET', path: '/v1/databases', status: 200, userAgent: 'orders/1.0', requestId: id },
    authentication: { accountId: 'a1', keyName: 'orders', result: 'success' },
  });
const RULE = ['--rule', 'source-ip-outside-allow-list'];

async function storeWith(...records: string[]): Promise<string> {
  const folder = await temporaryDirectory();
  const dataDir = path.join(folder, 'store');
  await writeFile(
    path.join(folder, 'registry.yaml'),
    'keys: [{account_id: a1, key_id: orders, allow_list: [198.51.100.16/28], valid_from: 2026-01-01}]\n',
  );
  expect((await runKeytrail(['keys', 'import', path.join(folder, 'registry.yaml'), '--data-dir', dataDir])).code).toBe(
    0,
  );
  await take(dataDir, ...records);
  return dataDir;
}

async function take(dataDir: string, ...records: string[]): Promise<void> {
  const flags = ['--source', 'gateway/request', '--format', 'ndjson', '--data-dir', dataDir];
  const stored = await runKeytrail(['ingest', '-', ...flags], { input: records.join('\n') });
  expect([stored.code, stored.stderr]).toEqual([0, '']);
}

const found = async (dataDir: string): Promise<string[]> => {
  const listed = await runKeytrail(['findings', 'list', '--format', 'json', '--data-dir', dataDir]);
  return rowsOf(listed).map(({ rule }) => String(rule));
};

it('of two processes that run detections one looks, and the other takes over when it is killed', async () => {
  const dataDir = await storeWith(request('x1', Date.now() - 60_000, '203.0.113.9'));
  const run = ['detect', 'run', ...RULE, '--data-dir', dataDir];
  const first = startKeytrail(run);
  await first.says('"msg":"looking"');
  const second = startKeytrail(run);
  const waiting = await Promise.race([
    second.says('"msg":"looking"').then(() => 'both look'),
    new Promise((resolve) => setTimeout(() => resolve('one looks'), 4_000)),
  ]);
  expect(waiting).toBe('one looks');
  await first.kill9();
  await second.says('"msg":"looking"');
  await take(dataDir, request('x2', Date.now(), '203.0.113.10'));
  await expect.poll(() => found(dataDir)).toHaveLength(2);
  second.child.kill('SIGTERM');
  expect((await second.finished).code).toBe(0);
});

it('a look that is killed at any moment loses nothing and tells nothing twice', async () => {
  const records = Array.from({ length: 5 }, (_, n) => request(`x${n}`, Date.now() - 60_000, `203.0.113.${n}`));
  const dataDir = await storeWith(...records);
  for (const afterMs of [300, 700, 1_100, 1_500]) {
    const running = startKeytrail(['detect', 'run', '--once', ...RULE, '--data-dir', dataDir]);
    await new Promise((resolve) => setTimeout(resolve, afterMs));
    await running.kill9();
  }
  const last = await runKeytrail(['detect', 'run', '--once', ...RULE, '--data-dir', dataDir]);
  expect([last.code, last.stderr]).toEqual([0, '']);
  expect(await found(dataDir)).toEqual(Array(5).fill('source-ip-outside-allow-list'));
});

it('of 310 real records of CloudTrail, whose keys are all still learned and all let in, nothing is told', async () => {
  const dataDir = path.join(await temporaryDirectory(), 'store');
  const examples = fileURLToPath(new URL('../../examples/data/cloudtrail', import.meta.url));
  expect((await runKeytrail(['ingest', examples, '--data-dir', dataDir])).code).toBe(0);
  const looked = await runKeytrail(['detect', 'run', '--once', '--data-dir', dataDir, '--format', 'json']);
  expect([looked.code, looked.stderr, rowsOf(looked)]).toEqual([0, '', []]);
});
