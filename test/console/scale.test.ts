/** Much of everything: answers are bounded, pages say what they leave out and how to find it, no key press is lost. */
import type { Browser, Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { FACET_ROWS_MAX, NEWCOMER_ROWS } from '../../src/core/limits.ts';
import type { Served } from '../http/support.ts';
import { request } from '../http/world.ts';
import { sayToRegistry } from '../support/registry.ts';
import { temporaryStore } from '../support/store.ts';
import { takeIn } from '../support/take-in.ts';
import { CHROMIUM, open, params, serveConsole, settled, startBrowser, type Visitor, visit } from './support.ts';

const KEYS = 100_000;
const DAY = Date.UTC(2026, 4, 5);
const RANGE = 'from=2026-05-05T00:00:00Z&to=2026-05-06T00:00:00Z';
/** A page that drew every key would have several for each of them. */
const ELEMENTS_MAX = 10_000;

const nameOf = (at: number): string => `key-${String(at).padStart(6, '0')}`;

let served: Served;
let browser: Browser;

/** Every key is known, and was used once: 100,000 keys, and as many events. */
beforeAll(async () => {
  if (CHROMIUM === undefined) return;
  const { store } = await temporaryStore();
  const says = (at: number) => ({ state: 'active', owner: `owner-${at % 500}@example.com` }) as const;
  const keys = Array.from({ length: KEYS }, (_, at) => at);
  await sayToRegistry(
    store,
    keys.map((at) => ({ kind: 'key', id: ['alpha', nameOf(at)], validFrom: 0, says: says(at) })),
  );
  const used = keys.map((at) => {
    const authentication = { keyName: nameOf(at), result: 'success', reason: '', accountId: 'alpha' };
    const id = { id: `event-${at}`, apiKeyName: nameOf(at) };
    return request('alpha', new Date(DAY + at * 800).toISOString(), { ...id, authentication }, addressOf(at));
  });
  await takeIn(store, used, { stream: 'file:used', source: 'gateway/request' });
  served = await serveConsole(store);
  browser = await startBrowser();
});

function addressOf(at: number): string {
  return `10.${at >>> 16}.${(at >>> 8) & 255}.${at & 255}`;
}

async function looking(address: string): Promise<Visitor> {
  const visitor = await visit(browser, served);
  await open(visitor.page, address);
  return visitor;
}

const elements = (page: Page): Promise<number> => page.locator('body *').count();
const selectedLine = async (page: Page): Promise<number> =>
  Number((await page.locator('.list').getAttribute('aria-activedescendant'))?.slice('row-'.length) ?? -1);
const loadedLines = async (page: Page): Promise<number> =>
  page.locator('.list-whole').evaluate((whole) => {
    const line = whole.firstElementChild?.getBoundingClientRect().height ?? 1;
    return Math.round(whole.clientHeight / line);
  });

describe.skipIf(CHROMIUM === undefined)('a hundred thousand keys and events', () => {
  test('leave the facets of a search bounded, and those that are cut lead to the whole list', async () => {
    const { page, complaints } = await looking(`/search?${RANGE}`);
    const facet = page.locator('.facet').filter({ has: page.locator('[data-field=key_id]') });
    await expect.poll(() => facet.locator('.facet-row').count()).toBe(FACET_ROWS_MAX);
    await facet.locator('summary').last().click();
    await facet.getByRole('link').click();
    await settled(page);
    expect(new URL(page.url()).pathname).toBe('/keys');
    expect(params(page).from).toBe('2026-05-05T00:00:00Z');
    await expect.poll(() => page.locator('.list').getAttribute('aria-rowcount')).toBe(String(KEYS));
    expect(await elements(page)).toBeLessThan(ELEMENTS_MAX);
    expect(complaints).toEqual([]);
  });

  test('are found one by one: by a filter of the search, and by the palette', async () => {
    const { page } = await looking(`/search?${RANGE}&only.key_id=${nameOf(77_777)}`);
    await expect.poll(() => page.locator('.list-row').count()).toBe(1);
    await page.keyboard.press('Control+k');
    await page.keyboard.type(nameOf(99_999));
    await expect.poll(() => page.locator('[role=option]').count()).toBeLessThan(12);
    await page.keyboard.press('Enter');
    await expect.poll(() => new URL(page.url()).pathname).toBe(`/keys/${nameOf(99_999)}`);
    await settled(page);
    await expect.poll(() => page.locator('.sentence').textContent()).toContain(`owner-${99_999 % 500}@example.com`);
  });

  test('leave the registry with a table that ends, says how many there are, and finds the others by a word', async () => {
    const { page } = await looking('/registry');
    await expect.poll(() => page.locator('.sentence').textContent()).toContain('100,000 keys');
    await expect.poll(() => page.locator('main tbody tr').count()).toBeLessThan(500);
    expect(await elements(page)).toBeLessThan(ELEMENTS_MAX);
    await expect.poll(() => page.locator('main .panel-body').last().textContent()).toContain('100,000');
    await page.getByLabel('Find').fill(nameOf(98_765));
    await expect.poll(() => page.locator('main tbody tr').count()).toBe(1);
    await settled(page);
    await expect.poll(() => page.locator('main tbody').textContent()).toContain(nameOf(98_765));
  });

  test('are all new at once, and the overview tells of the first of each kind', async () => {
    const { page } = await looking(`/?${RANGE}`);
    const rows = page.getByRole('group', { name: 'New since the time before' }).locator('tbody tr');
    await expect.poll(() => rows.filter({ has: page.locator('[data-field=key_id]') }).count()).toBe(NEWCOMER_ROWS);
    await expect.poll(() => page.locator('.sentence').textContent()).toContain('100,000 keys');
  });

  test('leave the overview and an owner with few of them', async () => {
    for (const address of ['/', '/owners/owner-7@example.com', '/apps', '/addresses']) {
      const { page, complaints } = await looking(`${address}?${RANGE}`);
      expect(await elements(page), address).toBeLessThan(ELEMENTS_MAX);
      expect(complaints).toEqual([]);
    }
  });

  test('leave the page of an owner with the first of what is his, and all of it once somebody asks', async () => {
    const { page } = await looking(`/owners/owner-7@example.com?${RANGE}`);
    for (const label of ['Keys', 'Where it was used from']) {
      const table = page.getByRole('group', { name: label, exact: true });
      const lines = table.locator('tbody tr:has(td a)');
      await expect.poll(() => lines.count(), { message: label }).toBeGreaterThanOrEqual(50);
      expect(await lines.count(), label).toBeLessThan(KEYS / 500);
      await table.getByRole('button', { name: `Show all ${KEYS / 500}` }).click();
      await expect.poll(() => lines.count()).toBe(KEYS / 500);
    }
  });

  test('are scrolled to their last line with the keyboard, and no press is without its effect', async () => {
    const { page, complaints } = await looking(`/search?${RANGE}`);
    const asked: (string | null)[] = [];
    page.on('request', (one) => {
      const { pathname, searchParams } = new URL(one.url());
      if (pathname === '/api/v1/events') asked.push(searchParams.get('cursor'));
    });
    await page.locator('.list').focus();
    await page.keyboard.press('Home');
    await expect.poll(() => selectedLine(page)).toBe(0);
    for (const [key, by] of [
      ['ArrowDown', 1],
      ['j', 1],
      ['k', -1],
    ] as const) {
      const before = await selectedLine(page);
      for (let at = 0; at < 20; at += 1) await page.keyboard.press(key);
      await expect.poll(() => selectedLine(page), { message: key }).toBe(before + by * 20);
    }
    // Further lines come while somebody scrolls, and what was pressed meanwhile has its effect as well.
    while ((await loadedLines(page)) < KEYS) {
      const [before, loaded] = [await selectedLine(page), await loadedLines(page)];
      await page.keyboard.press('End');
      // After a far way the line is named once it is drawn.
      await expect.poll(() => selectedLine(page)).toBeGreaterThanOrEqual(Math.max(before, loaded - 1));
    }
    await page.keyboard.press('End');
    await expect.poll(() => selectedLine(page)).toBe(KEYS - 1);
    // A page that is asked for twice would stand in the list twice.
    expect(asked.length).toBeGreaterThan(90);
    expect(new Set(asked).size).toBe(asked.length);
    await expect.poll(() => page.locator(`#row-${KEYS - 1}`).textContent()).toContain(nameOf(0));
    await expect.poll(() => page.locator('.list').getAttribute('aria-rowcount')).toBe(String(KEYS));
    await expect.poll(() => page.locator('.list-row').count()).toBeLessThan(120);
    for (let at = 1; at <= 30; at += 1) await page.keyboard.press('k');
    await expect.poll(() => selectedLine(page)).toBe(KEYS - 31);
    expect(complaints).toEqual([]);
  });
});
