/** From an odd address to the owner to call and the first suspicious request: by keyboard, and again by mouse. */
import type { Browser, Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { STORY } from '../../examples/generate.ts';
import type { Served } from '../http/support.ts';
import { CHROMIUM, demoStore, open, serveConsole, settled, startBrowser, visit } from './support.ts';

const STEPS_MAX = 12;
const { address, key } = STORY.foreign;
const OWNER = STORY.handover.to;

let served: Served;
let browser: Browser;
let firstAt: string;

/** What an investigator does, counted; after each step the page has what it asked for. */
function counted(page: Page) {
  let steps = 0;
  return {
    steps: () => steps,
    step: async (act: () => Promise<unknown>): Promise<void> => {
      steps++;
      await act();
      await settled(page);
    },
  };
}

async function expectFirstRequest(page: Page): Promise<void> {
  const drawer = page.getByRole('complementary');
  await drawer.waitFor();
  await settled(page);
  const told = (await drawer.textContent()) ?? '';
  for (const word of [address, key, OWNER, 'should have been denied']) expect(told).toContain(word);
  expect(told).toContain(firstAt.replace('T', ' ').replace('Z', ''));
}

describe.skipIf(CHROMIUM === undefined)('from an odd address to the owner and the first suspicious request', () => {
  beforeAll(async () => {
    served = await serveConsole(await demoStore());
    browser = await startBrowser();
    const { body } = await served.get(`/api/v1/addresses/${address}`, await served.token('viewer'));
    const [first] = (body as { rows: { first_seen: string }[] }).rows;
    firstAt = String(first?.first_seen);
  });

  test('by keyboard', async () => {
    const { page, complaints } = await visit(browser, served, { role: 'viewer' });
    await open(page, '/?last=30d');
    const { step, steps } = counted(page);
    await step(() => page.keyboard.press('Control+k'));
    await step(() => page.keyboard.type(address));
    await step(() => page.keyboard.press('Enter'));
    expect(new URL(page.url()).pathname).toBe(`/addresses/${address}`);
    await expect.poll(() => page.locator('.sentence').first().textContent()).toContain(OWNER);
    await step(() => page.keyboard.press('b'));
    await expect.poll(() => page.locator('.list-row').count()).toBe(1);
    await step(() => page.keyboard.press('o'));
    await expectFirstRequest(page);
    expect(steps()).toBeLessThan(STEPS_MAX);
    expect(complaints).toEqual([]);
  });

  test('by mouse', async () => {
    const { page, complaints } = await visit(browser, served, { role: 'viewer' });
    await open(page, '/?last=30d');
    const { step, steps } = counted(page);
    await step(() => page.locator('main').getByRole('link', { name: address, exact: true }).first().click());
    expect(new URL(page.url()).pathname).toBe(`/addresses/${address}`);
    await step(() => page.getByTitle('Its first request').first().click());
    await expect.poll(() => page.locator('.list-row').count()).toBe(1);
    await step(() => page.locator('.list-row').click({ position: { x: 60, y: 8 } }));
    await expectFirstRequest(page);
    await step(() => page.getByRole('complementary').getByRole('link', { name: OWNER }).first().click());
    expect(new URL(page.url()).pathname).toBe(`/owners/${encodeURIComponent(OWNER)}`);
    await expect.poll(() => page.locator(`a[href^="mailto:${OWNER}"]`).count()).toBe(1);
    expect(steps()).toBeLessThan(STEPS_MAX);
    expect(complaints).toEqual([]);
  });
});
