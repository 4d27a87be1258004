/**
 * An investigation from start to finish: somebody is woken by a finding. What was seen, and is it so? Whose key is it,
 * and whom to call? Then it is said what it was, of all that are alike, with a note for the morning.
 */
import type { Browser, Page } from 'playwright-core';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { STORY } from '../../examples/generate.ts';
import type { Served } from '../http/support.ts';
import { openForTest } from '../support/store.ts';
import { Steps } from './steps.ts';
import { CHROMIUM, demoFolder, open, serveConsole, startBrowser, visit } from './support.ts';

const STEPS_MAX = 11;
const { address, key } = STORY.foreign;
const OWNER = STORY.handover.to;
const RULE = 'source-ip-outside-allow-list';
const NOTE = 'Elif knows nothing of it; the key is revoked';

interface Finding {
  readonly id: string;
  readonly state: string;
  readonly severity: string;
  readonly note: string;
  readonly first_seen: string;
}

let served: Served;
let browser: Browser;
let found: readonly Finding[];

async function listed(): Promise<readonly Finding[]> {
  const { body } = await served.get(`/api/v1/findings?rule=${RULE}&key=${key}`, await served.token('analyst'));
  return (body as { findings: Finding[] }).findings;
}

async function expectTold(page: Page): Promise<void> {
  for (const word of [key, address, OWNER, 'outside of its allow list', 'What to do']) {
    await expect.poll(() => page.locator('.finding').textContent()).toContain(word);
  }
  const graph = page.getByRole('figure', { name: 'What the finding ties together' });
  for (const name of [OWNER, key, address]) {
    await expect.poll(() => graph.getByRole('link', { name }).count(), { message: name }).toBe(1);
  }
}

/** The first request, whole, with the rule that it broke. */
async function expectFirst(page: Page, { first_seen }: Finding): Promise<void> {
  const drawer = page.getByRole('complementary');
  await drawer.waitFor();
  const told = async () => (await drawer.textContent()) ?? '';
  await expect.poll(told).toContain('should have been denied');
  expect(await told()).toContain(first_seen.replace('T', ' ').replace('Z', ''));
  await expect.poll(() => page.locator('.list-row[aria-selected=true]').count()).toBe(1);
}

async function expectKey(page: Page): Promise<void> {
  expect(new URL(page.url()).pathname).toBe(`/keys/${key}`);
  const sentence = async () => (await page.locator('.sentence').first().textContent()) ?? '';
  await expect.poll(sentence).toContain('came from outside its allow list');
  expect(await sentence()).toContain(OWNER);
}

async function expectClosed(): Promise<void> {
  await expect.poll(async () => (await listed()).filter(({ state }) => state !== 'true-positive')).toEqual([]);
  const after = await listed();
  expect(after).toHaveLength(found.length);
  expect(new Set(after.map(({ note }) => note))).toEqual(new Set([NOTE]));
}

describe.skipIf(CHROMIUM === undefined)('from a finding that woke somebody to what it was', () => {
  beforeAll(async () => {
    browser = await startBrowser();
  });

  beforeEach(async () => {
    served = await serveConsole((await openForTest({ dataDir: await demoFolder(), mode: 'child' })).store);
    found = await listed();
    expect(found.length).toBeGreaterThan(1);
  });

  const latest = (): Finding =>
    found.toSorted((one, other) => other.first_seen.localeCompare(one.first_seen))[0] as Finding;

  test('by keyboard', async () => {
    const { page, complaints } = await visit(browser, served, { role: 'analyst' });
    await open(page, '/?last=30d');
    const steps = new Steps(page);
    await steps.press('g f');
    await steps.press('o');
    await expectTold(page);
    await steps.press('b');
    await expectFirst(page, latest());
    await steps.back();
    await steps.press('u');
    await expectKey(page);
    await steps.back();
    await steps.press('t');
    await steps.type(NOTE);
    await steps.press('Tab Space');
    await steps.press('Enter');
    await expectClosed();
    expect(steps.done.length, steps.done.join('\n')).toBeLessThanOrEqual(STEPS_MAX);
    expect(complaints).toEqual([]);
  });

  test('by mouse', async () => {
    const { page, complaints } = await visit(browser, served, { role: 'analyst' });
    await open(page, '/?last=30d');
    const steps = new Steps(page);
    await steps.click(page.getByRole('link', { name: /outside of its allow list/ }).first());
    await expectTold(page);
    await steps.click(page.getByRole('figure').getByRole('link', { name: key, exact: true }));
    await expectKey(page);
    await steps.back();
    await steps.click(page.getByRole('link', { name: 'The first of its events' }));
    await expectFirst(page, latest());
    await steps.back();
    await steps.click(page.getByRole('button', { name: /Was what it looked like/ }));
    const dialog = page.getByRole('dialog');
    await steps.type(NOTE);
    await steps.click(dialog.getByRole('checkbox'));
    await steps.click(dialog.getByRole('button', { name: /Was what it looked like/ }));
    await expectClosed();
    await steps.click(page.locator('.finding').getByRole('link', { name: OWNER }).first());
    await expect.poll(() => page.locator(`a[href^="mailto:${OWNER}"]`).count()).toBe(1);
    expect(steps.done.length, steps.done.join('\n')).toBeLessThanOrEqual(STEPS_MAX);
    expect(complaints).toEqual([]);
  });

  test('and what its runbook says to ask is asked at once', async () => {
    const { page } = await visit(browser, served, { role: 'viewer' });
    await open(page, `/findings/${latest().id}`);
    await page.locator('.steps').getByRole('link', { name: 'key-timeline' }).click();
    await expect.poll(() => new URL(page.url()).pathname).toBe('/questions/key-timeline');
    await expect.poll(() => page.locator('main').textContent()).toContain(address);
  });
});
