import type { Browser } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Daemon, lastingAddress, push, pusherOf, startDaemon, stopDaemon, tokenOf } from '../support/daemon.ts';
import { temporaryDirectory, temporaryStore } from '../support/store.ts';
import { heldLedger } from './slow-store.ts';
import { CHROMIUM, open, params, serveConsole, startBrowser, TWO_FRAMES, visit } from './support.ts';

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
    const flags = ['--no-detections', '--listen', await lastingAddress()];
    daemon = await startDaemon(await temporaryDirectory(), {}, flags);
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

  test('says that it listens once nothing more can pass unseen, and not before', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { store } = await temporaryStore('child');
    const served = await serveConsole(store, { store: (of) => heldLedger(of, held) });
    const { page } = await visit(browser, served);
    const begun = page.waitForResponse('**/api/v1/events/tail?*');
    await page.goto('/tail');
    await begun;
    await page.evaluate(TWO_FRAMES);
    expect(await page.locator('main').textContent()).toContain('connecting');
    release();
    await page.getByText('listening').waitFor();
  });

  test('shows an event once, though the stream was cut between it and the place behind it', async () => {
    const { page } = await visit(browser, { url: daemon.url, token: async () => viewer });
    const one = `event: event\ndata: ${JSON.stringify({ event_id: 'one', event_time: '2026-03-05T10:00:00Z' })}\n\n`;
    const place = (id: string): string => `id: ${id}\nevent: place\ndata: {}\n\n`;
    const asked: (string | null)[] = [];
    await page.route('**/api/v1/events/tail?*', async (route) => {
      const from = new URL(route.request().url()).searchParams.get('place');
      asked.push(from);
      // Whoever goes on behind the event is let wait.
      const body = from === null ? `${place('a')}${one}` : `${one}${place('b')}`;
      if (from !== 'b') await route.fulfill({ contentType: 'text/event-stream', body });
    });
    await page.goto('/tail');
    await expect.poll(() => asked).toEqual([null, 'a', 'b']);
    await expect.poll(() => page.locator('.list-row').count()).toBe(1);
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
