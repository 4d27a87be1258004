/** The browser that is measured in: Chromium, signed in by cookie, with a clock in each page. */
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { PACKAGE_ROOT } from '../src/core/package-root.ts';
import { CHROMIUM_ARGS, chromiumForTests } from '../test/support/chromium.ts';

const CLOCK = fileURLToPath(new URL('bench/in-page/clock.js', PACKAGE_ROOT));
const SIZE = { width: 1440, height: 900 };

/** @returns nothing where the machine has no browser */
export async function startBrowser(): Promise<Browser | undefined> {
  const file = chromiumForTests();
  return file === undefined ? undefined : chromium.launch({ executablePath: file, args: [...CHROMIUM_ARGS] });
}

/** Somebody with an empty cache who is signed in. */
export async function signedIn(browser: Browser, url: string, token: string): Promise<BrowserContext> {
  const context = await browser.newContext({ baseURL: url, viewport: SIZE, timezoneId: 'UTC' });
  await context.addInitScript({ path: CLOCK });
  const begun = await context.request.post('/session', { headers: { authorization: `Bearer ${token}` } });
  if (begun.status() !== 200) throw new Error(`the session was answered with ${begun.status()}`);
  return context;
}

/** Calls the clock of a page; as text, because these programs are not made for what a page is made of. */
export function clock<Told>(page: Page, call: string, ...given: readonly unknown[]): Promise<Told> {
  const list = given.map((value) => JSON.stringify(value)).join(', ');
  return page.evaluate<Told>(`benchClock.${call}(${list})`);
}
