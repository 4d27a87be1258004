import { randomUUID } from 'node:crypto';
import type { Browser } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { AccessLog } from '../../src/http/access-log.ts';
import type { Served } from '../http/support.ts';
import { temporaryStore } from '../support/store.ts';
import { CHROMIUM, open, params, serveConsole, settled, startBrowser, visit } from './support.ts';

let served: Served;
let browser: Browser;

/** As the daemon keeps what was asked, a moment later. */
async function keepDeeds(): Promise<void> {
  const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const log = new AccessLog({ push: () => served.push, now: Date.now, uuid: randomUUID, log: quiet });
  for (const deed of served.deeds) log.note(deed);
  await log.stop();
}

describe.skipIf(CHROMIUM === undefined)('access', () => {
  beforeAll(async () => {
    served = await serveConsole((await temporaryStore('child')).store);
    browser = await startBrowser();
  });

  test('a token is made by keyboard, shown once and kept nowhere, and revoked', async () => {
    const { page, complaints } = await visit(browser, served);
    await open(page, '/access');
    await page.keyboard.press('n');
    await page.keyboard.type('auditor');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'I have it' }).waitFor();
    const token = (await page.locator('output').textContent()) ?? '';
    expect(token).toMatch(/^kt_/);
    expect((await served.get('/api/v1/me', token)).body).toMatchObject({ name: 'auditor', role: 'viewer' });
    // Put away by accident it would be lost.
    await page.keyboard.press('Escape');
    await expect.poll(() => dialog.count()).toBe(1);
    await dialog.getByRole('button', { name: 'I have it' }).click();
    await settled(page);
    expect(await page.content()).not.toContain(token);
    expect(page.url()).not.toContain('kt_');
    expect(JSON.stringify(await page.context().storageState())).not.toContain(token);
    expect(JSON.stringify(served.deeds)).not.toContain(token);
    await page.getByRole('button', { name: 'Revoke auditor' }).click();
    await dialog.getByRole('button', { name: 'Revoke it' }).click();
    await expect.poll(() => page.locator('.table-wrap').textContent()).toContain('revoked');
    expect((await served.get('/api/v1/me', token)).status).toBe(401);
    expect(complaints).toEqual([]);
  });

  test('who revokes the own token is told so before, and signed out', async () => {
    const { page } = await visit(browser, served);
    await open(page, '/access');
    const own = page.locator('tr', { hasText: '(yours)' });
    await own.getByRole('button', { name: /^Revoke/ }).click();
    await expect.poll(() => page.getByRole('dialog').textContent()).toContain('signed in with');
    await page.getByRole('button', { name: 'Revoke it' }).click();
    await page.getByRole('dialog', { name: 'Your session has ended' }).waitFor();
  });

  test('a token that cannot be is told in the form, and none is made', async () => {
    const { page } = await visit(browser, served);
    await open(page, '/access?do=add');
    const dialog = page.getByRole('dialog');
    await page.keyboard.press('Enter');
    await expect.poll(() => dialog.getByRole('alert').count()).toBe(1);
    await dialog.getByLabel('Name').fill('gateway');
    await dialog.getByLabel('Role').selectOption('push');
    await dialog.getByLabel('Source of its records').selectOption('redis-cloud/system-log');
    await dialog.getByRole('button', { name: 'Make the token' }).click();
    await expect.poll(() => dialog.locator('.trouble').textContent()).toContain('ACCOUNT_REQUIRED');
    await dialog.getByLabel('Account').fill('1001');
    await dialog.getByRole('button', { name: 'Make the token' }).click();
    await dialog.getByRole('button', { name: 'I have it' }).waitFor();
  });

  test('who may only look sees neither tokens nor a way to make one, and who asked what', async () => {
    await keepDeeds();
    const { page, complaints } = await visit(browser, served, { role: 'viewer' });
    await open(page, '/access');
    await expect.poll(() => page.locator('main').getByRole('note').textContent()).toContain('admin');
    await expect.poll(() => page.getByRole('table').count()).toBe(0);
    await page.keyboard.press('n');
    await expect.poll(() => page.getByRole('dialog').getByRole('button', { name: 'Make the token' }).count()).toBe(0);
    await page.keyboard.press('Escape');
    await page.keyboard.press('2');
    await settled(page);
    const rows = page.locator('.table-wrap').locator('tbody tr');
    await expect.poll(() => rows.count()).toBeGreaterThan(1);
    await page
      .locator('.filters')
      .getByRole('link', { name: /^token / })
      .click();
    await settled(page);
    expect(params(page).action).toBe('token');
    expect(new Set(await rows.locator('td:nth-child(3)').allTextContents())).toEqual(new Set(['token']));
    expect(complaints).toEqual([]);
  });
});
