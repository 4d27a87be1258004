/** Pages that are opened by a foreign name: whoever names a key, an app, a network or a client chose it. */
import { randomUUID } from 'node:crypto';
import type { Browser } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadDetections } from '../../src/detect/detections.ts';
import { DetectionEngine } from '../../src/detect/engine.ts';
import { AccessLog } from '../../src/http/access-log.ts';
import type { Store } from '../../src/store/store.ts';
import { QUERIES } from '../ask/fixture.ts';
import type { Served } from '../http/support.ts';
import { temporaryStore } from '../support/store.ts';
import { takeIn } from '../support/take-in.ts';
import { everywhere, FOREIGN, openUnharmed, RANGE } from './foreign.ts';
import { CHROMIUM, DESKTOP, open, PHONE, serveConsole, settled, startBrowser, visit } from './support.ts';

const SOURCE = 'gateway/request';
const LOG = { info: () => undefined, warn: () => undefined, error: () => undefined };
/** In all of its fields it makes a record of nearly a mebibyte. */
const HUGE = `<b>${'lang und länger '.repeat(6_000)}`;
/** No registry names anything so, and no link leads there. */
const LONG = 'W'.repeat(5_000);

interface Finding {
  readonly id: string;
  readonly key_id: string;
  readonly rule: string;
}

let store: Store;
let served: Served;
let browser: Browser;
let findings: readonly Finding[];
let letters: readonly string[];

const addressOf = (at: number): string => `203.0.113.${at + 10}`;

async function nameThings(): Promise<void> {
  const admin = await served.token('admin');
  const how = { valid_from: '2026-01-01T00:00:00Z', dry_run: false };
  const keys = FOREIGN.map(([, text]) => ({
    ...{ account_id: 'alpha', key_id: text, owner: text, app: text, purpose: text },
    allow_list: ['10.0.0.0/8'],
  }));
  const text = JSON.stringify({ keys });
  const file = { what: 'file', of: 'registry', name: 'keys.json', text, ...how };
  const networks = FOREIGN.map(([, network], at) => ({
    ...{ network, kind: network, owner: network, description: network, cidrs: [`${addressOf(at)}/32`] },
  }));
  for (const body of [file, { what: 'networks', networks, ...how }]) {
    const { status, text: told } = await served.post('/api/v1/registry/changes', admin, body);
    expect(status, told).toBe(200);
  }
}

async function findThings(): Promise<void> {
  const detections = await loadDetections([`${QUERIES}/detections`]);
  await new DetectionEngine({ store, detections, now: Date.now }).cycle();
  const analyst = await served.token('analyst');
  const { body } = await served.get('/api/v1/findings?limit=1000', analyst);
  findings = (body as { findings: Finding[] }).findings;
  for (const [, text] of FOREIGN) {
    const ids = findings.filter(({ key_id }) => key_id === text).map(({ id }) => id);
    expect(ids.length, text.slice(0, 40)).toBeGreaterThan(0);
    await served.post('/api/v1/findings/judge', analyst, { ids, action: 'acknowledge', note: text });
    const until = new Date(Date.now() + 86_400_000).toISOString();
    const entity = { key_id: text.slice(0, 1_000) };
    await served.post('/api/v1/suppressions', analyst, { entity, until, reason: text });
    // What is asked is a deed, which the access log keeps in the words of whoever asked.
    await served.get(`/api/v1/events?${new URLSearchParams({ 'only.key_id': text })}`, analyst);
  }
  const log = new AccessLog({ push: () => served.push, now: Date.now, uuid: randomUUID, log: LOG });
  for (const deed of served.deeds) log.note(deed);
  await log.stop();
}

describe.skipIf(CHROMIUM === undefined)('what is foreign names a page', () => {
  beforeAll(async () => {
    ({ store } = await temporaryStore());
    served = await serveConsole(store);
    await nameThings();
    const events = FOREIGN.map(([name, text], at) => everywhere(text, name, addressOf(at)));
    await takeIn(store, [...events, everywhere(LONG, 'long')], { stream: 'file:foreign', source: SOURCE });
    await takeIn(store, [everywhere(HUGE, 'huge')], {
      ...{ stream: 'file:huge', source: SOURCE, recordBytesMax: 1_048_576 },
    });
    await takeIn(
      store,
      FOREIGN.map(([, text]) => `{"id": ${JSON.stringify(text)}, "time": ${text}`),
      { stream: `file:${FOREIGN[0]?.[1]}`, source: SOURCE, accountId: 'alpha' },
    );
    await findThings();
    const { body } = await served.get('/api/v1/dead-letters', await served.token('viewer'));
    letters = (body as { rows: { content_hash: string; reason: string }[] }).rows.map(
      ({ content_hash, reason }) => `${content_hash}:${reason}`,
    );
    browser = await startBrowser();
  });

  test.each(FOREIGN.map(([name, text], at) => [name, text, at] as const))(
    'as text and nothing else, with all that is known of it, where it is %s',
    async (kind, text, at) => {
      const name = encodeURIComponent(text);
      const found = findings.find(({ key_id, rule }) => key_id === text && rule === 'source-ip-outside-allow-list');
      expect(found).toBeDefined();
      for (const size of kind === 'markup' ? [DESKTOP, PHONE] : [PHONE]) {
        const { context, page, complaints } = await visit(browser, served, { size });
        for (const [path, shown] of [
          [`/keys/${name}`, text],
          [`/apps/${name}`, text],
          [`/owners/${encodeURIComponent(text.toLowerCase())}`, text.toLowerCase()],
          [`/networks/${name}`, text],
          [`/user-agents/${name}`, text],
          [`/addresses/${addressOf(at)}`, addressOf(at)],
        ] as const) {
          await openUnharmed(page, `${path}?${RANGE}`);
          expect(await page.locator('.entity-name').textContent(), path.slice(0, 80)).toBe(shown);
          expect(await page.locator('.trouble').count(), path.slice(0, 80)).toBe(0);
          await expect.poll(() => page.locator('.sentence').first().textContent()).toContain('1 request');
        }
        for (const path of [
          `/findings?state=all&${new URLSearchParams({ key: text, finding: found?.id ?? '' })}`,
          `/findings/${found?.id}?`,
          `/registry?${new URLSearchParams({ find: text, open: `key:alpha/${text}` })}`,
          `/registry?tab=networks&${new URLSearchParams({ open: `network:${text}` })}`,
          `/questions/key-timeline?${new URLSearchParams({ 'param.key_id': text })}`,
          `/questions/who-used-ip?${new URLSearchParams({ 'param.source_ip': addressOf(at) })}`,
          `/ingest?tab=letters&${new URLSearchParams({ open: letters[at] ?? '' })}`,
        ]) {
          await openUnharmed(page, `${path}&${RANGE}`);
          expect(await page.locator('.trouble').count(), path.slice(0, 80)).toBe(0);
        }
        expect(complaints).toEqual([]);
        await context.close();
      }
    },
  );

  test('in lists, notes, suppressions, questions’ answers and the access log as well', async () => {
    for (const size of [DESKTOP, PHONE]) {
      const { context, page, complaints } = await visit(browser, served, { size });
      for (const path of [
        ...['/findings?state=all', '/registry?tab=changes', '/registry?tab=networks', '/ingest?tab=letters'],
        ...['/questions/key-usage?', '/questions/user-agent-usage?', '/questions/access-log?', '/access?tab=asked'],
      ]) {
        const range = path.includes('access') ? 'last=24h' : RANGE;
        await openUnharmed(page, `${path}&${range}`);
        expect(await page.locator('.trouble').count(), path).toBe(0);
      }
      await open(page, `/findings?state=all&${RANGE}`);
      await page.locator('.suppressions summary').click();
      await expect.poll(() => page.locator('.suppressions li').count()).toBe(FOREIGN.length);
      await expect.poll(() => page.locator('.suppressions img').count()).toBe(0);
      expect(complaints).toEqual([]);
      await context.close();
    }
  });

  test('of five thousand characters opens its page, by whatever it is named', async () => {
    const { page, complaints } = await visit(browser, served, { size: PHONE });
    for (const path of ['/keys', '/user-agents']) {
      await openUnharmed(page, `${path}/${LONG}?${RANGE}`);
      await expect.poll(() => page.locator('.sentence').first().textContent()).toContain('1 request');
      expect(await page.locator('.trouble').count(), path).toBe(0);
    }
    for (const path of ['/apps', '/owners', '/networks']) {
      await openUnharmed(page, `${path}/${LONG}?${RANGE}`);
      await expect.poll(() => page.locator('.entity-name').textContent()).toBe(LONG);
      expect(await page.locator('.trouble').count(), path).toBe(0);
    }
    for (const path of ['/addresses', '/findings', '/questions', '/reports']) {
      await openUnharmed(page, `${path}/${LONG}?${RANGE}`);
    }
    expect(complaints).toEqual([]);
  });

  test('of which a record of a mebibyte is full is cut wherever it stands, and the page still does what it is told', async () => {
    const huge = findings.filter(({ key_id }) => key_id.startsWith('<b>lang'));
    expect(huge.length).toBeGreaterThan(0);
    const { page, complaints } = await visit(browser, served, { size: PHONE });
    for (const path of [
      ...['/?', '/search?', '/keys?', '/user-agents?', '/addresses/203.0.113.7?', '/questions/key-usage?'],
      ...['/findings?state=all&', `/findings/${huge[0]?.id}?`],
    ]) {
      await openUnharmed(page, `${path}${RANGE}`);
      const drawn = Number(await page.evaluate('document.body.textContent.length'));
      expect(drawn, path).toBeLessThan(300_000);
      await page.keyboard.press('?');
      await page.getByRole('dialog').waitFor();
      await page.keyboard.press('Escape');
      await settled(page);
    }
    expect(complaints).toEqual([]);
  });
});
