/**
 * Reports as people see them: in a browser, on a phone, in the dark and on paper. The pictures go to the folder
 * REPORT_PICTURES, when it is set, for somebody to look at.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { renderReport } from '../../src/report/render.ts';
import { BROWSER_WAIT_MS_MAX, CHROMIUM_ARGS, chromiumForTests } from '../support/chromium.ts';
import { temporaryDirectory } from '../support/store.ts';
import { DEMO_NOW, demoStore } from './demo-store.ts';
import { keyRow, madeDocument, madeSection } from './made-document.ts';
import { report, type Wanted } from './support.ts';

const program = chromiumForTests();
const PICTURES = process.env.REPORT_PICTURES;

const SCREENS: Readonly<Record<string, BrowserContextOptions>> = {
  desktop: { viewport: { width: 1280, height: 900 } },
  dark: { viewport: { width: 1280, height: 900 }, colorScheme: 'dark' },
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true },
};
const KINDS: readonly (readonly [name: string, kind: string, wanted: Wanted])[] = [
  ['key-usage', 'key-usage', { period: '2026-W43' }],
  ['access-review', 'access-review', { period: '2026-Q4', owner: 'dana@northwind.example' }],
  ['source-ips', 'source-ips', { period: '2026-W44' }],
  ['incident', 'incident', { period: '2026-10', parameters: { keys: ['orders-service', 'debug-tmp'] } }],
];

/** Said in the page, which has no types here. Paper is laid out up to a third wider, and shrunk to fit. */
const TOO_WIDE = `[...document.querySelectorAll('table')].map((one) => one.scrollWidth).filter((width) => width > 710 * 1.33)`;
const STYLES = `[['tbody tr', 'breakInside'], ['thead', 'display'], ['nav', 'display']].map(([selector, name]) =>
  getComputedStyle(document.querySelector(selector))[name])`;

describe.skipIf(program === undefined)('a report in a browser', () => {
  const { store } = demoStore();
  let browser: Browser;
  let folder: string;
  beforeAll(async () => {
    folder = PICTURES ?? (await temporaryDirectory());
    await mkdir(folder, { recursive: true });
    browser = await chromium.launch({ executablePath: program ?? '', args: [...CHROMIUM_ARGS] });
  });
  afterAll(() => browser?.close());

  async function pageOf(html: string, name: string, options: BrowserContextOptions = {}): Promise<Page> {
    const file = path.join(folder, `${name}.html`);
    await writeFile(file, html);
    const context = await browser.newContext(options);
    context.setDefaultTimeout(BROWSER_WAIT_MS_MAX);
    const page = await context.newPage();
    const said: string[] = [];
    page.on('console', (message) => said.push(message.text()));
    page.on('request', (request) => {
      if (!request.url().startsWith('file:')) said.push(request.url());
    });
    await page.goto(pathToFileURL(file).href);
    // What its own policy refuses to run or load would be told here.
    expect(said).toEqual([]);
    return page;
  }

  async function htmlOf(kind: string, wanted: Wanted): Promise<string> {
    const [file] = await renderReport(await report(store(), DEMO_NOW, kind, wanted), 'html');
    return file?.content.toString('utf8') ?? '';
  }

  describe.each(KINDS)('%s', (name, kind, wanted) => {
    test.each(Object.entries(SCREENS))(
      'fits a %s, and hides nothing from who cannot see it',
      async (screen, options) => {
        const page = await pageOf(await htmlOf(kind, wanted), name, options);
        const wide = await page.evaluate('document.documentElement.scrollWidth - window.innerWidth');
        expect(wide).toBeLessThanOrEqual(0);
        // The checks are handed in past the policy of the page, which allows no script.
        const faults = await violations(page);
        expect(faults).toEqual([]);
        await page.screenshot({ path: path.join(folder, `${name}-${screen}.png`), fullPage: true });
        await page.context().close();
      },
    );

    test('is a PDF with text of its own on A4, on which no table is cut at the side', async () => {
      const made = await report(store(), DEMO_NOW, kind, wanted);
      const [file] = await renderReport(made, 'pdf', { chromium: program, printMsMax: BROWSER_WAIT_MS_MAX });
      const pdf = file?.content ?? Buffer.alloc(0);
      expect([file?.type, pdf.subarray(0, 5).toString('latin1')]).toEqual(['application/pdf', '%PDF-']);
      const boxes = [...pdf.toString('latin1').matchAll(/\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/g)];
      expect(boxes.length).toBeGreaterThan(0);
      for (const [, width, height] of boxes)
        expect([Math.round(Number(width)), Math.round(Number(height))]).toEqual([595, 842]);
      await writeFile(path.join(folder, `${name}.pdf`), pdf);
      // As wide as the page is between its margins.
      const page = await pageOf(await htmlOf(kind, wanted), name, { viewport: { width: 710, height: 1000 } });
      await page.emulateMedia({ media: 'print' });
      const cut = await page.evaluate(TOO_WIDE);
      expect(cut).toEqual([]);
      await page.screenshot({ path: path.join(folder, `${name}-print.png`), fullPage: true });
      await page.context().close();
    });
  });

  test('keeps the rows of a table whole on paper, and its head on every page', async () => {
    const rows = Array.from({ length: 150 }, (_, at) => keyRow(`key-${at}`, at));
    const [file] = await renderReport(madeDocument([madeSection(rows)]), 'html');
    const page = await pageOf(file?.content.toString('utf8') ?? '', 'long');
    await page.emulateMedia({ media: 'print' });
    const said = await page.evaluate(STYLES);
    expect(said).toEqual(['avoid', 'table-header-group', 'none']);
    await page.context().close();
  });

  async function violations(page: Page): Promise<string[]> {
    await page
      .context()
      .newCDPSession(page)
      .then((session) => session.send('Page.setBypassCSP', { enabled: true }));
    await page.reload();
    await page.addScriptTag({ content: axe.source });
    const found = (await page.evaluate('axe.run(document, { resultTypes: ["violations"] })')) as axe.AxeResults;
    return found.violations.map(
      ({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200)} ${nodes[0]?.failureSummary}`,
    );
  }
});
