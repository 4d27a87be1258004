import type { Browser } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Daemon, push, pusherOf, startDaemon, stopDaemon, tokenOf } from '../support/daemon.ts';
import { temporaryDirectory } from '../support/store.ts';
import { CHROMIUM, open, params, startBrowser, visit } from './support.ts';

let browser: Browser;
let daemon: Daemon;
let pusher: string;
let viewer: string;

/** Lets a test say when the next frame comes. */
const HELD_FRAMES = `
  const held = [];
  let isHolding = false;
  const really = requestAnimationFrame;
  window.requestAnimationFrame = (callback) => (isHolding ? -held.push(callback) : really(callback));
  window.heldFrames = {
    begin: () => { isHolding = true; },
    end: () => { isHolding = false; for (const callback of held.splice(0)) really(callback); },
  };
`;

const ids = (from: number, count: number): number[] => Array.from({ length: count }, (_, at) => from + at);

describe.skipIf(CHROMIUM === undefined)('the live tail', () => {
  beforeAll(async () => {
    daemon = await startDaemon(await temporaryDirectory(), {}, ['--no-detections']);
    pusher = await pusherOf(daemon.dataDir);
    viewer = await tokenOf(daemon.dataDir, '--role', 'viewer');
    browser = await startBrowser();
  });

  test('a key goes to the line below the selected one, though another line comes above them in the same frame', async () => {
    const { page } = await visit(browser, { url: daemon.url, token: async () => viewer });
    await page.addInitScript({ content: HELD_FRAMES });
    await open(page, '/tail');
    await page.getByText('listening').waitFor();
    const lines = page.locator('.list-row');
    await push(daemon, pusher, ids(21, 3));
    await expect.poll(() => lines.count()).toBe(3);
    const selected = () => page.locator('.list-row[aria-selected=true]').getAttribute('aria-rowindex');
    await page.locator('main').focus();
    await page.keyboard.press('j');
    await expect.poll(selected).toBe('1');
    await page.evaluate('heldFrames.begin()');
    await page.keyboard.press('j');
    await push(daemon, pusher, ids(24, 1));
    await expect.poll(() => lines.count()).toBe(4);
    await page.evaluate('heldFrames.end()');
    await expect.poll(selected).toBe('3');
  });

  test('shows what is stored, holds on demand, opens an event, and goes on where it was cut', async () => {
    const { page, complaints } = await visit(browser, { url: daemon.url, token: async () => viewer });
    await open(page, '/tail');
    await page.getByText('listening').waitFor();
    const list = page.getByRole('grid');
    const count = async (): Promise<number> =>
      (await list.count()) === 0 ? 0 : Number(await list.getAttribute('aria-rowcount'));
    expect((await push(daemon, pusher, ids(1, 5))).status).toBe(202);
    await expect.poll(count).toBe(5);
    await page.locator('main').focus();
    await page.keyboard.press('Space');
    await push(daemon, pusher, ids(6, 5));
    await page.getByText('5 newer events waiting').waitFor();
    expect(await count()).toBe(5);
    await page.keyboard.press('j');
    await page.keyboard.press('o');
    await page.getByRole('complementary').waitFor();
    expect(params(page).event).toMatch(/^redis-cloud\/system-log 1 /);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Space');
    await expect.poll(count).toBe(10);
    const { host } = new URL(daemon.url);
    await stopDaemon(daemon);
    daemon = await startDaemon(daemon.dataDir, {}, ['--no-detections', '--listen', host]);
    // What is stored while nobody listens is told as well: the tail has a place, and goes on from it.
    await push(daemon, pusher, ids(11, 3));
    await page.getByRole('dialog', { name: 'Your session has ended' }).waitFor();
    await page.getByLabel('Token').fill(viewer);
    await page.keyboard.press('Enter');
    await expect.poll(count).toBe(13);
    expect(complaints).toEqual([]);
    await stopDaemon(daemon);
  });
});
