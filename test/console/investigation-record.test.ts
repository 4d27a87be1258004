/**
 * An investigation from start to finish: a file of the console's own log was read without its account. Is the record
 * complete? What was refused, and why? Once the account is named, the records are in it, and who did what is known.
 */
import type { Browser, Page } from 'playwright-core';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Store } from '../../src/store/store.ts';
import type { Served } from '../http/support.ts';
import { openForTest } from '../support/store.ts';
import { systemLogEntry, takeIn } from '../support/take-in.ts';
import { Steps } from './steps.ts';
import { CHROMIUM, demoFolder, open, serveConsole, startBrowser, visit } from './support.ts';

const STEPS_MAX = 11;
const ENTRIES = 5;

let store: Store;
let served: Served;
let browser: Browser;

const sentence = async (page: Page) => (await page.locator('.sentence').first().textContent()) ?? '';
const events = async () =>
  Number(
    (
      await store.rows<{ n: string }>(
        "SELECT count() AS n FROM activity WHERE account_id = '1001' AND key_id LIKE 'key-%'",
      )
    )[0]?.n,
  );

describe.skipIf(CHROMIUM === undefined)('is the record complete?', () => {
  beforeAll(async () => {
    browser = await startBrowser();
  });

  beforeEach(async () => {
    ({ store } = await openForTest({ dataDir: await demoFolder(), mode: 'child' }));
    const time = new Date(Date.now() - 3_600_000).toISOString();
    const entries = Array.from({ length: ENTRIES }, (_, id) => systemLogEntry(id, { time }));
    await takeIn(store, entries, { stream: 'file:/exports/console-log.ndjson' });
    served = await serveConsole(store);
  });

  test('by keyboard', async () => {
    const { page, complaints } = await visit(browser, served, { role: 'analyst' });
    await open(page, '/?last=24h');
    const steps = new Steps(page);
    await steps.press('g d');
    await expect.poll(() => sentence(page)).toContain(`${ENTRIES} records are kept as dead letters`);
    await steps.press('2');
    await steps.press('j');
    await steps.press('o');
    await expect
      .poll(() => page.getByRole('complementary').textContent())
      .toContain('name the account that it belongs to');
    await steps.press('p');
    await steps.type('1001');
    await steps.press('Enter');
    const outcome = page.getByRole('dialog').getByRole('status');
    await expect.poll(() => outcome.textContent()).toContain(`${ENTRIES} of ${ENTRIES} letters would become`);
    expect(await events()).toBe(0);
    await steps.press('Enter');
    await expect.poll(() => outcome.textContent()).toContain(`${ENTRIES} letters became ${ENTRIES} events`);
    await steps.press('Enter');
    await expect.poll(() => sentence(page)).toContain('Everything that was received is in the record');
    await expect.poll(() => page.getByRole('complementary').textContent()).toContain('became');
    expect(await events()).toBe(ENTRIES);
    expect(steps.done.length, steps.done.join('\n')).toBeLessThanOrEqual(STEPS_MAX);
    expect(complaints).toEqual([]);
  });

  test('by mouse', async () => {
    const { page, complaints } = await visit(browser, served, { role: 'analyst' });
    await open(page, '/?last=24h');
    const steps = new Steps(page);
    await steps.click(page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Ingest' }));
    await expect.poll(() => sentence(page)).toContain(`${ENTRIES} records are kept as dead letters`);
    await steps.click(page.locator('.sentence').getByRole('link', { name: `${ENTRIES} records` }));
    await steps.click(page.getByRole('link', { name: 'account-missing' }).first());
    await expect
      .poll(() => page.getByRole('complementary').textContent())
      .toContain('name the account that it belongs to');
    await steps.click(page.getByRole('button', { name: `Replay ${ENTRIES} …` }));
    const dialog = page.getByRole('dialog');
    await steps.click(dialog.getByLabel('Account'));
    await steps.type('1001');
    await steps.click(dialog.getByRole('button', { name: 'Try it' }));
    const outcome = dialog.getByRole('status');
    await expect.poll(() => outcome.textContent()).toContain(`${ENTRIES} of ${ENTRIES} letters would become`);
    await steps.click(dialog.getByRole('button', { name: `Replay ${ENTRIES} letters` }));
    await expect.poll(() => outcome.textContent()).toContain(`${ENTRIES} letters became ${ENTRIES} events`);
    await steps.click(dialog.getByRole('button', { name: 'Done' }));
    await steps.click(page.getByRole('complementary').getByRole('link', { name: /the event/ }));
    await expect.poll(() => page.getByRole('complementary').textContent()).toContain('ada@example.com');
    expect(await events()).toBe(ENTRIES);
    expect(steps.done.length, steps.done.join('\n')).toBeLessThanOrEqual(STEPS_MAX);
    expect(complaints).toEqual([]);
  });
});
