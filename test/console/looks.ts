/**
 * How every page looks, for its test files: one for each of two screens, in both themes, and one for any screen.
 */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Served } from '../http/support.ts';
import { addressOf, SHOWN, type Shown } from './pages.ts';
import {
  CHROMIUM,
  type DESKTOP,
  demoStore,
  open,
  serveConsole,
  settled,
  startBrowser,
  TWO_FRAMES,
  visit,
} from './support.ts';

const PICTURES = fileURLToPath(new URL('../../.cache/console', import.meta.url));
const DAY_MS = 86_400_000;

export async function show(page: Page, shown: Shown): Promise<void> {
  await open(page, addressOf(shown));
  for (const key of shown.keys ?? []) {
    await page.keyboard.press(key);
    await settled(page);
  }
}

/** The demo with a report, so that each page has something to show. */
export async function serveShown(): Promise<Served> {
  const served = await serveConsole(await demoStore());
  const month = new Date(Date.now() - DAY_MS).toISOString().slice(0, 7);
  await served.post('/api/v1/reports/run', await served.token('admin'), { kind: 'access-review', period: month });
  return served;
}

/** Pictures are kept in `.cache/console`. */
export function describeLooks(screen: string, size: typeof DESKTOP): void {
  let served: Served;
  let browser: Browser;

  describe.skipIf(CHROMIUM === undefined)(`every page on a ${screen}`, () => {
    beforeAll(async () => {
      served = await serveShown();
      browser = await startBrowser();
      await mkdir(PICTURES, { recursive: true });
    });

    test.each(SHOWN.map((shown) => [shown.name, shown] as const))(
      '%s has nothing that axe objects to in either theme, and is pictured',
      async (name, shown) => {
        const { context, page, complaints } = await visit(browser, served, { theme: 'light', size });
        await show(page, shown);
        for (const theme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme: theme });
          // Charts take their colours once, and draw themselves again in the frame after a theme has changed.
          await page.evaluate(TWO_FRAMES);
          await page.screenshot({ path: path.join(PICTURES, `${name}-${theme}-${screen}.png`) });
          expect(await objections(page), `${name} in ${theme}`).toEqual([]);
        }
        expect(complaints).toEqual([]);
        await context.close();
      },
    );
  });
}

/** What axe finds wrong. Describing all that it finds right would take four times as long. */
async function objections(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .options({ resultTypes: ['violations'] })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    // Its newer mode opens a page of its own for each look, for the sake of frames; the console has none.
    .setLegacyMode()
    .analyze();
  return violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes
        .slice(0, 3)
        .map(({ html, failureSummary }) => `${html.slice(0, 160)} ${failureSummary}`)
        .join('\n')}`,
  );
}
