import type { Browser } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { STORY } from '../../examples/generate.ts';
import type { Served } from '../http/support.ts';
import {
  CHROMIUM,
  demoStore,
  open,
  params,
  pressInARow,
  serveConsole,
  settled,
  startBrowser,
  stranger,
  visit,
} from './support.ts';

let served: Served;
let browser: Browser;

describe.skipIf(CHROMIUM === undefined)('the frame', () => {
  beforeAll(async () => {
    served = await serveConsole(await demoStore());
    browser = await startBrowser();
  });

  test('an address without a range gets the absolute times that it means, and shows the same when it is opened again', async () => {
    const { page } = await visit(browser, served);
    await open(page, '/search?last=7d');
    const { from = '', to = '', last } = params(page);
    expect(Date.parse(to) - Date.parse(from)).toBe(7 * 86_400_000);
    expect(last).toBe('7d');
    const shown = await page.locator('.search-found [role=status]').textContent();
    const other = await visit(browser, served);
    await open(other.page, page.url());
    await expect.poll(() => other.page.locator('.search-found [role=status]').textContent()).toBe(shown);
    expect(params(other.page)).toEqual(params(page));
  });

  test('back and forward lead through ranges, filters and pages', async () => {
    const { page, complaints } = await visit(browser, served);
    await open(page, '/search?last=30d');
    const steps = [page.url()];
    await page.getByRole('button', { name: '7d' }).click();
    steps.push(page.url());
    await settled(page);
    // A value of the first line, whatever it is: the demo ends now, and which keys come first changes with the hour.
    const line = page.locator('.list-row').first();
    await line
      .getByRole('link')
      .first()
      .click({ modifiers: ['Alt'] });
    await expect.poll(() => page.locator('.chip').count()).toBe(1);
    steps.push(page.url());
    await page.getByRole('link', { name: 'Overview' }).click();
    await settled(page);
    steps.push(page.url());
    expect(new Set(steps).size).toBe(4);
    for (const step of steps.slice(0, -1).reverse()) {
      await page.goBack();
      expect(page.url()).toBe(step);
    }
    await settled(page);
    await expect.poll(() => page.locator('.chip').count()).toBe(0);
    for (const step of steps.slice(1)) {
      await page.goForward();
      expect(page.url()).toBe(step);
    }
    expect(complaints).toEqual([]);
  });

  test('keys lead everywhere, are listed where they work, and leave typing alone', async () => {
    const { page } = await visit(browser, served);
    await open(page, '/?last=30d');
    for (const [keys, path] of [
      ['gs', '/search'],
      ['gl', '/tail'],
      ['gx', '/leaked-secret'],
      ['go', '/'],
    ] as const) {
      // The field of the page before has the keyboard: it is left first.
      await page.locator('main').focus();
      await pressInARow(page, [...keys]);
      await expect.poll(() => new URL(page.url()).pathname).toBe(path);
    }
    await page.keyboard.press('?');
    const help = page.getByRole('dialog');
    await expect.poll(() => help.textContent()).toContain('Live tail');
    await page.keyboard.press('Escape');
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
    await page.keyboard.press('/');
    await page.keyboard.type('gs?');
    expect(new URL(page.url()).pathname).toBe('/');
    await page.keyboard.press('Enter');
    await expect.poll(() => params(page).text).toBe('gs?');
  });

  test('the palette leads to whatever somebody has in hand', async () => {
    const { page } = await visit(browser, served);
    await open(page, '/?last=30d');
    for (const [typed, path] of [
      [STORY.foreign.address, `/addresses/${STORY.foreign.address}`],
      ['ada@northwind.example', '/owners/ada%40northwind.example'],
      ['live', '/tail'],
    ] as const) {
      await page.keyboard.press('Control+k');
      await page.keyboard.type(typed);
      await page.keyboard.press('Enter');
      await expect.poll(() => new URL(page.url()).pathname).toBe(path);
    }
  });

  test('times are typed as people write them, and a wrong one is told in its place', async () => {
    const { page } = await visit(browser, served);
    await open(page, '/search?last=30d');
    await page.keyboard.press('t');
    await page.getByLabel('From').fill('2026-01-02 03:04');
    await page.getByLabel('Before').fill('soon');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    await page.getByLabel('Before').fill('2026-01-02T05:00:00+01:00');
    await page.keyboard.press('Enter');
    await expect.poll(() => params(page)).toMatchObject({ from: '2026-01-02T03:04:00Z', to: '2026-01-02T04:00:00Z' });
  });

  test('the zone is said, and a local one changes what is shown and not what is asked', async () => {
    const { page } = await visit(browser, served, { zone: 'Asia/Kolkata' });
    await open(page, '/search?from=2026-01-02T00:00:00Z&to=2026-01-03T00:00:00Z');
    const times = page.locator('.range-times');
    await expect.poll(() => times.textContent()).toBe('2026-01-02 00:00 → 2026-01-03 00:00');
    await page.getByRole('button', { name: 'local' }).click();
    await expect.poll(() => times.textContent()).toBe('2026-01-02 05:30 → 2026-01-03 05:30');
    expect(params(page)).toMatchObject({ from: '2026-01-02T00:00:00Z', tz: 'local' });
    await expect.poll(() => page.locator('.head').textContent()).toContain('Asia/');
  });

  test('two tabs do not disturb each other, and preferences stay', async () => {
    const { context, page } = await visit(browser, served);
    const other = await context.newPage();
    await open(page, '/search?last=30d');
    await open(other, '/?last=7d');
    const before = other.url();
    await page.getByRole('button', { name: /^Light or dark/ }).click();
    await page.getByRole('button', { name: /^Rows/ }).click();
    await page.getByRole('button', { name: '90d' }).click();
    await settled(page);
    expect(other.url()).toBe(before);
    await expect.poll(() => other.locator('html').getAttribute('data-theme')).toBe('auto');
    await page.reload();
    await expect.poll(() => page.locator('html').getAttribute('data-theme')).toBe('light');
    await expect.poll(() => page.locator('html').getAttribute('data-density')).toBe('dense');
  });

  test('a link of the terminal signs in once, and whoever is not signed in sees the way in and nothing else', async () => {
    const context = await stranger(browser, served);
    const page = await context.newPage();
    await page.goto('/search?only.key_id=ci-deploy&last=30d');
    await page.getByRole('dialog', { name: 'Sign in to keytrail' }).waitFor();
    await expect.poll(() => page.locator('main').count()).toBe(0);
    await page.getByLabel('Token').fill('kt_wrong');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    await page.getByLabel('Token').fill(await served.token('viewer'));
    await page.keyboard.press('Enter');
    await settled(page);
    expect(params(page)['only.key_id']).toBe('ci-deploy');
    const linked = await stranger(browser, served);
    const first = await linked.newPage();
    await first.goto(`/sign-in?code=${served.sessions.makeLink()}`);
    await settled(first);
    expect(new URL(first.url()).pathname).toBe('/');
    await Promise.all([context.close(), linked.close()]);
  });

  test('a session that ends in mid-work is begun again in front of the page, which goes on where it was', async () => {
    const { context, page, complaints } = await visit(browser, served, { role: 'viewer' });
    await open(page, '/search?last=30d&only.app=orders');
    await page.keyboard.press('j');
    await page.keyboard.press('o');
    await page.getByRole('complementary').waitFor();
    await settled(page);
    const [cookie] = (await context.cookies()).filter(({ name }) => name === 'keytrail');
    served.sessions.end(cookie?.value ?? '');
    await page.keyboard.press('j');
    await page.getByRole('dialog', { name: 'Your session has ended' }).waitFor();
    const chosen = params(page).event;
    await expect.poll(() => page.locator('.list-row[aria-selected=true]').count()).toBe(1);
    await page.getByLabel('Token').fill(await served.token('viewer'));
    await page.keyboard.press('Enter');
    await settled(page);
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
    expect(params(page).event).toBe(chosen);
    await expect.poll(() => page.getByRole('complementary').textContent()).toContain('account key');
    expect(complaints).toEqual([]);
  });
});
