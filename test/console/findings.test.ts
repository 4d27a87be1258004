import type { Browser, Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { STORY } from '../../examples/generate.ts';
import type { Served } from '../http/support.ts';
import { CHROMIUM, demoStore, open, params, serveConsole, settled, startBrowser, visit } from './support.ts';

interface Finding {
  readonly id: string;
  readonly rule: string;
  readonly severity: string;
  readonly state: string;
  readonly key_id: string;
  readonly note: string;
  readonly evidence: string;
}

let served: Served;
let browser: Browser;
let token: string;

async function listed(query = 'state=open'): Promise<Finding[]> {
  const { body } = await served.get(`/api/v1/findings?limit=1000&${query}`, token);
  return (body as { findings: Finding[] }).findings;
}
const one = async (id: string): Promise<Finding> => (await served.get(`/api/v1/findings/${id}`, token)).body as Finding;

async function press(page: Page, ...keys: string[]): Promise<void> {
  for (const key of keys) {
    await page.keyboard.press(key);
    await settled(page);
  }
}

async function openedIn(page: Page): Promise<string> {
  await expect.poll(() => params(page).finding ?? '').toMatch(/^[0-9a-f]{32}$/);
  return params(page).finding ?? '';
}

describe.skipIf(CHROMIUM === undefined)('findings', () => {
  beforeAll(async () => {
    served = await serveConsole(await demoStore());
    browser = await startBrowser();
    token = await served.token('analyst');
  });

  test('stand in a queue with the gravest first, and one tells what was expected, seen, how sure, and what to do', async () => {
    const { page, complaints } = await visit(browser, served);
    await open(page, '/findings?last=30d');
    const open_ = await listed();
    await expect.poll(() => page.locator('.sentence').first().textContent()).toContain(`${open_.length} open findings`);
    await press(page, 'j', 'j', 'k', 'o');
    const finding = await one(await openedIn(page));
    expect(finding.severity).toBe('critical');
    const drawer = page.getByRole('complementary');
    for (const title of [
      'What was expected',
      'How sure that is',
      'Has this been noise before?',
      'What to do',
      'What was seen',
    ]) {
      await expect.poll(() => drawer.getByRole('heading', { level: 3 }).allTextContents()).toContain(title);
    }
    await expect.poll(() => drawer.locator('.steps li').count()).toBe(3);
    await expect.poll(() => drawer.getByRole('link', { name: STORY.handover.to }).count()).toBeGreaterThan(0);
    // The question tells it again with the same parameters as the API's own path.
    const href = (await drawer.getByRole('link', { name: 'Ask the detection again' }).getAttribute('href')) ?? '';
    const asked = new URL(href, served.url);
    expect(asked.pathname).toBe(`/questions/${finding.rule}`);
    for (const [name, value] of new URL(finding.evidence, served.url).searchParams) {
      expect(asked.searchParams.getAll(name)).toContain(value);
    }
    await press(page, 'w');
    expect(new URL(page.url()).pathname).toBe(`/findings/${finding.id}`);
    expect(complaints).toEqual([]);
  });

  test('are judged by keyboard with a note, and the next one comes up to the place', async () => {
    const { page } = await visit(browser, served, { role: 'analyst' });
    await open(page, '/findings?last=30d');
    const before = (await listed()).length;
    await press(page, 'j', 'o');
    const id = await openedIn(page);
    await press(page, 'a');
    await page.keyboard.type('asked <b>elif</b>');
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await one(id)).state).toBe('acknowledged');
    expect((await one(id)).note).toBe('asked <b>elif</b>');
    await expect.poll(() => page.locator('.sentence').first().textContent()).toContain(`${before - 1} open`);
    await expect.poll(() => page.locator('.notes').textContent()).toContain('asked <b>elif</b>');
    await page.keyboard.press('Escape');
    await press(page, 'o');
    const next = await openedIn(page);
    expect(next).not.toBe(id);
    expect((await one(next)).state).toBe('open');
  });

  test('that are alike are judged at once', async () => {
    const { page } = await visit(browser, served, { role: 'analyst' });
    const key = STORY.deleted.key;
    await open(page, `/findings?last=30d&key=${key}&rule=unknown-or-deleted-key-used`);
    const like = await listed(`state=open&key=${key}&rule=unknown-or-deleted-key-used`);
    expect(like.length).toBeGreaterThan(1);
    await press(page, 'j', 'o');
    await openedIn(page);
    await press(page, 't');
    await page.getByRole('checkbox').check();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /Was what it looked like/ })
      .click();
    await expect
      .poll(async () => (await listed(`state=open&key=${key}&rule=unknown-or-deleted-key-used`)).length)
      .toBe(0);
    const closed = await listed(`state=true-positive&key=${key}`);
    expect(closed.map(({ id }) => id).toSorted()).toEqual(like.map(({ id }) => id).toSorted());
  });

  test('are suppressed after it was told what that would have hidden, and the suppression is taken back', async () => {
    const { page } = await visit(browser, served, { role: 'analyst' });
    await open(page, `/findings?last=30d&key=${STORY.denied.key}`);
    await press(page, 'j', 'o');
    const { rule } = await one(await openedIn(page));
    await press(page, 's');
    const preview = page.locator('.preview');
    await expect.poll(() => preview.textContent()).toMatch(/would have hidden \d+ of the last 30 days' \d+/);
    const numbers = async () =>
      [...((await preview.textContent()) ?? '').matchAll(/\d+/g)].map(([number]) => Number(number));
    const [narrow = 0] = await numbers();
    await page.getByRole('button', { name: 'any detection' }).click();
    const dialog = page.getByRole('dialog');
    for (const field of await dialog.locator('input.mono').all()) await field.fill('');
    await expect.poll(() => preview.textContent()).toContain('everything');
    await dialog.locator('input.mono').first().fill('*');
    await expect.poll(async () => (await numbers())[0] ?? 0).toBeGreaterThan(narrow);
    await page.getByRole('button', { name: `only ${rule}` }).click();
    await page.getByLabel('Reason').fill('a drill');
    await page.keyboard.press('Enter');
    await expect.poll(() => dialog.count()).toBe(0);
    const list = page.locator('.suppressions');
    await expect.poll(() => list.count()).toBe(1);
    await list.locator('summary').click();
    await expect.poll(() => list.textContent()).toContain('a drill');
    await list.getByRole('button', { name: 'Take back' }).click();
    await expect.poll(() => list.count()).toBe(0);
  });

  test('can be looked at by a viewer, and not judged: neither by button nor by key', async () => {
    const { page, complaints } = await visit(browser, served, { role: 'viewer' });
    await open(page, '/findings?last=30d');
    await press(page, 'j', 'o');
    await openedIn(page);
    await expect.poll(() => page.locator('.finding-actions button:not([disabled])').count()).toBe(0);
    await expect.poll(() => page.locator('.finding .note').textContent()).toContain('viewer');
    await press(page, 'a', 's');
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  test('of which one is judged after the session became a viewer’s say that it was refused, and lose no word', async () => {
    const { context, page } = await visit(browser, served, { role: 'analyst' });
    await open(page, '/findings?last=30d');
    await press(page, 'j', 'o');
    const id = await openedIn(page);
    const { state } = await one(id);
    await press(page, 'f');
    await page.getByLabel('Note').fill('typed before');
    const [cookie] = (await context.cookies()).filter(({ name }) => name === 'keytrail');
    served.sessions.end(cookie?.value ?? '');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Your session has ended' }).waitFor();
    await page.getByLabel('Token').fill(await served.token('viewer'));
    await page.keyboard.press('Enter');
    await expect.poll(() => page.locator('dialog .trouble').textContent()).toContain('ROLE_INSUFFICIENT');
    await expect.poll(() => page.getByLabel('Note').inputValue()).toBe('typed before');
    expect((await one(id)).state).toBe(state);
  });

  test('of which one is judged after the session has ended are judged by themselves once somebody signs in', async () => {
    const { context, page, complaints } = await visit(browser, served, { role: 'analyst' });
    await open(page, '/findings?last=30d');
    await press(page, 'j', 'o');
    const id = await openedIn(page);
    await press(page, 'a');
    await page.getByLabel('Note').fill('typed once');
    const [cookie] = (await context.cookies()).filter(({ name }) => name === 'keytrail');
    served.sessions.end(cookie?.value ?? '');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Your session has ended' }).waitFor();
    expect((await one(id)).state).toBe('open');
    await page.getByLabel('Token').fill(await served.token('analyst'));
    await page.keyboard.press('Enter');
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
    expect(await one(id)).toMatchObject({ state: 'acknowledged', note: 'typed once' });
    expect(complaints).toEqual([]);
  });

  test('that are not there lead back to the queue', async () => {
    const { page, complaints } = await visit(browser, served);
    for (const id of ['0'.repeat(32), 'nothing']) {
      await open(page, `/findings/${id}`);
      await expect.poll(() => page.locator('main a[href*="/findings"]').count(), { message: id }).toBeGreaterThan(0);
      await expect.poll(() => page.locator('main').textContent()).toMatch(/no such finding/i);
    }
    expect(complaints).toEqual([]);
  });
});
