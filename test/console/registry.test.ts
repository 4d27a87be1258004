import type { Browser, Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Served } from '../http/support.ts';
import { temporaryStore } from '../support/store.ts';
import { CHROMIUM, demoStore, open, PHONE, serveConsole, settled, startBrowser, visit } from './support.ts';

let served: Served;
let browser: Browser;
let admin: string;

type Rows = { rows: Record<string, unknown>[] };
const rows = async (path: string) => ((await served.get(path, admin)).body as Rows).rows;
const appOf = async (key: string) => (await rows('/api/v1/keys')).find(({ key_id }) => key_id === key)?.app;
const tableOf = (page: Page, name: string) => page.locator(`.table-wrap[aria-label="${name}"]`);
const dialogOf = (page: Page) => page.getByRole('dialog');
const told = async (page: Page) => (await dialogOf(page).getByRole('status').textContent()) ?? '';
const tell = async (page: Page): Promise<void> => {
  await dialogOf(page).getByRole('button', { name: 'What would change?' }).click();
  await dialogOf(page).getByRole('status').waitFor();
};

describe.skipIf(CHROMIUM === undefined)('the registry', () => {
  beforeAll(async () => {
    served = await serveConsole(await demoStore());
    admin = await served.token('admin');
    browser = await startBrowser();
  });

  test('a key is assigned to an app by keyboard: what would change is seen before it does', async () => {
    const { page, complaints } = await visit(browser, served);
    await open(page, '/registry');
    await page.getByLabel('Find').fill('spare-key');
    await expect.poll(() => tableOf(page, 'Keys').locator('tbody tr').count()).toBe(1);
    await page.locator('main').focus();
    for (const key of ['j', 's', 'p']) await page.keyboard.press(key);
    await page.keyboard.type('rehearsal');
    await page.keyboard.press('Enter');
    await expect.poll(() => told(page)).toContain('rehearsal');
    expect(await appOf('spare-key')).toBe('');
    await page.keyboard.press('Enter');
    await expect.poll(() => dialogOf(page).count()).toBe(0);
    await settled(page);
    expect(await appOf('spare-key')).toBe('rehearsal');
    await expect.poll(() => tableOf(page, 'Keys').textContent()).toContain('rehearsal');
    await page.keyboard.press('o');
    await expect.poll(() => page.getByRole('complementary').textContent()).toContain('console, admin of a test');
    expect(served.deeds.some(({ action, status }) => action === 'change-registry' && status === 200)).toBe(true);
    expect(complaints).toEqual([]);
  });

  test('of two tabs that change one key the second is refused, loses no word, and records once it has looked again', async () => {
    const { context, page } = await visit(browser, served);
    const other = await context.newPage();
    const record = (of: Page) =>
      dialogOf(of)
        .getByRole('button', { name: /^Record/ })
        .click();
    for (const [tab, app] of [
      [page, 'mine'],
      [other, 'theirs'],
    ] as const) {
      await open(tab, '/registry?find=legacy-sync');
      await tab.getByLabel('Choose 1001/legacy-sync').check();
      await tab.getByRole('button', { name: /^Set app/ }).click();
      await dialogOf(tab).getByLabel('App').fill(app);
      await tell(tab);
    }
    await record(other);
    await expect.poll(() => appOf('legacy-sync')).toBe('theirs');
    await record(page);
    await expect.poll(() => dialogOf(page).getByRole('alert').textContent()).toContain('REGISTRY_CHANGED');
    expect(await appOf('legacy-sync')).toBe('theirs');
    await expect.poll(() => dialogOf(page).getByLabel('App').inputValue()).toBe('mine');
    await tell(page);
    expect(await told(page)).toContain('theirs');
    await record(page);
    await expect.poll(() => appOf('legacy-sync')).toBe('mine');
  });

  test('networks are added, changed and ended', async () => {
    const { page } = await visit(browser, served);
    await open(page, '/registry?tab=networks');
    await page.getByRole('button', { name: 'Add a network …' }).click();
    await dialogOf(page).getByLabel('Name').fill('lab');
    await dialogOf(page).getByLabel('Ranges').fill('10.9.0.0/99');
    await dialogOf(page).getByRole('button', { name: 'What would change?' }).click();
    await dialogOf(page).locator('.trouble').waitFor();
    await dialogOf(page).getByLabel('Ranges').fill('10.9.0.0/16, 2001:db8:99::/48');
    await tell(page);
    expect(await told(page)).toContain('10.9.0.0/16');
    await dialogOf(page)
      .getByRole('button', { name: /^Record/ })
      .click();
    await page.getByRole('link', { name: 'Change lab' }).click();
    await dialogOf(page).getByLabel('Ranges').fill('10.9.0.0/24');
    await tell(page);
    expect((await dialogOf(page).locator('del, ins').allTextContents()).join(' ')).toContain('10.9.0.0/16');
    await dialogOf(page)
      .getByRole('button', { name: /^Record/ })
      .click();
    await expect
      .poll(async () => (await rows('/api/v1/networks')).find(({ network }) => network === 'lab')?.cidrs)
      .toEqual(['10.9.0.0/24']);
    // The page hears of it later than who asks the daemon: until then its link means the ranges of before.
    await expect.poll(() => dialogOf(page).count()).toBe(0);
    await settled(page);
    await page.getByRole('link', { name: 'Change lab' }).click();
    await dialogOf(page)
      .getByLabel(/It has ended/)
      .check();
    await tell(page);
    await dialogOf(page)
      .getByRole('button', { name: /^Record/ })
      .click();
    await expect
      .poll(async () => (await rows('/api/v1/networks')).some(({ network }) => network === 'lab'))
      .toBe(false);
    await open(page, '/registry?tab=networks&open=network%3Alab');
    await expect.poll(() => page.locator('.versions > li').count()).toBe(3);
  });

  test('app rules are changed as a whole, in their order', async () => {
    const { page } = await visit(browser, served);
    await open(page, '/registry?tab=apps&do=rules');
    await dialogOf(page).getByRole('button', { name: 'Add a rule' }).click();
    const rule = dialogOf(page).getByRole('group', { name: 'Rule 2' });
    await dialogOf(page).getByRole('button', { name: 'What would change?' }).click();
    await expect.poll(() => rule.getByRole('alert').count()).toBeGreaterThan(0);
    await rule.getByLabel('Name').fill('pipelines');
    await rule.getByLabel('Key').fill('ci-*');
    await rule.getByLabel('Gives the app').fill('pipelines');
    await rule.getByRole('button', { name: 'Rule 2 earlier' }).click();
    await tell(page);
    await dialogOf(page)
      .getByRole('button', { name: /^Record/ })
      .click();
    const names = async () =>
      ((await served.get('/api/v1/registry/app-rules', admin)).body as { rules: { name: string }[] }).rules.map(
        ({ name }) => name,
      );
    await expect.poll(names).toEqual(['pipelines', 'terraform']);
  });

  test('a file is imported with its faults told by line, and what is the same twice changes nothing', async () => {
    const { page } = await visit(browser, served);
    await open(page, '/registry?do=import');
    const text = (list: string) => `keys:\n  - account_id: "1001"\n    key_id: from-file\n    allow_list: [${list}]\n`;
    await dialogOf(page).getByLabel('Or its text').fill(text('10.0.0.0/33'));
    await dialogOf(page).getByRole('button', { name: 'What would change?' }).click();
    await expect.poll(() => dialogOf(page).locator('.trouble').textContent()).toContain('line 4');
    await dialogOf(page)
      .getByLabel('File', { exact: true })
      .setInputFiles({ name: 'keys.yaml', mimeType: 'text/yaml', buffer: Buffer.from(text('10.0.0.0/24')) });
    await expect.poll(() => dialogOf(page).getByLabel('Or its text').inputValue()).toContain('/24');
    await tell(page);
    await dialogOf(page)
      .getByRole('button', { name: /^Record/ })
      .click();
    await expect.poll(() => appOf('from-file')).toBe('');
    await open(page, '/registry?do=import');
    await dialogOf(page).getByLabel('Or its text').fill(text('10.0.0.0/24'));
    await tell(page);
    expect(await told(page)).toContain('Nothing would change');
  });

  test("a viewer's token is refused an admin's edit by the page, and by the daemon where the page does not know", async () => {
    const viewer = await visit(browser, served, { role: 'viewer' });
    for (const address of [
      '/registry?do=import',
      '/registry?tab=apps&do=rules',
      '/registry?tab=networks&do=network%3A',
    ]) {
      await open(viewer.page, address);
      expect(await dialogOf(viewer.page).getByRole('note').textContent(), address).toContain('role viewer');
      await expect
        .poll(() => dialogOf(viewer.page).getByRole('button', { name: 'What would change?' }).count())
        .toBe(0);
    }
    // An admin whose session became another's in a second tab.
    const { context, page } = await visit(browser, served);
    await open(page, '/registry?do=import');
    const headers = { authorization: `Bearer ${await served.token('viewer')}` };
    await context.request.post('/session', { headers });
    await dialogOf(page).getByLabel('Or its text').fill('keys: []');
    await dialogOf(page).getByRole('button', { name: 'What would change?' }).click();
    await expect.poll(() => dialogOf(page).getByRole('alert').textContent()).toContain('ROLE_INSUFFICIENT');
  });

  test('history of what nobody knows says so, and every tab of an empty registry says what would fill it', async () => {
    const { page, complaints } = await visit(browser, served);
    for (const name of ['key:1001/no-such', 'network:<b>', 'user:nobody@example.com', 'account:0', 'thing:x', 'x']) {
      await open(page, `/registry?${new URLSearchParams({ open: name })}`);
      await expect
        .poll(() => page.getByRole('complementary').textContent(), { message: name })
        .toContain('knows nothing of it');
    }
    const empty = await serveConsole((await temporaryStore('child')).store);
    const other = await visit(browser, empty, { size: PHONE });
    for (const tab of ['keys', 'apps', 'networks', 'accounts', 'users', 'unregistered', 'changes']) {
      await open(other.page, `/registry?tab=${tab}`);
      await expect.poll(() => other.page.locator('.empty').count(), { message: tab }).toBeGreaterThan(0);
    }
    expect([...complaints, ...other.complaints]).toEqual([]);
  });
});

describe.skipIf(CHROMIUM === undefined)('what people wrote into the registry', () => {
  test('is text and nothing else, however strange and long', async () => {
    const strange = await serveConsole((await temporaryStore('child')).store);
    const token = await strange.token('admin');
    const text = `<img src=x onerror="document.title='pwned'">\u202Eexe 👩‍👩‍👧‍👦 ${'W'.repeat(400)}`;
    const change = async (body: object) => strange.post('/api/v1/registry/changes', token, { ...body, dry_run: false });
    const keys = [
      { account_id: text, key_id: text, owner: text, app: text, purpose: text, allow_list: ['10.0.0.0/8'] },
    ];
    const users = [{ account_id: text, email: text, name: text, role: 'owner' }];
    const accounts = [{ account_id: text, name: text }];
    const file = { accounts, users, keys, app_rules: [{ name: text, app: text, key: text }] };
    const imported = await change({ what: 'file', of: 'registry', name: 'k.json', text: JSON.stringify(file) });
    expect(imported.status, imported.text).toBe(200);
    const networks = [{ network: text, kind: text, owner: text, description: text, cidrs: ['10.0.0.0/8'] }];
    expect((await change({ what: 'networks', networks })).status).toBe(200);
    for (const size of [PHONE, { width: 1440, height: 900 }]) {
      const { page, complaints } = await visit(browser, strange, { size });
      for (const query of [
        ...['tab=keys', 'tab=apps', 'tab=networks', 'tab=accounts', 'tab=users', 'tab=apps&do=rules'],
        ...[
          `open=${encodeURIComponent(`key:${text}/${text}`)}`,
          `tab=networks&open=${encodeURIComponent(`network:${text}`)}`,
        ],
      ]) {
        await open(page, `/registry?${query}`);
        expect(await page.locator('main img').count(), query).toBe(0);
        const width = Number(await page.evaluate('document.documentElement.scrollWidth'));
        expect(width, query).toBeLessThanOrEqual(size.width);
      }
      expect(await page.title()).not.toBe('pwned');
      expect(complaints).toEqual([]);
    }
  });
});
