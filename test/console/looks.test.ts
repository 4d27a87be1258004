/**
 * How every page looks: to eyes, to whoever does not see it, and on any screen. Pictures are kept in `.cache/console`.
 */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Served } from '../http/support.ts';
import { addressOf, SHOWN, type Shown } from './pages.ts';
import { CHROMIUM, DESKTOP, demoStore, open, PHONE, serveConsole, settled, startBrowser, visit } from './support.ts';

const PICTURES = fileURLToPath(new URL('../../.cache/console', import.meta.url));
const DAY_MS = 86_400_000;
const THEMES = ['light', 'dark'] as const;

const CUT_OFF = `[...document.querySelectorAll('dialog :is(input, select, textarea, button)')]
  .filter((one) => one.getBoundingClientRect().right > one.closest('dialog').getBoundingClientRect().right)
  .map((one) => one.outerHTML.slice(0, 100))`;

let served: Served;
let browser: Browser;

async function show(page: Page, shown: Shown): Promise<void> {
  await open(page, addressOf(shown));
  for (const key of shown.keys ?? []) {
    await page.keyboard.press(key);
    await page.waitForTimeout(50);
  }
  await settled(page);
}

describe.skipIf(CHROMIUM === undefined)('every page', () => {
  beforeAll(async () => {
    served = await serveConsole(await demoStore());
    const month = new Date(Date.now() - DAY_MS).toISOString().slice(0, 7);
    await served.post('/api/v1/reports/run', await served.token('admin'), { kind: 'access-review', period: month });
    browser = await startBrowser();
    await mkdir(PICTURES, { recursive: true });
  });

  describe.each(THEMES)('in %s', (theme) => {
    test.each(SHOWN.map((shown) => [shown.name, shown] as const))(
      '%s has nothing that axe objects to, and is pictured',
      async (name, shown) => {
        for (const [screen, size] of [
          ['desktop', DESKTOP],
          ['phone', PHONE],
        ] as const) {
          const { context, page, complaints } = await visit(browser, served, { theme, size });
          await show(page, shown);
          await page.screenshot({ path: path.join(PICTURES, `${name}-${theme}-${screen}.png`) });
          const { violations } = await new AxeBuilder({ page })
            .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
            .analyze();
          const told = violations.map(
            ({ id, nodes }) =>
              `${id}: ${nodes
                .slice(0, 3)
                .map(({ html, failureSummary }) => `${html.slice(0, 160)} ${failureSummary}`)
                .join('\n')}`,
          );
          expect(told, `${name} on a ${screen}`).toEqual([]);
          expect(complaints).toEqual([]);
          await context.close();
        }
      },
    );
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
