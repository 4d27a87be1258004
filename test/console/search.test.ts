import type { Browser, Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { STORY } from '../../examples/generate.ts';
import type { Served } from '../http/support.ts';
import {
  CHROMIUM,
  demoStore,
  ENDLESS_PAUSES,
  open,
  PHONE,
  params,
  serveConsole,
  settled,
  startBrowser,
  visit,
} from './support.ts';

let served: Served;
let browser: Browser;

const countOf = async (page: Page): Promise<number> =>
  Number((await page.locator('.search-found [role=status]').first().textContent())?.replace(/\D/g, ''));
const rows = (page: Page) => page.locator('.list-row');

describe.skipIf(CHROMIUM === undefined)('the search', () => {
  beforeAll(async () => {
    served = await serveConsole(await demoStore());
    browser = await startBrowser();
  });

  test('any value keeps or leaves out its events, by the pointer and by the keyboard, and chips turn round', async () => {
    const { page, complaints } = await visit(browser, served);
    await open(page, '/search?last=90d');
    const all = await countOf(page);
    await page.locator('.facet-value[data-value="orders-service"]').click();
    await settled(page);
    const only = await countOf(page);
    expect(only).toBeGreaterThan(0);
    expect(params(page)['only.key_id']).toBe('orders-service');
    await page.getByRole('button', { name: /only key orders-service: turn round/ }).click();
    await settled(page);
    expect(params(page)['exclude.key_id']).toBe('orders-service');
    expect(await countOf(page)).toBe(all - only);
    await page.getByRole('button', { name: /^Drop/ }).click();
    await settled(page);
    expect(await countOf(page)).toBe(all);
    const key = page.locator('.event-line [data-field=key_id]').first();
    await key.focus();
    await page.keyboard.press('m');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect.poll(() => Object.keys(params(page))).toContain('exclude.key_id');
    await settled(page);
    await page.locator('main').focus();
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('2');
    await expect.poll(() => Object.keys(params(page)).filter((name) => name.startsWith('exclude.')).length).toBe(2);
    expect(complaints).toEqual([]);
  });

  test('words are looked for in the texts of events', async () => {
    const { page } = await visit(browser, served);
    await open(page, '/search?last=90d');
    await page.keyboard.press('/');
    await page.keyboard.type(STORY.foreign.address);
    await page.keyboard.press('Enter');
    await settled(page);
    expect(await countOf(page)).toBeGreaterThanOrEqual(STORY.foreign.requestsPerNight * STORY.foreign.daysBeforeEnd);
    const addresses = await page.locator('.event-line [data-field=source_ip]').allTextContents();
    expect(new Set(addresses)).toEqual(new Set([STORY.foreign.address]));
  });

  test('drawing over the histogram sets the range, and the table behind it leads to the same', async () => {
    const { page } = await visit(browser, served);
    await open(page, '/search?last=30d');
    const chart = await page.locator('.chart').boundingBox();
    if (chart === null) throw new Error('no chart');
    const y = chart.y + 40;
    await page.mouse.move(chart.x + chart.width * 0.5, y);
    await page.mouse.down();
    await page.mouse.move(chart.x + chart.width * 0.6, y, { steps: 5 });
    await page.mouse.up();
    await settled(page);
    const { from = '', to = '', last } = params(page);
    expect(last).toBeUndefined();
    const days = (Date.parse(to) - Date.parse(from)) / 86_400_000;
    expect(days).toBeGreaterThan(2.5);
    expect(days).toBeLessThan(3.6);
    await page.getByRole('button', { name: 'Table', exact: true }).click();
    const cell = page.locator('.search-found tbody tr').first();
    const events = (await cell.locator('td.number').allTextContents()).reduce((sum, text) => sum + Number(text), 0);
    await cell.getByRole('link').click();
    await settled(page);
    expect(await countOf(page)).toBe(events);
  });

  test('j, k and o walk through events, and the drawer tells the chain, the rules and the record', async () => {
    const { page, complaints } = await visit(browser, served);
    await open(page, `/search?last=90d&only.source_ip=${STORY.foreign.address}`);
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('o');
    const drawer = page.getByRole('complementary');
    await drawer.waitFor();
    await settled(page);
    await expect.poll(() => drawer.locator('.rules').textContent()).toContain('against');
    const chain = await drawer.locator('.chain').textContent();
    for (const text of [STORY.foreign.key, 'elif@northwind.example', 'orders', STORY.foreign.address]) {
      expect(chain).toContain(text);
    }
    await expect
      .poll(() => drawer.locator('.chain [data-judgement]').getAttribute('data-judgement'))
      .toBe('should-be-denied');
    await expect.poll(() => drawer.locator('.rules [data-result=fail]').textContent()).toContain('198.51.100.20/31');
    const raw = JSON.parse((await drawer.locator('pre').textContent()) ?? '') as { request: { sourceIp: string } };
    expect(raw.request.sourceIp).toBe(STORY.foreign.address);
    const first = params(page).event;
    await page.locator('main').focus();
    await page.keyboard.press('j');
    await expect.poll(() => params(page).event).not.toBe(first);
    await page.keyboard.press('k');
    await expect.poll(() => params(page).event).toBe(first);
    await page.keyboard.press('Escape');
    await expect.poll(() => params(page).event).toBeUndefined();
    expect(complaints).toEqual([]);
  });

  test('an event is copied as JSON, as a link that shows it again, and as a command', async () => {
    const { page } = await visit(browser, served);
    // What is said of a copy goes away by itself, maybe before it was looked for.
    await page.addInitScript({ content: ENDLESS_PAUSES });
    await open(page, '/search?last=7d');
    await page.keyboard.press('o');
    const drawer = page.getByRole('complementary');
    await drawer.waitFor();
    await settled(page);
    const held = async (): Promise<string> => String(await page.evaluate('navigator.clipboard.readText()'));
    let copies = 0;
    const copied = async (name: string): Promise<string> => {
      await page.evaluate("navigator.clipboard.writeText('')");
      await drawer.getByRole('button', { name: 'Copy ▾' }).click();
      await drawer.getByRole('button', { name }).click();
      copies += 1;
      await expect.poll(() => page.locator('.toast').count()).toBe(copies);
      await expect.poll(held).not.toBe('');
      return held();
    };
    const { event_id } = JSON.parse(await copied('as JSON')) as { event_id: string };
    expect(await copied('the command')).toContain(`event_id='${event_id}'`);
    const link = await copied('a link');
    const other = await visit(browser, served);
    await open(other.page, link);
    await expect.poll(() => other.page.locator('.chain').count()).toBe(1);
    await expect.poll(() => other.page.locator('.drawer').textContent()).toContain(event_id);
  });

  test('what was found is exported, and how much that is, is said before', async () => {
    const { page } = await visit(browser, served);
    await open(page, `/search?last=90d&only.key_id=${STORY.denied.key}&only.judgement=denied`);
    const events = await countOf(page);
    await page.keyboard.press('e');
    const dialog = page.getByRole('dialog');
    await expect.poll(() => dialog.textContent()).toContain(`${events} events`);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      dialog.getByRole('link', { name: 'Download' }).click(),
    ]);
    const chunks: Buffer[] = [];
    for await (const chunk of await download.createReadStream()) chunks.push(Buffer.from(chunk as Buffer));
    expect(Buffer.concat(chunks).toString('utf8').trim().split('\r\n')).toHaveLength(events + 1);
  });

  test('a viewer is told that he may not export, before he tries', async () => {
    const { page } = await visit(browser, served, { role: 'viewer' });
    await open(page, '/search?last=7d');
    await page.keyboard.press('e');
    await expect.poll(() => page.getByRole('dialog').getByRole('link').count()).toBe(0);
  });

  test('a list goes on as far as somebody scrolls, and draws only what is seen', async () => {
    const { page } = await visit(browser, served);
    await open(page, '/search?last=90d');
    const all = await countOf(page);
    expect(all).toBeGreaterThan(1_000);
    await page.locator('.list').focus();
    const goOn = async (): Promise<number> => {
      await page.keyboard.press('End');
      await expect.poll(() => rows(page).count()).toBeLessThan(80);
      return Number(await rows(page).last().getAttribute('aria-rowindex'));
    };
    await expect.poll(goOn).toBe(all);
  });

  test('on a phone an event opens over the list, and closing it leads back to the same place', async () => {
    const { page } = await visit(browser, served, { size: PHONE });
    await open(page, '/search?last=7d');
    await rows(page).nth(2).click();
    await page.getByRole('complementary').waitFor();
    await settled(page);
    await page.getByRole('button', { name: 'Close' }).click();
    await expect.poll(() => page.getByRole('complementary').count()).toBe(0);
    await expect.poll(() => page.locator('.list-row[aria-selected=true]').getAttribute('aria-rowindex')).toBe('3');
  });

  test('a link to an event that does not exist says so, and the list is there beside it', async () => {
    const { page } = await visit(browser, served);
    await page.goto('/search?last=7d&event=gateway%2Frequest+1001+no-such-id');
    await page.getByRole('complementary').getByRole('alert').waitFor();
    await expect.poll(() => page.getByRole('complementary').textContent()).toContain('EVENT_UNKNOWN');
    await expect.poll(() => rows(page).count()).toBeGreaterThan(5);
  });
});
