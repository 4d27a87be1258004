import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { STORY } from '../../examples/generate.ts';
import { type Daemon, startDaemon, stopDaemon, tokenOf } from '../support/daemon.ts';
import { runKeytrail } from '../support/keytrail.ts';
import { CHROMIUM, demoFolder, open, settled, startBrowser, visit } from './support.ts';

const SECRET = 'sk-demo-7f3a9b1c5d2e8f60';

let browser: Browser;
let daemon: Daemon;
let admin: string;

describe.skipIf(CHROMIUM === undefined)('a leaked secret', () => {
  beforeAll(async () => {
    const dataDir = await demoFolder();
    const made = await runKeytrail(
      ['--data-dir', dataDir, 'keys', 'fingerprint', '--stdin', '--key', STORY.foreign.key],
      { input: SECRET },
    );
    expect(made.code, made.stderr).toBe(0);
    daemon = await startDaemon(dataDir, {}, ['--no-detections', '--log-level', 'debug']);
    admin = await tokenOf(dataDir, '--role', 'admin');
    browser = await startBrowser();
  });

  test('leads to its key, its owner and its use, and is found nowhere afterwards', async () => {
    const { page, complaints } = await visit(browser, { url: daemon.url, token: async () => admin });
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await open(page, '/leaked-secret');
    for (const pasted of [SECRET, `x-api-secret-key: "${SECRET}"`]) {
      await page.getByLabel('The value that was found').fill(pasted);
      await page.keyboard.press('Enter');
      await page.getByText('It is the key').waitFor();
      await settled(page);
      const told = await page.locator('main').textContent();
      for (const text of [STORY.foreign.key, 'elif@northwind.example', STORY.foreign.address])
        expect(told).toContain(text);
      await expect.poll(() => page.getByLabel('The value that was found').inputValue()).toBe('');
      expect(await page.content()).not.toContain(SECRET);
    }
    await page.getByLabel('The value that was found').fill(`${SECRET}x`);
    await page.keyboard.press('Enter');
    await page.getByText('Nothing is known of it').waitFor();
    expect(asked.filter((url) => url.includes(SECRET))).toEqual([]);
    expect(complaints).toEqual([]);
    const running = daemon.running;
    await stopDaemon(daemon);
    const { stdout, stderr } = await running.finished;
    expect(stderr).not.toContain(SECRET);
    expect(stdout).not.toContain(SECRET);
    expect(await holders(daemon.dataDir)).toEqual([]);
    const log = await runKeytrail(['--data-dir', daemon.dataDir, 'query', 'access-log', '--format', 'json']);
    expect(log.stdout).toContain('findLeakedSecret');
    expect(log.stdout).not.toContain(SECRET);
  });
});

/** Files that hold the value as it is. Parts of the store are compressed: what they hold is asked for besides. */
async function holders(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const name of await readdir(folder, { recursive: true })) {
    const file = path.join(folder, name);
    if ((await stat(file)).isFile() && (await readFile(file)).includes(SECRET)) found.push(name);
  }
  return found;
}
