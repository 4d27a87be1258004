/**
 * How every page looks, for its test files: one for each theme, which take long, and one for any screen.
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

export async function show(page: Page, shown: Shown): Promise<void> {
  await open(page, addressOf(shown));
  for (const key of shown.keys ?? []) {
    await page.keyboard.press(key);
    await page.waitForTimeout(50);
  }
  await settled(page);
}

/** The demo with a report, so that each page has something to show. */
export async function serveShown(): Promise<Served> {
  const served = await serveConsole(await demoStore());
  const month = new Date(Date.now() - DAY_MS).toISOString().slice(0, 7);
  await served.post('/api/v1/reports/run', await served.token('admin'), { kind: 'access-review', period: month });
  return served;
}

/** Pictures are kept in `.cache/console`. */
export function describeLooks(theme: 'light' | 'dark'): void {
  let served: Served;
  let browser: Browser;

  describe.skipIf(CHROMIUM === undefined)(`every page in ${theme}`, () => {
    beforeAll(async () => {
      served = await serveShown();
      browser = await startBrowser();
      await mkdir(PICTURES, { recursive: true });
    });

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
}
