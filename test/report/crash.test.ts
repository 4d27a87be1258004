import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { migrate } from '../../src/store/migrations.ts';
import { receiver } from '../deliver/support.ts';
import { openForTest, temporaryDirectory } from '../support/store.ts';

const CHILD = fileURLToPath(new URL('crash-child.mjs', import.meta.url));
const SEEDS = 50;
/** One for all, and one for each of two owners. */
const DOCUMENTS = 3;
const CHANNELS = 2;
const POINTS = ['report:made', 'report:stored', 'report:settled', 'report:sent', 'report:recorded'] as const;
const DAY_MS = 86_400_000;
const BEGIN = Date.parse('2026-01-01T12:00:00Z');

const dataDir = await temporaryDirectory();
const folder = await temporaryDirectory();
const opened = await openForTest({ dataDir, mode: 'in-process' });
await migrate(opened.store);
const hook = await receiver();

/** @returns the exit code; null where it was killed, at the point or when its time was over */
async function run(now: number, pause: string, killAfterMs?: number): Promise<number | null> {
  const given = { dataDir, folder, url: hook.url.href, pause, now };
  const child = spawn(process.execPath, [CHILD, JSON.stringify(given)], { stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (text.includes('paused')) child.kill('SIGKILL');
    else if (text.includes('working') && killAfterMs !== undefined) {
      setTimeout(() => child.kill('SIGKILL'), killAfterMs);
    }
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return code;
}

it(`kill -9 anywhere between making, storing, handing over and recording loses no report, and makes none twice (${SEEDS} seeds)`, async () => {
  // The schedules become known; what comes due after that is theirs.
  expect(await run(BEGIN, '')).toBe(0);
  let killed = 0;
  const points = new Set<string>();
  for (let seed = 0; seed < SEEDS; seed++) {
    const point = POINTS[seed % POINTS.length] ?? POINTS[0];
    const times = point === 'report:settled' ? 1 + (seed % 2) : 1 + (seed % DOCUMENTS);
    const isTimed = seed % 7 === 6;
    const now = BEGIN + (seed + 1) * DAY_MS;
    const code = isTimed ? await run(now, '', seed) : await run(now, `${point}:${times}`);
    if (code === null) {
      killed++;
      points.add(isTimed ? 'timed' : point);
    }
    // Each one that was killed is followed by the next, which makes and sends what it left; now and then one comes to
    // its end, or more periods would be missed than are made up for.
    if (seed % 6 === 5) expect(await run(now, '')).toBe(0);
  }
  expect(await run(BEGIN + SEEDS * DAY_MS, '')).toBe(0);
  expect(killed).toBeGreaterThan(SEEDS / 2);
  expect([...points].sort()).toEqual([...POINTS, 'timed'].sort());

  // No report was lost, and none was made twice with other words.
  const stored = await opened.store.rows<{ summary: string }>('SELECT summary FROM report_documents FINAL');
  expect(stored).toHaveLength(SEEDS * DOCUMENTS);
  const told = new Map<string, Set<string>>();
  for (const { headers, body } of hook.received) {
    const id = String(headers['webhook-id']);
    const { report } = JSON.parse(body) as { report: { summary: string } };
    told.set(id, (told.get(id) ?? new Set()).add(report.summary));
  }
  expect(told.size).toBe(SEEDS * DOCUMENTS);
  expect([...told.values()].filter((summaries) => summaries.size !== 1)).toEqual([]);
  const sent = [...told.values()].flatMap((summaries) => [...summaries]).sort();
  expect(sent).toEqual(stored.map(({ summary }) => summary).sort());
  // Some were handed over twice, or no crash fell where it matters; each copy had the key of the first.
  expect(hook.received.length).toBeGreaterThan(SEEDS * DOCUMENTS);

  // A folder for each, whole, and saying what is stored.
  const folders = (await readdir(folder)).filter((one) => !one.startsWith('.'));
  expect(folders).toHaveLength(SEEDS * DOCUMENTS);
  const kept = await Promise.all(folders.map((one) => readFile(join(folder, one, 'report.markdown'), 'utf8')));
  expect(kept.sort()).toEqual(sent);

  const open = await opened.store.rows<{ left: number }>(
    `SELECT toFloat64(countIf(last != 'delivered')) AS left FROM
     (SELECT toString(argMax(result, attempt)) AS last FROM report_deliveries GROUP BY message)`,
  );
  expect(open).toEqual([{ left: 0 }]);
  const rows = await opened.store.rows<{ messages: number }>(
    'SELECT toFloat64(uniqExact(message)) AS messages FROM report_deliveries',
  );
  expect(rows).toEqual([{ messages: SEEDS * DOCUMENTS * CHANNELS }]);
});
