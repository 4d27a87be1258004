/** Bars over time: what a canvas shows is read from its pixels, and what it writes where it writes it. */
import type { Browser, Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { HistogramDocument } from '../../schemas/api/overview.ts';
import { JUDGEMENTS, type Judgement } from '../../schemas/judgement.ts';
import type { Served } from '../http/support.ts';
import { CHROMIUM, demoStore, open, PHONE, params, serveConsole, settled, startBrowser, visit } from './support.ts';

const MS_PER_HOUR = 3_600_000;
const MS_PER_DAY = 24 * MS_PER_HOUR;
const FROM = Date.parse('2026-03-28T12:20:00Z');
const TO = Date.parse('2026-03-29T12:00:00Z');
const RANGE = `from=${new Date(FROM).toISOString()}&to=${new Date(TO).toISOString()}`;
/** Pixels at the left, the top and the bottom of a canvas that are no bars'. */
const [LEFT, TOP, BOTTOM] = [40, 6, 20];

let served: Served;
let browser: Browser;

const midnightOf = (ms: number): string => `${new Date(ms).toISOString().slice(0, 10)}T00:00:00Z`;

type Counts = Readonly<Partial<Record<Judgement, number>>>;

/** A day in buckets of an hour, the first of them cut; those that are not named hold nothing. */
function dayOf(counts: Readonly<Record<number, Counts>>): HistogramDocument {
  const none = Object.fromEntries(JUDGEMENTS.map((word) => [word, 0])) as Record<Judgement, number>;
  const buckets = Array.from({ length: 24 }, (_, at) => ({
    at: new Date(Math.floor(FROM / MS_PER_HOUR + at) * MS_PER_HOUR).toISOString(),
    ...{ ...none, ...counts[at] },
  }));
  return { from: new Date(FROM).toISOString(), to: new Date(TO).toISOString(), step_ms: MS_PER_HOUR, buckets };
}

async function answering(page: Page, of: HistogramDocument): Promise<void> {
  await page.route('**/api/v1/events/profile?*', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ json: { ...(await response.json()), histogram: of } });
  });
}

/** The middle of a bucket, as a share of the range. */
function shareOf(bucket: number): number {
  const from = Math.max(FROM, Math.floor(FROM / MS_PER_HOUR + bucket) * MS_PER_HOUR);
  const to = Math.min(TO, Math.floor(FROM / MS_PER_HOUR + bucket + 1) * MS_PER_HOUR);
  return ((from + to) / 2 - FROM) / (TO - FROM);
}

/** What a column of the canvas shows, from its foot upwards: colours and how many pixels they have. */
async function columnAt(page: Page, share: number): Promise<(readonly [string, number])[]> {
  const pixels = (await page.evaluate(`(() => {
    const canvas = document.querySelector('.chart canvas');
    const [x, height] = [Math.round(${LEFT} + ${share} * (canvas.width - ${LEFT})), canvas.height - ${TOP + BOTTOM}];
    const { data } = canvas.getContext('2d').getImageData(x, ${TOP}, 1, height);
    return Array.from({ length: height }, (_, y) => [...data.slice(4 * y, 4 * y + 4)]);
  })()`)) as [number, number, number, number][];
  const runs: [string, number][] = [];
  for (const [red, green, blue, alpha] of pixels.toReversed()) {
    const colour = alpha === 0 ? 'nothing' : `rgb(${red}, ${green}, ${blue})`;
    const last = runs.at(-1);
    if (last?.[0] === colour) last[1] += 1;
    else runs.push([colour, 1]);
  }
  return runs;
}

/** The colour that the page itself gives to a judgement, in its legend. */
async function colourOf(page: Page, word: Judgement): Promise<string> {
  return String(
    await page.evaluate(`getComputedStyle(document.querySelector('.legend [data-judgement=${word}] .mark')).color`),
  );
}

/** Where in the window a share of the range is. */
async function placeOf(page: Page, share: number): Promise<{ readonly x: number; readonly y: number }> {
  const box = await page.locator('.chart').boundingBox();
  if (box === null) throw new Error('no chart');
  return { x: box.x + LEFT + share * (box.width - LEFT), y: box.y + 60 };
}

/** Keeps what is written on canvases, and where. */
async function readAlong(page: Page): Promise<() => Promise<readonly (readonly [string, number])[]>> {
  await page.addInitScript(`
    window.written = [];
    const write = CanvasRenderingContext2D.prototype.fillText;
    CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
      window.written.push([text, (x - ${LEFT}) / (this.canvas.width - ${LEFT}), y / this.canvas.height]);
      write.call(this, text, x, y);
    };
    const clear = CanvasRenderingContext2D.prototype.clearRect;
    CanvasRenderingContext2D.prototype.clearRect = function (...of) {
      window.written = [];
      clear.apply(this, of);
    };
  `);
  return async () =>
    ((await page.evaluate('window.written')) as [string, number, number][])
      .filter(([, , height]) => height > 0.85)
      .filter(([, share]) => share >= 0)
      .map(([text, share]) => [text, share] as const);
}

describe.skipIf(CHROMIUM === undefined)('bars over time', () => {
  beforeAll(async () => {
    served = await serveConsole(await demoStore());
    browser = await startBrowser();
  });

  test('have the colours of their words and the heights of their numbers, whichever theme is chosen or changed to', async () => {
    const { page, complaints } = await visit(browser, served);
    await answering(page, dayOf({ 3: { allowed: 50, denied: 50 }, 9: { allowed: 25, 'not-judged': 25 } }));
    await open(page, `/search?${RANGE}`);
    const colours = async () => [await colourOf(page, 'allowed'), await colourOf(page, 'denied')];
    const drawn = async () => (await columnAt(page, shareOf(3))).slice(0, 2).map(([colour]) => colour);
    const light = await colours();
    expect(await drawn()).toEqual(light);
    const [lower, upper] = await columnAt(page, shareOf(3));
    const [half] = await columnAt(page, shareOf(9));
    expect(Math.abs((lower?.[1] ?? 0) - (upper?.[1] ?? 0))).toBeLessThanOrEqual(1);
    expect(Math.abs((half?.[1] ?? 0) * 2 - (lower?.[1] ?? 0))).toBeLessThanOrEqual(2);
    expect(lower?.[1]).toBeGreaterThan(40);
    await page.emulateMedia({ colorScheme: 'dark' });
    await expect.poll(colours).not.toEqual(light);
    const dark = await colours();
    await expect.poll(drawn).toEqual(dark);
    await page.getByRole('button', { name: /^Light or dark/ }).click();
    await expect.poll(colours).toEqual(light);
    await expect.poll(drawn).toEqual(light);
    await expect
      .poll(() => page.getByRole('img', { name: /^Events over time: 75 allowed, 50 denied, 25/ }).count())
      .toBe(1);
    expect(complaints).toEqual([]);
  });

  test('show one request that should have been denied among a million, and the sum where the axis says', async () => {
    const { page } = await visit(browser, served, { theme: 'dark' });
    const one = { allowed: 999_999, 'should-be-denied': 1 };
    await answering(
      page,
      dayOf({ 5: one, 7: { allowed: 1_000_000 }, 9: { 'should-be-allowed': 1 }, 11: { denied: 1 } }),
    );
    await open(page, `/search?${RANGE}`);
    const [lower, upper] = await columnAt(page, shareOf(5));
    expect(upper?.[0]).toBe(await colourOf(page, 'should-be-denied'));
    expect(upper?.[1]).toBeGreaterThanOrEqual(3);
    const [whole] = await columnAt(page, shareOf(7));
    expect((lower?.[1] ?? 0) + (upper?.[1] ?? 0)).toBe(whole?.[1]);
    expect((await columnAt(page, shareOf(9)))[0]).toEqual([await colourOf(page, 'should-be-allowed'), 3]);
    expect((await columnAt(page, shareOf(11)))[0]).toEqual([await colourOf(page, 'denied'), 1]);
  });

  test('are marked in the zone that is shown, at the hours that the marks name, also when clocks change', async () => {
    for (const [zone, clock] of [
      ['Asia/Kolkata', { '21:00': '2026-03-28T15:30Z', '03-29': '2026-03-28T18:30Z', '06:00': '2026-03-29T00:30Z' }],
      ['Europe/Berlin', { '21:00': '2026-03-28T20:00Z', '03-29': '2026-03-28T23:00Z', '06:00': '2026-03-29T04:00Z' }],
    ] as const) {
      const { page } = await visit(browser, served, { zone });
      const marks = await readAlong(page);
      await answering(page, dayOf({ 3: { allowed: 50 } }));
      await open(page, `/search?${RANGE}`);
      const found = async () =>
        Object.fromEntries((await marks()).map(([text, share]) => [text, Math.round(share * 100)]));
      const wanted = (of: Readonly<Record<string, string>>) =>
        Object.fromEntries(
          Object.entries(of).map(([text, at]) => [text, Math.round(((Date.parse(at) - FROM) / (TO - FROM)) * 100)]),
        );
      expect(await found()).toMatchObject(
        wanted({ '21:00': '2026-03-28T21:00Z', '03-29': '2026-03-29T00:00Z', '06:00': '2026-03-29T06:00Z' }),
      );
      await page.getByRole('button', { name: 'local' }).click();
      await expect.poll(found).toMatchObject(wanted(clock));
    }
  });

  test('tell exact numbers under the pointer, and a click sets the time of one, cut where the range begins', async () => {
    for (const size of [undefined, PHONE]) {
      const { page, complaints } = await visit(browser, served, size === undefined ? {} : { size });
      await answering(
        page,
        dayOf({ 0: { denied: 7 }, 12: { allowed: 1_234, 'should-be-denied': 2 }, 23: { allowed: 1 } }),
      );
      await open(page, `/search?${RANGE}`);
      const tip = page.locator('.chart-tip');
      for (const [bucket, texts] of [
        [0, ['2026-03-28 12:20 → 13:00', 'denied7']],
        [12, ['2026-03-29 00:00 → 01:00', 'should have been denied2', 'allowed1,234']],
        [13, ['2026-03-29 01:00 → 02:00', 'nothing']],
        [23, ['11:00 → 12:00', 'allowed1']],
      ] as const) {
        const { x, y } = await placeOf(page, shareOf(bucket));
        await page.mouse.move(x, y);
        for (const text of texts) await expect.poll(() => tip.textContent()).toContain(text);
        const [box, chart] = [await tip.boundingBox(), await page.locator('.chart').boundingBox()];
        expect(box?.x).toBeGreaterThanOrEqual(chart?.x ?? 0);
        expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual((chart?.x ?? 0) + (chart?.width ?? 0) + 1);
      }
      expect(await tip.locator('.mark').allTextContents()).toEqual(['●']);
      const { x, y } = await placeOf(page, shareOf(0));
      await page.mouse.click(x, y);
      await expect
        .poll(() => params(page))
        .toMatchObject({ from: new Date(FROM).toISOString().replace('.000', ''), to: '2026-03-28T13:00:00Z' });
      expect(complaints).toEqual([]);
    }
  });

  test('are pulled over by mouse and by finger; a pull that leaves them goes on, and none goes beyond the range', async () => {
    const { page, complaints } = await visit(browser, served);
    await answering(page, dayOf({ 3: { allowed: 50 } }));
    await open(page, `/search?${RANGE}`);
    const hours = () => {
      const { from = '', to = '' } = params(page);
      return [Date.parse(from), Date.parse(to)].map((ms) => Math.round(((ms - FROM) / (TO - FROM)) * 20));
    };
    await page.evaluate('window.scrollTo(0, 0)');
    const [begin, end] = [await placeOf(page, 0.25), await placeOf(page, 0.5)];
    const pulled = async () => Math.round((await page.locator('.u-select').boundingBox())?.width ?? 0);
    await page.mouse.move(begin.x, begin.y);
    await page.mouse.down();
    await page.mouse.move(end.x, end.y + 300, { steps: 5 });
    await expect.poll(pulled).toBe(Math.round(end.x - begin.x));
    await page.mouse.move(begin.x + 1, begin.y);
    await expect.poll(async () => (await page.locator('.u-select').boundingBox())?.height ?? 0).toBe(0);
    await page.mouse.move(end.x, end.y + 300, { steps: 5 });
    await expect.poll(pulled).toBe(Math.round(end.x - begin.x));
    await page.mouse.up();
    await expect.poll(hours).toEqual([5, 10]);
    await page.goBack();
    await settled(page);
    await page.mouse.move(end.x, end.y);
    await page.mouse.down();
    await page.mouse.move(2, end.y, { steps: 5 });
    await page.mouse.up();
    await expect.poll(hours).toEqual([0, 10]);
    await page.goBack();
    await settled(page);
    const touch = await page.context().newCDPSession(page);
    const finger = (type: 'touchStart' | 'touchMove' | 'touchEnd', x = 0) =>
      touch.send('Input.dispatchTouchEvent', { type, touchPoints: type === 'touchEnd' ? [] : [{ x, y: end.y }] });
    await finger('touchStart', begin.x);
    for (const share of [0.3, 0.4, 0.5, 0.6]) await finger('touchMove', (await placeOf(page, share)).x);
    await finger('touchEnd');
    await expect.poll(hours).toEqual([5, 12]);
    expect(complaints).toEqual([]);
  });

  test('are as wide as their place, and mean the same times, when the window gets another size', async () => {
    const { page } = await visit(browser, served);
    await answering(page, dayOf({ 3: { allowed: 50 } }));
    await open(page, `/search?${RANGE}`);
    await page.setViewportSize(PHONE);
    const width = async () => Math.round((await page.locator('.chart').boundingBox())?.width ?? 0);
    await expect.poll(width).toBeLessThan(PHONE.width);
    const drawn = async () => Number(await page.evaluate("document.querySelector('.chart canvas').width"));
    await expect.poll(async () => (await drawn()) - (await width())).toBe(0);
    const allowed = await colourOf(page, 'allowed');
    await expect.poll(async () => (await columnAt(page, shareOf(3)))[0]?.[0]).toBe(allowed);
    const { x, y } = await placeOf(page, shareOf(3));
    await page.mouse.move(x, y);
    await expect.poll(() => page.locator('.chart-tip').textContent()).toContain('2026-03-28 15:00 → 16:00');
  });

  test('of a question name their series, and set its range where its days are those of the range', async () => {
    const { page, complaints } = await visit(browser, served, { zone: 'America/New_York' });
    const marks = await readAlong(page);
    // The demo ends now, whenever that is.
    const [from = '', to = ''] = [24, 6].map((days) => midnightOf(Date.now() - days * MS_PER_DAY));
    const whole = `/questions/usage-by-day?from=${from}&to=${to}`;
    await open(page, `${whole}&tz=local`);
    const rows = page.locator('main tbody tr');
    const days = await rows.filter({ hasText: 'done' }).locator('td').first().allTextContents();
    const [first = ''] = days;
    const { x, y } = await placeOf(page, 0.01);
    await page.mouse.move(x, y);
    const tip = page.locator('.chart-tip');
    await expect.poll(() => tip.textContent()).toContain(first);
    const done = await rows.filter({ hasText: first }).filter({ hasText: 'done' }).locator('td.number').textContent();
    await expect.poll(() => tip.textContent()).toContain(`done${done}`);
    // A day of a calendar is marked with its own name, wherever the clock on the wall is.
    const [mark] = await marks();
    const shown = Date.parse(`${first}T00:00:00Z`) + (mark?.[1] ?? 0) * 18 * MS_PER_DAY;
    expect(new Date(shown + MS_PER_HOUR).toISOString().slice(5, 10)).toBe(mark?.[0]);
    await page.mouse.click(x, y);
    await expect.poll(() => params(page).from).toBe(`${first}T00:00:00Z`);
    await settled(page);
    expect(await rows.filter({ hasText: first }).filter({ hasText: 'done' }).locator('td.number').textContent()).toBe(
      done,
    );
    await open(page, `${whole}&param.zone=Asia%2FTokyo`);
    await page.mouse.click(x, y);
    expect(params(page).to).toBe(to);
    await open(page, whole.replace('usage-by-day', 'activity-over-time'));
    const label = (await page.getByRole('img').getAttribute('aria-label')) ?? '';
    const most = Number(/at most (\d+)/.exec(label)?.[1]);
    const requests = await rows.locator('td.number:nth-child(3)').allTextContents();
    expect(most).toBe(Math.max(...requests.map(Number)));
    expect(complaints).toEqual([]);
  });
});
