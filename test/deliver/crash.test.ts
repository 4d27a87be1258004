import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { Finding } from '../../src/core/findings/finding.ts';
import { migrate } from '../../src/store/migrations.ts';
import { openForTest, temporaryDirectory } from '../support/store.ts';
import { finding, receiver } from './support.ts';

const CHILD = fileURLToPath(new URL('crash-child.mjs', import.meta.url));
const SEEDS = 50;
const FINDINGS = 4;
const POINTS = ['deliver:begun', 'deliver:decided', 'deliver:sent', 'deliver:recorded'] as const;

const dataDir = await temporaryDirectory();
const opened = await openForTest({ dataDir, mode: 'in-process' });
await migrate(opened.store);
const hook = await receiver();
const key = randomBytes(32).toString('base64');

/** @returns the exit code; null where it was killed, at the point or when its time was over */
async function run(findings: readonly Finding[], pause: string, killAfterMs?: number): Promise<number | null> {
  const given = { dataDir, url: hook.url.href, key, pause, findings };
  const child = spawn(process.execPath, [CHILD, JSON.stringify(given)], { stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (text.includes('paused')) child.kill('SIGKILL');
    else if (text.includes('stored') && killAfterMs !== undefined) {
      setTimeout(() => child.kill('SIGKILL'), killAfterMs);
    }
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return code;
}

it(`kill -9 anywhere between storing and recording loses no alert, and a second copy has the same key (${SEEDS} seeds)`, async () => {
  let killed = 0;
  const points = new Set<string>();
  for (let seed = 0; seed < SEEDS; seed++) {
    const point = POINTS[seed % POINTS.length] ?? POINTS[0];
    const times = point === 'deliver:sent' || point === 'deliver:recorded' ? 1 + (seed % (2 * FINDINGS)) : 1;
    const findings = Array.from({ length: FINDINGS }, (_, at) => finding(`s${seed}-${at}`));
    const isTimed = seed % 5 === 4;
    const code = isTimed ? await run(findings, '', seed) : await run(findings, `${point}:${times}`);
    if (code === null) {
      killed++;
      points.add(isTimed ? 'timed' : point);
    }
  }
  // Each one that was killed is followed by the next, which sends what it left; the last one may end by itself.
  expect(await run([], '')).toBe(0);
  expect(killed).toBeGreaterThan(SEEDS / 2);
  expect([...points].sort()).toEqual([...POINTS, 'timed'].sort());

  const copies = new Map<string, Set<string>>();
  for (const { headers, body } of hook.received) {
    const { finding_info } = JSON.parse(body) as { finding_info: { uid: string } };
    copies.set(finding_info.uid, (copies.get(finding_info.uid) ?? new Set()).add(String(headers['webhook-id'])));
  }
  expect(copies.size).toBe(SEEDS * FINDINGS);
  // Two channels lead to the one receiver: each finding came under two keys, however many copies there are.
  expect([...copies.values()].filter((ids) => ids.size !== 2)).toEqual([]);
  expect(hook.received.length).toBeGreaterThan(SEEDS * FINDINGS * 2);
  expect(hook.received.length).toBeLessThan(SEEDS * FINDINGS * 4);
});
