/** That every page can be used on any screen, and by the keyboard alone. */
import type { Browser } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Served } from '../http/support.ts';
import { serveShown, show } from './looks.ts';
import { SHOWN } from './pages.ts';
import { CHROMIUM, open, startBrowser, visit } from './support.ts';

const CUT_OFF = `[...document.querySelectorAll('dialog :is(input, select, textarea, button)')]
  .filter((one) => one.getBoundingClientRect().right > one.closest('dialog').getBoundingClientRect().right)
  .map((one) => one.outerHTML.slice(0, 100))`;

let served: Served;
let browser: Browser;

describe.skipIf(CHROMIUM === undefined)('every page', () => {
  beforeAll(async () => {
    served = await serveShown();
    browser = await startBrowser();
  });

  test.each([
    ['320 px', { width: 320, height: 568 }],
    ['4K', { width: 3840, height: 2160 }],
  ])('fits a screen of %s', async (_, size) => {
    const { page } = await visit(browser, served, { size });
    for (const shown of SHOWN) {
      await show(page, shown);
      const width = Number(await page.evaluate('document.documentElement.scrollWidth'));
      expect(width, shown.name).toBeLessThanOrEqual(size.width);
      // What a dialog cuts off makes the page no wider.
      expect(await page.evaluate(CUT_OFF), shown.name).toEqual([]);
    }
  });

  test('can be reached and left by the keyboard alone, with a mark on what has it', async () => {
    const { page } = await visit(browser, served);
    await open(page, '/?last=7d');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the page');
    const seen = new Set<unknown>();
    for (let at = 0; at < 60; at++) {
      await page.keyboard.press('Tab');
      const [what, outline] = (await page.evaluate(
        '[document.activeElement.outerHTML.slice(0, 120), getComputedStyle(document.activeElement).outlineStyle]',
      )) as [string, string];
      expect(outline, what).not.toBe('none');
      seen.add(what);
    }
    expect(seen.size).toBeGreaterThan(40);
  });
});
