/**
 * Text as somebody writes it who means harm, or only another language; and records that hold it wherever text may be.
 */
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { request } from '../http/world.ts';
import { open } from './support.ts';

export const AT = '2026-05-05T10:00:00.000Z';
export const RANGE = 'from=2026-05-05T00:00:00Z&to=2026-05-06T00:00:00Z';

export const FOREIGN: readonly (readonly [string, string])[] = [
  [
    'markup',
    `<img src=x onerror="document.title='pwned'"><script>document.title='pwned'</script><a href="javascript:1">x</a>`,
  ],
  ['closing', `"></a></td></main>{{7*7}}\${7*7}<!--`],
  ['right to left', '\u202Eexe.gpj\u202C مرحبا بالعالم \u2067שלום\u2069'],
  ['emoji', '👩‍👩‍👧‍👦🏴‍☠️ e\u0301\u0302\u0303\u0304\u0305\u0306\u0307 ﷽'],
  ['without a place to break', 'W'.repeat(600)],
  ['controls', 'a\u0000b\u0007c\u001b[31md\u2028e\nf\tg'],
];

export function everywhere(text: string, name: string, ip = '203.0.113.7'): string {
  const id = `${name} ${text}`.slice(0, 900);
  return request('alpha', AT, {
    ...{ id, originator: text, apiKeyName: text, resource: text, type: text, description: text },
    request: {
      sourceIp: ip,
      method: 'GET',
      path: `/v1/${text}`,
      status: 200,
      userAgent: text,
      requestId: id,
    },
    authentication: { keyName: text, result: 'success', reason: '', accountId: 'alpha' },
  });
}

/** Opens a page, and finds that no text of it has become anything but text, nor made it wider than its screen. */
export async function openUnharmed(page: Page, address: string): Promise<void> {
  await open(page, address);
  const shown = address.slice(0, 120);
  const width = Number(await page.evaluate('document.documentElement.scrollWidth'));
  expect(width, shown).toBeLessThanOrEqual(page.viewportSize()?.width ?? 0);
  const made = await page.locator('main img, main script, main iframe, main b b, main a[href^="javascript:"]').count();
  expect(made, shown).toBe(0);
  expect(await page.title(), shown).not.toBe('pwned');
}
