import type { Browser } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { STORY } from '../../examples/generate.ts';
import type { Served } from '../http/support.ts';
import { temporaryStore } from '../support/store.ts';
import { delayed, STALLED_MS } from './slow-store.ts';
import { CHROMIUM, demoStore, open, params, serveConsole, settled, startBrowser, visit } from './support.ts';

let served: Served;
let browser: Browser;

describe.skipIf(CHROMIUM === undefined)('a question', () => {
  beforeAll(async () => {
    served = await serveConsole(await demoStore());
    browser = await startBrowser();
  });

  test('is found by a word, asked by a form, and asked the same by its link', async () => {
    const { page, complaints } = await visit(browser, served);
    await open(page, '/questions?last=30d');
    await page.keyboard.press('f');
    await page.keyboard.type('timeline of an address');
    await expect.poll(() => page.locator('.question-list li').count()).toBeGreaterThan(0);
    await page.getByLabel('Find a question').fill('ip-timeline');
    await expect.poll(() => page.locator('.question-list li').count()).toBe(1);
    await page.keyboard.press('Enter');
    await expect.poll(() => new URL(page.url()).pathname).toBe('/questions/ip-timeline');
    await page.getByLabel('address *').fill(STORY.foreign.address);
    await page.keyboard.press('Enter');
    await settled(page);
    expect(params(page)['param.source_ip']).toBe(STORY.foreign.address);
    const status = () => page.getByRole('status').first().textContent();
    await expect.poll(status).toMatch(/^\d+ rows$/);
    const rows = await status();
    await expect
      .poll(() => page.locator('pre.raw').first().textContent())
      .toContain(`--param source_ip=${STORY.foreign.address}`);
    const other = await visit(browser, served, { role: 'viewer' });
    await open(other.page, page.url());
    await expect.poll(() => other.page.getByRole('status').first().textContent()).toBe(rows);
    await expect.poll(() => other.page.getByLabel('address *').inputValue()).toBe(STORY.foreign.address);
    await page.goBack();
    await expect.poll(() => page.getByLabel('address *').inputValue()).toBe('');
    expect(complaints).toEqual([]);
  });

  test('tells a wrong value in its place, and asks nothing; what the page cannot know the daemon tells there', async () => {
    const { page } = await visit(browser, served);
    const asked: string[] = [];
    page.on('request', (request) => request.url().includes('/answer') && asked.push(request.url()));
    await open(page, '/questions/who-used-ip?last=30d');
    await page.getByRole('button', { name: 'Ask' }).click();
    await page.getByRole('alert').first().waitFor();
    await page.getByLabel('address *').fill('nowhere');
    await page.getByRole('button', { name: 'Ask' }).click();
    await expect.poll(() => page.getByRole('alert').first().textContent()).toContain('IPv4 or IPv6');
    expect(asked).toEqual([]);
    await page.getByLabel('address *').fill('999.1.1.1');
    await page.getByRole('button', { name: 'Ask' }).click();
    await expect.poll(() => page.locator('.question-form [role=alert]').textContent()).toContain('address');
    expect(asked.length).toBeGreaterThan(0);
    await open(page, '/questions/key-usage?last=30d&param.nothing=1');
    await expect.poll(() => page.getByRole('table').count()).toBe(1);
  });

  test('says how many rows its answer has before it is downloaded, and each form has that many', async () => {
    const { context, page } = await visit(browser, served);
    await open(page, '/questions/source-ip-usage?last=30d');
    await page.keyboard.press('e');
    const dialog = page.getByRole('dialog');
    const count = Number(/(\d+) rows/.exec((await dialog.textContent()) ?? '')?.[1]);
    expect(count).toBe(await page.locator('main tbody tr').count());
    for (const [name, rowsOf] of [
      ['CSV', (text: string) => text.trim().split('\r\n').length - 1],
      ['NDJSON', (text: string) => text.trim().split('\n').length],
      ['Parquet', (text: string) => (text.startsWith('PAR1') ? count : 0)],
    ] as const) {
      await dialog.getByRole('button', { name }).click();
      const href = (await dialog.getByRole('link', { name: 'Download' }).getAttribute('href')) ?? '';
      expect(rowsOf(await (await context.request.get(href)).text()), name).toBe(count);
    }
    const viewer = await visit(browser, served, { role: 'viewer' });
    await open(viewer.page, page.url());
    await viewer.page.keyboard.press('e');
    await expect.poll(() => viewer.page.getByRole('dialog').getByRole('note').textContent()).toContain('analyst');
    await expect.poll(() => viewer.page.getByRole('dialog').getByRole('link', { name: 'Download' }).count()).toBe(0);
  });

  test('says of its answer how far the record reaches, and shows its SQL', async () => {
    const { page } = await visit(browser, served);
    await open(page, '/questions/usage-by-day?last=30d');
    const footer = (await page.locator('.answer-footer').textContent()) ?? '';
    for (const part of ['asked of', 'data until', 'dead letters', 'conflicts']) expect(footer).toContain(part);
    expect(
      await page
        .getByRole('img', { name: /: at most \d+$/ })
        .locator('canvas')
        .count(),
    ).toBe(1);
    await expect.poll(() => page.locator('details pre').textContent()).toContain('FROM activity');
  });

  test('that does not exist says so, and leads to those that do', async () => {
    const { page } = await visit(browser, served);
    await open(page, '/questions/%3Cimg%20src=x%3E?last=30d');
    await expect.poll(() => page.locator('.empty').textContent()).toContain('<img src=x>');
    await page.getByRole('link', { name: 'All questions' }).click();
    await settled(page);
    await expect.poll(() => page.locator('.question-list li').count()).toBeGreaterThan(60);
  });

  test('that takes long says so and can be stopped; one that fails can be asked again', async () => {
    let delayMs = 0;
    let isBroken = false;
    const { store } = await temporaryStore('child');
    const strange = await serveConsole(store, {
      store: (of) =>
        delayed(
          of,
          () => delayMs,
          () => isBroken,
        ),
    });
    const { page } = await visit(browser, strange);
    delayMs = STALLED_MS;
    await page.goto('/questions/key-usage?last=30d');
    await page.getByRole('button', { name: 'Cancel' }).click();
    delayMs = 0;
    isBroken = true;
    await page.getByRole('button', { name: 'Ask again' }).click();
    const trouble = page.getByRole('alert');
    await trouble.waitFor();
    isBroken = false;
    await trouble.getByRole('button', { name: 'Try again' }).click();
    await settled(page);
    await expect.poll(() => page.locator('.empty').textContent()).toContain('no rows');
  });
});
