/** Text of records is anybody's: whoever can make a request writes it. */
import type { Browser } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Served } from '../http/support.ts';
import { request } from '../http/world.ts';
import { temporaryStore } from '../support/store.ts';
import { takeIn } from '../support/take-in.ts';
import { AT, everywhere, FOREIGN, openUnharmed, RANGE } from './foreign.ts';
import { SHOWN } from './pages.ts';
import { CHROMIUM, DESKTOP, open, PHONE, serveConsole, settled, startBrowser, visit } from './support.ts';

let served: Served;
let browser: Browser;

describe.skipIf(CHROMIUM === undefined)('foreign text', () => {
  beforeAll(async () => {
    const { store } = await temporaryStore();
    const source = 'gateway/request';
    await takeIn(
      store,
      FOREIGN.map(([name, text]) => everywhere(text, name)),
      { stream: 'file:foreign', source },
    );
    const long = request('alpha', AT, { id: 'long', description: `<b>${'lang und länger '.repeat(55_000)}` });
    await takeIn(store, [long], { stream: 'file:long', source, recordBytesMax: 1_048_576 });
    served = await serveConsole(store);
    browser = await startBrowser();
  });

  test.each([
    ['a desktop', DESKTOP],
    ['a phone', PHONE],
    ['the smallest screen', { width: 320, height: 600 }],
  ])('is text and nothing else, and breaks no page on %s', async (_, size) => {
    const { page, complaints } = await visit(browser, served, { size });
    const events = (await served.get(`/api/v1/events?${RANGE}`, await served.token('viewer'))).body as {
      events: { event_id: string; source: string; account_id: string; key_id: string }[];
    };
    expect(events.events).toHaveLength(FOREIGN.length + 1);
    const addresses = SHOWN.filter(({ keys }) => keys === undefined).map(({ path }) =>
      path.includes('?') ? `${path}&${RANGE}` : `${path}?${RANGE}`,
    );
    for (const { event_id, source, account_id, key_id } of events.events) {
      addresses.push(`/search?${RANGE}&${new URLSearchParams({ event: `${source} ${account_id} ${event_id}` })}`);
      addresses.push(`/search?${RANGE}&${new URLSearchParams({ 'only.key_id': key_id })}`);
    }
    for (const address of addresses) {
      await openUnharmed(page, address);
    }
    expect(complaints).toEqual([]);
  });

  test('of a mebibyte is shown in part at once, and whole when that is asked for', async () => {
    const { page } = await visit(browser, served);
    await open(page, `/search?${RANGE}&text=l%C3%A4nger`);
    await page.keyboard.press('o');
    await page.getByRole('complementary').waitFor();
    await settled(page);
    const shown = async () => ((await page.locator('.drawer').textContent()) ?? '').length;
    expect(await shown()).toBeLessThan(40_000);
    await page.getByRole('button', { name: 'Show all' }).click();
    await expect.poll(shown).toBeGreaterThan(880_000);
  });

  test('stays the same value when it is kept, turned round and dropped', async () => {
    const { page } = await visit(browser, served);
    await open(page, `/search?${RANGE}`);
    for (const [name, text] of FOREIGN.slice(0, 4)) {
      await open(page, `/search?${RANGE}&${new URLSearchParams({ 'only.key_id': text })}`);
      await expect.poll(() => page.locator('.list-row').count(), { message: name }).toBe(1);
      await expect.poll(() => page.locator('.chip bdi').textContent(), { message: name }).toBe(text);
    }
  });
});
