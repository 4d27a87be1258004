/** A browser before a console that is really served, over a store of the test's own. */
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, expect } from 'vitest';
import type { Role } from '../../schemas/access.ts';
import { readConsole } from '../../src/http/console.ts';
import type { Store } from '../../src/store/store.ts';
import { type Served, type ServedOptions, serveForTest } from '../http/support.ts';
import { BROWSER_WAIT_MS_MAX, CHROMIUM_ARGS, chromiumForTests } from '../support/chromium.ts';
import { copyOf, openForTest } from '../support/store.ts';

export const CHROMIUM = chromiumForTests();
const CONSOLE = fileURLToPath(new URL('../../dist/console', import.meta.url));

export const DESKTOP = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844 };

const cleanups: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A folder of the test's own with the store of the demo. */
export const demoFolder = (): Promise<string> => copyOf('demo');

export async function demoStore(): Promise<Store> {
  return (await openForTest({ dataDir: await demoFolder(), mode: 'in-process' })).store;
}

export async function serveConsole(store: Store, options: ServedOptions = {}): Promise<Served> {
  const files = readConsole(CONSOLE);
  expect(files.size, 'npm run build makes the console').toBeGreaterThan(2);
  return serveForTest(store, { ...options, console: files });
}

export async function startBrowser(): Promise<Browser> {
  const browser = await chromium.launch({ executablePath: CHROMIUM ?? '', args: [...CHROMIUM_ARGS] });
  cleanups.push(() => browser.close());
  return browser;
}

export interface VisitOptions {
  readonly theme?: 'light' | 'dark';
  readonly size?: { readonly width: number; readonly height: number };
  readonly role?: Role;
  readonly zone?: string;
}

/** What a page complained about: an error of the page itself, or something that its policy refused. */
export interface Visitor {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly complaints: string[];
}

async function contextOf(browser: Browser, options: BrowserContextOptions): Promise<BrowserContext> {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(BROWSER_WAIT_MS_MAX);
  cleanups.push(() => context.close());
  return context;
}

/** Somebody who is not signed in. */
export const stranger = (browser: Browser, served: Pick<Served, 'url'>): Promise<BrowserContext> =>
  contextOf(browser, { baseURL: served.url });

/** Somebody who is signed in, with a clipboard of his own. */
export async function visit(
  browser: Browser,
  served: Pick<Served, 'url' | 'token'>,
  options: VisitOptions = {},
): Promise<Visitor> {
  const { theme = 'light', size = DESKTOP, role = 'admin', zone = 'UTC' } = options;
  const context = await contextOf(browser, {
    ...{ colorScheme: theme, viewport: { ...size }, timezoneId: zone, baseURL: served.url, reducedMotion: 'reduce' },
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const token = await served.token(role);
  // On a connection of its own: a server leaves one that was idle, of which who stood still knows nothing.
  const headers = { authorization: `Bearer ${token}`, connection: 'close' };
  const begun = await context.request.post('/session', { headers });
  expect(begun.status()).toBe(200);
  const page = await context.newPage();
  return { context, page, complaints: complaintsOf(page) };
}

/** A refusal of the daemon is no error of the page: the browser tells both in one way. */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) complaints.push(message.text());
  });
  return complaints;
}

/**
 * Resolves when what was done so far is drawn, and has had its effects: they follow a frame by a timer, which a busy
 * browser may let wait for another frame.
 */
export const TWO_FRAMES =
  'new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(drawn))))';

/** Everything that the page has asked for is there, and its keys work. */
export async function settled(page: Page): Promise<void> {
  await page.waitForSelector('main');
  // Whoever asks right after an action is not told that nothing is waited for yet.
  await page.evaluate(TWO_FRAMES);
  // The page's policy forbids a script of the test's to be made of text, so it is asked from outside.
  const awaited = () => page.locator('.skeleton, [aria-busy=true], .is-stale').count();
  await expect
    .poll(async () => {
      const before = await awaited();
      // What has just come gets its keys in an effect, and may ask for more in one.
      if (before === 0) await page.evaluate(TWO_FRAMES);
      return before === 0 ? awaited() : before;
    })
    .toBe(0);
}

/**
 * Keys of which the second must come soon behind the first, a hundredth of a second apart: the browser is told when
 * each was pressed, for a machine may stand still between them longer than the page waits.
 *
 * @param keys letters
 */
export async function pressInARow(page: Page, keys: readonly string[]): Promise<void> {
  const browser = await page.context().newCDPSession(page);
  const beginSeconds = Date.now() / 1_000;
  for (const [at, key] of keys.entries()) {
    const upper = key.toUpperCase();
    const pressed = { key, code: `Key${upper}`, windowsVirtualKeyCode: upper.charCodeAt(0) };
    const timestamp = beginSeconds + at / 100;
    await browser.send('Input.dispatchKeyEvent', { type: 'keyDown', text: key, timestamp, ...pressed });
    await browser.send('Input.dispatchKeyEvent', { type: 'keyUp', timestamp, ...pressed });
  }
  await browser.detach();
}

/** For a page: its pauses of a second and more never end, so what goes away by itself stays to be seen. */
export const ENDLESS_PAUSES = `
  const really = setTimeout;
  window.setTimeout = (run, ms = 0, ...rest) => really(run, ms < 1_000 ? ms : 2 ** 31 - 1, ...rest);
`;

export async function open(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await settled(page);
}

/** The parameters of the address that the browser shows. */
export function params(page: Page): Record<string, string> {
  return Object.fromEntries(new URL(page.url()).searchParams);
}
