import type { Browser } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Served } from '../http/support.ts';
import { fileReports, fillWorld, SCHEDULES } from '../http/world.ts';
import { temporaryStore } from '../support/store.ts';
import { CHROMIUM, ENDLESS_PAUSES, open, serveConsole, settled, startBrowser, visit } from './support.ts';

let served: Served;
let browser: Browser;

describe.skipIf(CHROMIUM === undefined)('reports', () => {
  beforeAll(async () => {
    const { store } = await temporaryStore('child');
    await fillWorld(store);
    await fileReports(store);
    served = await serveConsole(store, { schedules: SCHEDULES });
    browser = await startBrowser();
  });

  test('say when the next ones come, and which did not arrive', async () => {
    const { page, complaints } = await visit(browser, served, { role: 'viewer' });
    await open(page, '/reports');
    await expect.poll(() => page.locator('.sentence').textContent()).toMatch(/\d+ deliver(?:y|ies) did not arrive/);
    const schedules = page.locator('.table-wrap[aria-label="Schedules"]').locator('tbody tr');
    await expect.poll(() => schedules.count()).toBe(SCHEDULES.length);
    const undelivered = page.locator('.table-wrap[aria-label="Reports that were not delivered"]');
    await expect.poll(() => undelivered.locator('tbody tr').count()).toBeGreaterThan(0);
    await expect.poll(() => undelivered.getByRole('button', { name: /^Send/ }).first().isDisabled()).toBe(true);
    expect(complaints).toEqual([]);
  });

  test('that did not arrive are sent again by an admin', async () => {
    const { page } = await visit(browser, served);
    // What is said of it goes away by itself, maybe before it was looked for.
    await page.addInitScript({ content: ENDLESS_PAUSES });
    await open(page, '/reports');
    await page.getByRole('button', { name: /^Send/ }).first().click();
    await page.getByText(/will be sent again/).waitFor();
    expect(served.deeds.some(({ target, status }) => target === 'resendReport' && status === 200)).toBe(true);
  });

  test('are made now, read section by section, and written as files', async () => {
    const { context, page, complaints } = await visit(browser, served, { role: 'analyst' });
    await open(page, '/reports');
    await page.keyboard.press('n');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Report').selectOption('key-usage');
    await dialog.getByLabel('Period').fill('2026-13');
    await dialog.getByRole('button', { name: 'Make it' }).click();
    await expect.poll(() => dialog.locator('.trouble').textContent()).toContain('PERIOD_INVALID');
    await dialog.getByLabel('Period').fill('2026-03');
    await page.keyboard.press('Enter');
    await expect.poll(() => new URL(page.url()).pathname).toMatch(/^\/reports\/[0-9a-f]{32}$/);
    await settled(page);
    await expect.poll(() => page.getByRole('heading', { level: 1 }).textContent()).toContain('2026-03');
    await expect.poll(() => page.locator('section.panel').count()).toBeGreaterThan(3);
    for (const name of ['Excel', 'CSV', 'Markdown', 'HTML', 'JSON']) {
      const href = (await page.getByRole('link', { name, exact: true }).getAttribute('href')) ?? '';
      const response = await context.request.get(href);
      expect(response.status(), name).toBe(200);
      expect((await response.body()).length, name).toBeGreaterThan(100);
    }
    const again = page.getByRole('link', { name: 'Ask it again' }).first();
    await again.click();
    await settled(page);
    expect(new URL(page.url()).pathname).toMatch(/^\/questions\//);
    expect(new URL(page.url()).searchParams.get('from')).toBe('2026-03-01T00:00:00Z');
    await expect.poll(() => page.locator('.trouble').count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  test('are made by nobody who may only look, and one that is not there says so', async () => {
    const { page } = await visit(browser, served, { role: 'viewer' });
    await open(page, '/reports?do=run%3Akey-usage');
    await expect.poll(() => page.getByRole('dialog').getByRole('note').textContent()).toContain('analyst');
    await expect.poll(() => page.getByRole('dialog').getByRole('button', { name: 'Make it' }).count()).toBe(0);
    for (const id of ['0'.repeat(32), 'nothing', '%3Cb%3E']) {
      await open(page, `/reports/${id}`);
      await expect.poll(() => page.locator('.empty').textContent()).toContain('no such report');
    }
    const empty = await serveConsole((await temporaryStore('child')).store);
    const other = await visit(browser, empty);
    await open(other.page, '/reports');
    await expect.poll(() => other.page.locator('.empty').count()).toBe(2);
  });
});
