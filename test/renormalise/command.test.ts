import { beforeAll, describe, expect, it } from 'vitest';
import { sourceNamed } from '../../schemas/sources/index.ts';
import { openEmbedded } from '../../src/store/embedded/open.ts';
import { rowsOf, runKeytrail } from '../support/keytrail.ts';
import { temporaryDirectory } from '../support/store.ts';
import { age } from './support.ts';

const NEWEST = sourceNamed('redis-cloud/system-log')?.version ?? 0;
let dataDir: string;

const run = (...args: string[]) => runKeytrail(['renormalise', '--data-dir', dataDir, '--format', 'json', ...args]);

/** Two months of a system log, the later one as version 1 left it. */
beforeAll(async () => {
  dataDir = await temporaryDirectory();
  const input = ['2026-03-05', '2026-04-05', '2026-04-06'].map((day, id) =>
    JSON.stringify({ id, time: `${day}T10:00:00Z`, apiKeyName: 'deploy', type: 'Database', description: 'created' }),
  );
  const source = ['--source', 'redis-cloud/system-log', '--account', '7'];
  const done = await runKeytrail(['ingest', '-', ...source, '--data-dir', dataDir], { input: input.join('\n') });
  expect(done.code, done.stderr).toBe(0);
  const { store, close } = await openEmbedded({ dataDir, mode: 'child' });
  await age(store, "toUInt16(1) AS schema_version, 'unknown' AS auth_result", "event.event_time >= '2026-04-01'");
  await age(store, "'older' AS network_edition", "event.event_time < '2026-04-01'");
  await close();
});

const wrong: [string[], string][] = [
  [['--from', '2026-13'], '--from is no month'],
  [['--to', 'March'], '--to is no month'],
  [['--from', '2026-05', '--to', '2026-04'], '--from is behind --to'],
];

describe('keytrail renormalise', () => {
  it.each(wrong)('%j is wrong use', async (args, message) => {
    const refused = await run(...args);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain(message);
  });

  it('shows what it would do, and does it afterwards, once', async () => {
    const plan = {
      month: '2026-04',
      source: 'redis-cloud/system-log',
      schema_version: 1,
      newest_version: NEWEST,
      network_edition: expect.stringMatching(/^ip-location-db /),
      rows: 2,
      action: 'normalise',
    };
    expect(rowsOf(await run('--dry-run'))).toEqual([plan]);
    expect(rowsOf(await run('--dry-run'))).toEqual([plan]);
    const done = { month: '2026-04', rows: 2, normalised: 2, kept: 0, done: 'rewritten' };
    expect(rowsOf(await run())).toMatchObject([done]);
    expect(rowsOf(await run())).toEqual([]);
    const asked = await runKeytrail(['sql', 'SELECT DISTINCT auth_result FROM activity', '--data-dir', dataDir]);
    expect(JSON.parse(asked.stdout)).toEqual({ auth_result: 'success' });
  });

  it('applies network data of another edition, to the months that are named', async () => {
    expect(rowsOf(await run('--network', '--from', '2026-04'))).toEqual([]);
    const [plan] = rowsOf(await run('--network', '--dry-run'));
    expect(plan).toMatchObject({ month: '2026-03', network_edition: 'older', action: 'network' });
    expect(rowsOf(await run('--network', '--to', '2026-03'))).toMatchObject([{ month: '2026-03', normalised: 0 }]);
    expect(rowsOf(await run('--network'))).toEqual([]);
  });

  it('has no network data to apply where addresses are not looked up', async () => {
    const env = { KEYTRAIL_ENRICH_ENABLED: 'false' };
    const refused = await runKeytrail(['renormalise', '--network', '--data-dir', dataDir], { env });
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('enrich.enabled');
  });
});
