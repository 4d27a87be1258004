/** The `curl` commands of README and docs, as they stand there, against a daemon. */
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { pusherOf, startDaemon, stopDaemon, tokenOf } from '../support/daemon.ts';
import { temporaryDirectory } from '../support/store.ts';
import { systemLogEntry } from '../support/take-in.ts';

const run = promisify(execFile);
const PAGES = ['README.md', 'docs/serve.md'];

async function commands(): Promise<string[]> {
  const found: string[] = [];
  for (const page of PAGES) {
    const text = await readFile(new URL(`../../${page}`, import.meta.url), 'utf8');
    for (const [, block = ''] of text.matchAll(/^```sh\n([\s\S]*?)^```/gm)) {
      found.push(...block.split('\n').filter((line) => line.startsWith('curl ')));
    }
  }
  return [...new Set(found)];
}

test('every curl command is answered', async () => {
  const folder = await temporaryDirectory();
  const daemon = await startDaemon(path.join(folder, 'data'));
  const PUSH_TOKEN = await pusherOf(daemon.dataDir);
  const TOKEN = await tokenOf(daemon.dataDir, '--role', 'analyst');
  await writeFile(path.join(folder, 'entries.ndjson'), [1, 2, 3].map((id) => systemLogEntry(id)).join('\n'));
  const env = { ...process.env, KEYTRAIL: daemon.url, PUSH_TOKEN, TOKEN };
  const answers = new Map<string, string>();
  for (const command of await commands()) {
    const { stdout } = await run('bash', ['-c', command], { cwd: folder, env });
    answers.set(command, stdout);
  }
  expect(answers.size).toBeGreaterThanOrEqual(4);
  const [pushed = '', usage = '', failures = '', sql = ''] = [...answers.values()];
  expect(JSON.parse(pushed)).toMatchObject({ received: 3, dead_letters: 0 });
  // Left open where counting takes longer than a moment, and never wrong.
  expect([3, null]).toContain(JSON.parse(pushed).new);
  expect(JSON.parse(usage)).toHaveProperty('rows');
  expect(JSON.parse(failures)).toMatchObject({ events: [] });
  expect(sql.trim().split('\n')).toHaveLength(3);
  expect(await stopDaemon(daemon)).toBe(0);
});
