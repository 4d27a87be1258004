import type { Browser } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Store } from '../../src/store/store.ts';
import { lastingAddress, startDaemon, stopDaemon, tokenOf } from '../support/daemon.ts';
import { temporaryDirectory, temporaryStore } from '../support/store.ts';
import { delayed, STALLED_MS } from './slow-store.ts';
import {
  CHROMIUM,
  demoStore,
  ENDLESS_PAUSES,
  open,
  params,
  serveConsole,
  settled,
  startBrowser,
  TWO_FRAMES,
  visit,
} from './support.ts';

let browser: Browser;

describe.skipIf(CHROMIUM === undefined)('the console', () => {
  beforeAll(async () => {
    browser = await startBrowser();
  });

  test('of an empty store says what would bring something in, and each page says that nothing is there', async () => {
    const served = await serveConsole((await temporaryStore('child')).store);
    const { page, complaints } = await visit(browser, served);
    await open(page, '/');
    await expect.poll(() => page.locator('main pre').textContent()).toContain('keytrail ingest');
    await open(page, '/search');
    await expect.poll(() => page.locator('.empty').count()).toBe(1);
    await open(page, '/tail');
    await expect.poll(() => page.locator('.empty').count()).toBe(1);
    expect(complaints).toEqual([]);
  });

  test('of a slow store shows how long it takes, can be told to stop, and asks again', async () => {
    let delayMs = 0;
    const { store } = await temporaryStore('child');
    const slow = (of: Store): Store => delayed(of, () => delayMs);
    const served = await serveConsole(store, { store: slow });
    const { page } = await visit(browser, served);
    delayMs = STALLED_MS;
    await page.goto('/search');
    const histogram = page.locator('.search-found > .panel-body');
    const cancel = histogram.getByRole('button', { name: 'Cancel' });
    await cancel.waitFor();
    await expect.poll(() => histogram.locator('.waiting').textContent()).toMatch(/\d\.\d s so far/);
    // What can be done without the store still works.
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await cancel.click();
    const again = histogram.getByRole('button', { name: 'Ask again' });
    await again.waitFor();
    delayMs = 0;
    await again.click();
    await expect.poll(() => histogram.locator('.chart').count()).toBe(1);
  });

  test('asks first for what a page begins with, and for the rest once that is there', async () => {
    const served = await serveConsole(await demoStore());
    for (const [path, first, others] of [
      ['/', '/api/v1/overview', ['/api/v1/newcomers', '/api/v1/completeness']],
      ['/keys/ci-deploy', '/api/v1/events/profile', ['/api/v1/newcomers', '/api/v1/events/addresses']],
      ['/apps/orders', '/api/v1/events/profile', ['/api/v1/newcomers', '/api/v1/apps/orders']],
    ] as const) {
      const { context, page } = await visit(browser, served);
      const asked: string[] = [];
      page.on('request', (one) => asked.push(new URL(one.url()).pathname));
      let release = (): void => undefined;
      const held = new Promise<void>((resolve) => {
        release = resolve;
      });
      await page.route(`**${first}?*`, async (route) => {
        await held;
        await route.continue();
      });
      await page.goto(`${path}?last=30d`);
      await expect.poll(() => asked).toContain(first);
      await page.evaluate(TWO_FRAMES);
      expect(asked.filter((one) => others.some((other) => other === one))).toEqual([]);
      release();
      for (const other of others) await expect.poll(() => asked).toContain(other);
      await settled(page);
      await context.close();
    }
  });

  test('whose daemon stops keeps what it shows, says so, and goes on when the daemon is back', async () => {
    const dataDir = await temporaryDirectory();
    const flags = ['--no-detections', '--listen', await lastingAddress()];
    const first = await startDaemon(dataDir, {}, flags);
    const token = await tokenOf(dataDir, '--role', 'viewer');
    const { page, complaints } = await visit(browser, { url: first.url, token: async () => token });
    // It would try by itself, and ask for a token before the button is reached.
    await page.addInitScript({ content: ENDLESS_PAUSES });
    await open(page, '/search?last=7d&only.key_id=a');
    const address = page.url();
    await stopDaemon(first);
    await page.getByRole('button', { name: '30d' }).click();
    await page.locator('.banner').waitFor();
    await expect.poll(() => page.locator('.chip').count()).toBe(1);
    const again = await startDaemon(dataDir, {}, flags);
    await page.getByRole('button', { name: 'Try now' }).click();
    // Sessions live as long as their daemon.
    await page.getByRole('dialog', { name: 'Your session has ended' }).waitFor();
    await page.getByLabel('Token').fill(token);
    await page.keyboard.press('Enter');
    await settled(page);
    await expect.poll(() => page.locator('.banner').count()).toBe(0);
    expect(params(page).last).toBe('30d');
    await page.goBack();
    expect(page.url()).toBe(address);
    await settled(page);
    expect(complaints).toEqual([]);
    await stopDaemon(again);
  });
});
