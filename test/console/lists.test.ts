import type { Browser } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Served } from '../http/support.ts';
import { request } from '../http/world.ts';
import { sayToRegistry } from '../support/registry.ts';
import { temporaryStore } from '../support/store.ts';
import { takeIn } from '../support/take-in.ts';
import { CHROMIUM, open, params, serveConsole, settled, startBrowser, visit } from './support.ts';

const KEYS = 100_000;
const RANGE = 'from=2026-05-05T00:00:00Z&to=2026-05-06T00:00:00Z';

/** Types a 5 in the moment in which the address gets the words. */
const TYPED_MEANWHILE = `(() => {
  const replace = history.replaceState;
  history.replaceState = function (...of) {
    replace.apply(this, of);
    if (!String(of[2]).includes('words=')) return;
    history.replaceState = replace;
    const field = document.querySelector('.words-field');
    field.value += '5';
    field.dispatchEvent(new Event('input', { bubbles: true }));
  };
})()`;

let browser: Browser;

describe.skipIf(CHROMIUM === undefined)('lists', () => {
  beforeAll(async () => {
    browser = await startBrowser();
  });

  test('of an empty store say what would fill them', async () => {
    const served = await serveConsole((await temporaryStore('child')).store);
    const { page, complaints } = await visit(browser, served);
    for (const path of ['/keys', '/apps', '/addresses', '/owners', '/networks', '/user-agents', '/findings']) {
      await open(page, path);
      await expect.poll(() => page.locator('.empty').count(), { message: path }).toBe(1);
    }
    await open(page, '/keys');
    await expect.poll(() => page.locator('main pre').textContent()).toContain('keytrail ingest');
    await open(page, '/keys/anything');
    await expect.poll(() => page.locator('.empty a.button').count()).toBeGreaterThan(1);
    expect(complaints).toEqual([]);
  });

  describe('of a hundred thousand keys', () => {
    let served: Served;
    beforeAll(async () => {
      const { store } = await temporaryStore();
      const keys = Array.from({ length: KEYS }, (_, at) => ({
        ...{ kind: 'key' as const, id: [at % 2 === 0 ? 'alpha' : 'beta', `key-${String(at).padStart(6, '0')}`] },
        ...{ validFrom: 0, says: { state: 'active', owner: `owner-${at % 500}@example.com` } as const },
      }));
      const twice = ['alpha', 'beta'].map((account) => ({
        ...{ kind: 'key' as const, id: [account, 'twice'], validFrom: 0 },
        says: { state: 'active', owner: `${account}@example.com` } as const,
      }));
      await sayToRegistry(store, [...keys, ...twice]);
      const used = ['alpha', 'alpha', 'beta'].map((account, at) =>
        request(account, `2026-05-05T1${at}:00:00.000Z`, {
          apiKeyName: 'twice',
          authentication: { keyName: 'twice', result: 'success', reason: '', accountId: account },
        }),
      );
      await takeIn(store, used, { stream: 'file:used', source: 'gateway/request' });
      served = await serveConsole(store);
    });

    test('draw what is seen of them, load what is scrolled to, and lose no key press', async () => {
      const { page, complaints } = await visit(browser, served);
      await open(page, `/keys?${RANGE}`);
      await expect.poll(() => page.locator('.sentence').textContent()).toContain('100,002 keys');
      await expect.poll(() => page.locator('.list-row').count()).toBeLessThan(120);
      const rows = async () => page.locator('.list-whole').evaluate((element) => element.clientHeight);
      const before = await rows();
      await page.locator('.list').focus();
      await page.keyboard.press('End');
      await expect.poll(rows).toBeGreaterThan(before);
      await page.keyboard.press('Home');
      for (let at = 0; at < 40; at++) await page.keyboard.press('j');
      const selected = page.locator('.list-row[aria-selected=true]');
      await expect.poll(() => selected.getAttribute('aria-rowindex')).toBe('41');
      await expect.poll(() => page.locator('.list').getAttribute('aria-rowcount')).toBe(String(KEYS + 2));
      await page.keyboard.press('o');
      await expect.poll(() => new URL(page.url()).pathname).toMatch(/^\/keys\/key-/);
      expect(complaints).toEqual([]);
    });

    test('are narrowed and sorted in the address, and back leads to what was there', async () => {
      const { page } = await visit(browser, served);
      await open(page, `/keys?${RANGE}`);
      await page.keyboard.press('f');
      await page.keyboard.type('KEY-012345');
      await expect.poll(() => page.locator('.list-row').count()).toBe(1);
      expect(params(page).words).toBe('KEY-012345');
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'Used', exact: true }).click();
      await expect.poll(() => page.locator('.empty').count()).toBe(1);
      await page.goBack();
      await expect.poll(() => page.locator('.list-row').count()).toBe(1);
      await open(page, `/keys?${RANGE}&use=used&sort=name`);
      await expect.poll(() => page.locator('.list-row').count()).toBe(2);
    });

    test('lose no letter that is typed just when the address follows', async () => {
      const { page } = await visit(browser, served);
      await open(page, `/keys?${RANGE}`);
      await page.evaluate(TYPED_MEANWHILE);
      await page.locator('.words-field').fill('KEY-01234');
      await expect.poll(() => params(page).words).toBe('KEY-012345');
      await expect.poll(() => page.locator('.words-field').inputValue()).toBe('KEY-012345');
      await expect.poll(() => page.locator('.list-row').count()).toBe(1);
    });

    test('with one name in two accounts have a page that tells them apart', async () => {
      const { page } = await visit(browser, served);
      await open(page, `/keys/twice?${RANGE}`);
      await expect.poll(() => page.locator('.note').textContent()).toContain('2 keys have this name');
      await expect.poll(() => page.locator('.sentence').textContent()).toContain('3 requests');
      await page.getByRole('button', { name: 'alpha' }).click();
      await settled(page);
      await expect.poll(() => page.locator('.sentence').textContent()).toContain('2 requests');
      await expect.poll(() => page.locator('.sentence').textContent()).toContain('alpha@example.com');
      expect(params(page).account).toBe('alpha');
    });
  });
});
