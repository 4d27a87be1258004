/** Scrolling through 100,000 lines that were found: with keys as fast as a held key repeats, and with the wheel. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { clock } from '../browser.ts';
import { quantile, rounded } from '../figures.ts';

const ROWS = 100_000;
/** How often a key repeats that is held. */
const REPEAT_MS = 33;
const HELD_SECONDS = 10;
const LOADING_SECONDS_MAX = 300;
const WHEEL_PX = 9_800;
const WHEEL_TURNS = 300;

interface Pressed {
  readonly keys: number;
  /** Of those: no further line was there yet. */
  readonly atEnd: number;
  /** Of each other, from the key to the frame with the line to which it and all before it lead. */
  readonly ms: readonly number[];
}

/** Each key must be followed by a painted frame with the line to which it leads; the measure fails where one is not. */
export interface Scrolling {
  readonly rows: number;
  /** Page Down, held from the first line on, while further lines are asked for. */
  readonly heldMaxMs: number;
  readonly heldP95Ms: number;
  readonly heldKeys: number;
  /** Times that a key found the end of what was there. */
  readonly heldAtEnd: number;
  /** With all lines there: j, k, Page Up and Page Down, Home and End in turns. */
  readonly allMaxMs: number;
  readonly allP95Ms: number;
  readonly allKeys: number;
  /** Through all lines with the wheel: the longest time without lines in the middle. */
  readonly wheelBlankMs: number;
  /** From the first line on, until so many were there. */
  readonly loadSeconds: number;
}

export async function scrolled(page: Page): Promise<Scrolling> {
  await page.locator('.list-row').first().waitFor();
  await clock(page, 'whole');
  await page.locator('.list').focus();
  await page.keyboard.press('Home');
  // The clock counts from the line that is selected, which it is in the frame after the key.
  await page.locator('#row-0[aria-selected=true]').waitFor();
  const begun = performance.now();
  const held = await typed(page, Array<string>(Math.floor((HELD_SECONDS * 1_000) / REPEAT_MS)).fill('PageDown'));
  while ((await clock<number>(page, 'loadedRows')) < ROWS) {
    await page.keyboard.press('End');
    await sleep(REPEAT_MS);
    if (performance.now() - begun > LOADING_SECONDS_MAX * 1_000) throw new Error('the lines do not come');
  }
  const loadSeconds = (performance.now() - begun) / 1_000;
  const all = await typed(page, mixedKeys());
  await page.keyboard.press('Home');
  const wheelBlankMs = await wheeled(page);
  return {
    rows: await clock<number>(page, 'loadedRows'),
    ...{ heldMaxMs: longest(held), heldP95Ms: p95(held), heldKeys: held.keys, heldAtEnd: held.atEnd },
    ...{ allMaxMs: longest(all), allP95Ms: p95(all), allKeys: all.keys },
    wheelBlankMs: rounded(wheelBlankMs, 0),
    loadSeconds: rounded(loadSeconds),
  };
}

/** From both ends and from the middle, which only a far way leads to. */
function mixedKeys(): string[] {
  const some = (key: string, count: number) => Array<string>(count).fill(key);
  const around = [...some('PageDown', 40), ...some('j', 40), ...some('PageUp', 20), ...some('k', 20)];
  return ['Home', ...around, 'End', ...some('PageUp', 40), ...some('k', 40), 'Home', 'End', ...some('PageUp', 20)];
}

async function typed(page: Page, keys: readonly string[]): Promise<Pressed> {
  await clock(page, 'listenToKeys');
  const begun = performance.now();
  for (const [at, key] of keys.entries()) {
    const early = at * REPEAT_MS - (performance.now() - begun);
    if (early > 0) await sleep(early);
    await page.keyboard.press(key);
  }
  return clock<Pressed>(page, 'keys');
}

async function wheeled(page: Page): Promise<number> {
  const box = await page.locator('.list').boundingBox();
  if (box === null) throw new Error('there is no list');
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  const turning = clock<{ readonly blankMs: number; readonly at: number }>(page, 'turning');
  for (let turn = 0; turn < WHEEL_TURNS; turn += 1) {
    await page.mouse.wheel(0, WHEEL_PX);
    await sleep(REPEAT_MS);
  }
  await clock(page, 'turned');
  const { blankMs, at } = await turning;
  if (at < ROWS * 0.9) throw new Error(`the wheel led to line ${at} only`);
  return blankMs;
}

function longest({ ms }: Pressed): number {
  return rounded(Math.max(0, ...ms), 0);
}

function p95({ ms }: Pressed): number {
  return rounded(quantile(ms, 0.95), 0);
}
