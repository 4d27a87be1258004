import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { USER_AGENTS } from '../../examples/cast.ts';
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
  visit,
} from './support.ts';

let served: Served;
let browser: Browser;
let token: string;

const text = async (page: Page, where: string): Promise<string> =>
  (await page.locator(where).first().textContent()) ?? '';

/** How many events a link of the page leads to, by the API. */
async function countBehind(href: string): Promise<number> {
  const query = new URLSearchParams(href.split('?')[1]);
  for (const name of ['last', 'tz']) query.delete(name);
  const { body } = await served.get(`/api/v1/events/profile?${query}`, token);
  return (body as { events: number }).events;
}

describe.skipIf(CHROMIUM === undefined)('the page of an entity', () => {
  beforeAll(async () => {
    served = await serveConsole(await demoStore());
    browser = await startBrowser();
    token = await served.token('viewer');
  });

  test('says of a key whose it is, what for, from where, what is new, and what changed; every number is a link to so many', async () => {
    const { page, complaints } = await visit(browser, served);
    await open(page, `/keys/${STORY.foreign.key}?last=30d`);
    const sentence = page.locator('.sentence').first();
    await expect.poll(() => sentence.textContent()).toContain(STORY.foreign.address);
    for (const word of [STORY.handover.from, STORY.handover.to, 'orders', '1001']) {
      await expect.poll(() => sentence.textContent()).toContain(word);
    }
    const links = await sentence.locator('a[href*="/search?"]').all();
    let checked = 0;
    for (const link of links) {
      const [, number] = /^([\d,]+) (?:request|was|were)/.exec((await link.textContent()) ?? '') ?? [];
      if (number === undefined) continue;
      expect(await countBehind((await link.getAttribute('href')) ?? '')).toBe(Number(number.replace(',', '')));
      checked++;
    }
    expect(checked).toBeGreaterThanOrEqual(2);
    expect(complaints).toEqual([]);
  });

  test('draws its week so that all of its requests are in it', async () => {
    const { page } = await visit(browser, served);
    await open(page, `/keys/${STORY.foreign.key}?last=30d`);
    const cells = await page.locator('.heat td').allTextContents();
    const events = Number(/made ([\d,]+) request/.exec(await text(page, '.sentence'))?.[1]?.replace(',', ''));
    expect(cells.reduce((sum, cell) => sum + Number(cell), 0)).toBe(events);
  });

  test('holds an allow list against use: what is outside, what is not used, and a list that fits', async () => {
    const { page } = await visit(browser, served);
    const list = page.locator('.panel', { has: page.getByRole('heading', { name: 'Allow list against use' }) });
    await open(page, `/keys/${STORY.foreign.key}?last=30d`);
    await expect.poll(() => list.textContent()).toMatch(/203\.0\.113\.77 \(84, let in\)/);
    await expect.poll(() => list.locator('.proposal').count()).toBe(0);
    await open(page, `/keys/${STORY.denied.key}?last=30d`);
    await expect.poll(() => list.textContent()).toContain(`${STORY.denied.address} (40, denied)`);
    // A key without a list gets one of the addresses that it was let in from.
    await open(page, `/keys/${STORY.shared.key}?last=30d`);
    await expect
      .poll(() => list.locator('.proposal-list').textContent())
      .toBe(`${STORY.shared.ownerAddress}/32, ${STORY.shared.colleagueAddress}/128`);
  });

  test('marks what is new, keeps recorded and concluded apart, and tells the registry by its validity', async () => {
    const { page } = await visit(browser, served);
    await open(page, `/keys/${STORY.foreign.key}?last=7d`);
    const places = page.locator('.places');
    await expect.poll(() => places.locator('tr', { hasText: STORY.foreign.address }).textContent()).toContain('new');
    const history = page.locator('.history > li');
    await expect.poll(() => history.count()).toBe(2);
    await expect
      .poll(() => history.first().textContent())
      .toMatch(/owner: ada@northwind\.example → elif@northwind\.example/);
    await open(page, '/apps/infrastructure?last=7d');
    await expect.poll(() => page.locator('#keys .known-inferred').count()).toBeGreaterThan(0);
  });

  test.each([
    ['app', '/apps/orders', [`/keys/${STORY.foreign.key}`, `/addresses/${STORY.foreign.address}`]],
    ['owner', `/owners/${STORY.handover.to}`, [`/keys/${STORY.foreign.key}`, '/apps/orders']],
    [
      'address',
      `/addresses/${STORY.foreign.address}`,
      [`/keys/${STORY.foreign.key}`, '/apps/orders', '/owners/elif%40'],
    ],
    ['network', '/networks/office', ['/keys/reporting-adhoc', '/addresses/198.51.100.140']],
    ['user agent', `/user-agents/${encodeURIComponent(USER_AGENTS.python)}`, [`/keys/${STORY.foreign.key}`]],
  ])('of an %s leads to what it goes with in one click', async (_, path, hrefs) => {
    const { page, complaints } = await visit(browser, served);
    await open(page, `${path}?last=30d`);
    await expect.poll(() => page.locator('.value-bars').count()).toBeGreaterThan(0);
    for (const href of hrefs) {
      await expect.poll(() => page.locator(`main a[href*="${href}"]`).count(), { message: href }).toBeGreaterThan(0);
    }
    await expect.poll(() => page.locator('.heat').count()).toBe(1);
    expect(complaints).toEqual([]);
  });

  test('that does not exist helps: names like it, the list, and a search', async () => {
    const { page, complaints } = await visit(browser, served);
    await open(page, '/keys/orders-servce?last=30d');
    const empty = page.locator('.empty').first();
    await expect.poll(() => empty.getByRole('link', { name: STORY.foreign.key }).count()).toBe(1);
    for (const path of [
      '/apps/nothing',
      '/owners/nobody%40example.com',
      '/networks/nowhere',
      '/addresses/192.0.2.200',
    ]) {
      await open(page, `${path}?last=30d`);
      await expect.poll(() => page.locator('.empty a.button').count(), { message: path }).toBeGreaterThan(1);
    }
    await open(page, '/addresses/not%20an%20address?last=30d');
    await expect.poll(() => page.locator('.empty').count()).toBe(1);
    await expect.poll(() => page.locator('.trouble').count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  test('that was not seen in this time leads to when it was; one that was never used says so', async () => {
    const { page } = await visit(browser, served);
    await open(page, `/keys/${STORY.unused.key}?last=24h`);
    await page.getByRole('link', { name: /days up to it/ }).click();
    await settled(page);
    expect(params(page).last).toBeUndefined();
    await expect.poll(() => text(page, '.sentence')).toMatch(/made [\d,]+ request/);
    // However late the registry answers: until then nobody may say that it does not know the key.
    await page.route('**/api/v1/keys/spare-key/history*', async (route) => {
      await sleep(1_000);
      await route.continue();
    });
    await open(page, '/keys/spare-key?last=24h');
    expect(await text(page, '.empty')).toContain('never used');
    await expect.poll(() => page.locator('.history > li').count()).toBe(1);
  });

  test('has keys of its own, listed where they work', async () => {
    const { page } = await visit(browser, served);
    await open(page, `/addresses/${STORY.foreign.address}?last=30d`);
    await page.keyboard.press('?');
    await expect.poll(() => page.getByRole('dialog').textContent()).toContain('the first of its requests');
    await page.keyboard.press('Escape');
    await page.keyboard.press('s');
    await expect.poll(() => new URL(page.url()).pathname).toBe('/search');
    expect(params(page)['only.source_ip']).toBe(STORY.foreign.address);
    for (const [keys, path] of [
      ['gk', '/keys'],
      ['ga', '/apps'],
      ['gi', '/addresses'],
      ['gf', '/findings'],
    ] as const) {
      await page.locator('main').focus();
      await pressInARow(page, [...keys]);
      await expect.poll(() => new URL(page.url()).pathname).toBe(path);
    }
  });
});
