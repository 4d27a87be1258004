import type { Browser, Page } from 'playwright-core';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Store } from '../../src/store/store.ts';
import type { Served } from '../http/support.ts';
import { temporaryStore } from '../support/store.ts';
import { systemLogEntry, takeIn } from '../support/take-in.ts';
import { CHROMIUM, open, params, serveConsole, settled, startBrowser, stranger, visit } from './support.ts';

let store: Store;
let served: Served;
let browser: Browser;

const events = async () => Number((await store.rows<{ n: string }>('SELECT count() AS n FROM activity'))[0]?.n);
const letters = (page: Page) => page.getByRole('region', { name: 'Dead letters' }).locator('tbody tr');
const sentence = async (page: Page) => (await page.locator('.sentence').first().textContent()) ?? '';

describe.skipIf(CHROMIUM === undefined)('the ingest', () => {
  beforeAll(async () => {
    ({ store } = await temporaryStore('child'));
    served = await serveConsole(store);
    browser = await startBrowser();
  });

  beforeEach(async () => {
    for (const table of ['audit_events', 'dead_letters', 'dead_letter_log', 'ledger']) {
      await store.command(`TRUNCATE TABLE ${table}`);
    }
  });

  const refuse = async (): Promise<void> => {
    await takeIn(
      store,
      [0, 1, 2].map((id) => systemLogEntry(id)),
      { stream: 'file:/var/log/redis.ndjson' },
    );
    await takeIn(store, [`{"nobody": "<img src=x onerror='document.title=1'>${'W'.repeat(500)}"}`], {
      stream: 'file:strange',
    });
  };

  test('of nothing says what would bring something', async () => {
    const { page, complaints } = await visit(browser, served);
    for (const tab of ['streams', 'letters', 'collectors', 'ledger', 'parts']) {
      await open(page, `/ingest?tab=${tab}`);
      expect(await page.locator('main pre').first().textContent(), tab).toContain('keytrail ingest');
    }
    expect(complaints).toEqual([]);
  });

  test('says what is missing, why, and where; one letter is read whole, and its link shows it', async () => {
    await refuse();
    const { page, complaints } = await visit(browser, served, { role: 'viewer' });
    await open(page, '/ingest?last=30d');
    await expect.poll(() => sentence(page)).toContain('4 records are kept as dead letters');
    await page.locator('.sentence').getByRole('link', { name: '4 records' }).click();
    await settled(page);
    await expect.poll(() => letters(page).count()).toBe(4);
    await page.getByLabel('Reason').selectOption('unrecognised-source');
    await settled(page);
    await expect.poll(() => letters(page).count()).toBe(1);
    await page.keyboard.press('Escape');
    await page.locator('main').focus();
    await page.keyboard.press('j');
    await page.keyboard.press('o');
    const drawer = page.getByRole('complementary');
    await expect.poll(() => drawer.textContent()).toContain("<img src=x onerror='document.title=1'>");
    await settled(page);
    const other = await visit(browser, served, { role: 'viewer' });
    await open(other.page, page.url());
    await expect.poll(() => other.page.getByRole('complementary').textContent()).toBe(await drawer.textContent());
    await expect.poll(() => page.locator('main img').count()).toBe(0);
    await page.keyboard.press('Escape');
    await expect.poll(() => params(page).open).toBeUndefined();
    expect(complaints).toEqual([]);
  });

  test('claims nothing of dead letters before it knows of them', async () => {
    await refuse();
    const { page } = await visit(browser, served, { role: 'viewer' });
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route(/\/api\/v1\/dead-letters\?/, async (route) => {
      await held;
      await route.continue();
    });
    await page.goto('/ingest?last=30d');
    await expect.poll(() => sentence(page)).toContain('The record reaches to');
    expect(await sentence(page)).not.toContain('Everything');
    release();
    await expect.poll(() => sentence(page)).toContain('4 records are kept as dead letters');
  });

  test('letters are tried before they are replayed, and become their events once', async () => {
    await refuse();
    const { page } = await visit(browser, served, { role: 'analyst' });
    await open(page, '/ingest?tab=letters&last=30d');
    for (const box of await page.getByRole('checkbox').all()) {
      const row = box.locator('xpath=ancestor::tr');
      if ((await row.textContent())?.includes('account-missing')) await box.check();
    }
    await page.getByRole('button', { name: 'Replay 3 …' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Try it' }).click();
    await expect.poll(() => dialog.getByRole('status').textContent()).toContain('0 of 3 letters would become 0 events');
    await dialog.getByLabel('Account').fill('A1');
    await expect.poll(() => dialog.getByRole('status').textContent()).toBe('');
    await dialog.getByRole('button', { name: 'Try it' }).click();
    await expect.poll(() => dialog.getByRole('status').textContent()).toContain('3 of 3 letters would become 3 events');
    expect(await events()).toBe(0);
    await dialog.getByRole('button', { name: 'Replay 3 letters' }).click();
    await expect.poll(() => dialog.getByRole('status').textContent()).toContain('3 of 3 letters became 3 events');
    await dialog.getByRole('button', { name: 'Done' }).click();
    await settled(page);
    expect(await events()).toBe(3);
    await expect.poll(() => sentence(page)).toContain('1 record is kept');
    // Somebody else, who still has the letters before him, replays them as well.
    const [letter] = await store.rows<{ hash: string }>(
      "SELECT lower(hex(content_hash)) AS hash FROM dead_letters WHERE reason = 'account-missing' LIMIT 1",
    );
    await page.request.post('/api/v1/dead-letters/replay', {
      data: { letters: [letter?.hash], account: 'A1' },
      headers: { 'X-Keytrail-Request': 'test' },
    });
    expect(await events()).toBe(3);
    await open(page, `/ingest?tab=letters&open=${letter?.hash}%3Aaccount-missing&last=30d`);
    await page
      .getByRole('complementary')
      .getByRole('link', { name: /the event/ })
      .click();
    await settled(page);
    expect(new URL(page.url()).pathname).toBe('/search');
    await expect.poll(() => page.getByRole('complementary').textContent()).toContain('Database');
  });

  test('who may only look is told so before anything, and nothing is done', async () => {
    await refuse();
    const { page } = await visit(browser, served, { role: 'viewer' });
    await open(page, '/ingest?tab=letters&last=30d');
    await page.getByRole('button', { name: /^Replay 4/ }).click();
    const dialog = page.getByRole('dialog');
    await expect.poll(() => dialog.getByRole('note').textContent()).toContain('analyst');
    await expect.poll(() => dialog.getByRole('button', { name: 'Try it' }).count()).toBe(0);
    await page.keyboard.press('Escape');
    await open(page, '/ingest?tab=parts');
    await page.getByRole('button', { name: 'Restart store' }).click();
    await expect.poll(() => page.getByRole('dialog').getByRole('note').textContent()).toContain('admin');
    expect(await events()).toBe(0);
  });

  test('a link to a letter that is not there says so', async () => {
    await refuse();
    const { page, complaints } = await visit(browser, served);
    for (const name of [`${'0'.repeat(32)}:invalid-json`, '<script>', 'x']) {
      await open(page, `/ingest?tab=letters&${new URLSearchParams({ open: name })}`);
      await expect
        .poll(() => page.getByRole('complementary').textContent(), { message: name })
        .toContain('no such letter');
    }
    expect(complaints).toEqual([]);
  });

  test('blocks of a stream are told from the ledger, and gaps are not overlooked', async () => {
    await refuse();
    await store.command(
      `INSERT INTO ledger SELECT * REPLACE (generateUUIDv4() AS block_id, 'gap' AS kind, 100 AS position_from,
         150 AS position_to, 0 AS received, 0 AS dead_letters) FROM ledger WHERE stream = 'file:strange'`,
    );
    const { page } = await visit(browser, served);
    await open(page, '/ingest?last=30d');
    await expect.poll(() => sentence(page)).toContain('50 positions were gone before they could be read');
    await page.getByRole('link', { name: 'file:strange' }).click();
    await settled(page);
    const rows = page.getByRole('region', { name: 'Ledger' }).locator('tbody tr');
    await expect.poll(() => rows.count()).toBe(2);
    expect((await rows.allTextContents()).filter((text) => text.includes('gap: lost'))).toHaveLength(1);
  });

  test('is told to a token of one account as far as it belongs to that account', async () => {
    await refuse();
    const context = await stranger(browser, served);
    const token = await served.token('admin', { accounts: ['A1'] });
    await context.request.post('/session', { headers: { authorization: `Bearer ${token}` } });
    const page = await context.newPage();
    for (const tab of ['letters', 'ledger', 'parts']) {
      await open(page, `/ingest?tab=${tab}`);
      await expect.poll(() => page.locator('main').textContent()).not.toContain('strange');
      expect(await page.locator('.trouble').count(), tab).toBe(0);
    }
    await context.close();
  });
});
