/** The console, as somebody at a browser has it: until pages are painted, and whether keys keep their effect. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { OWNERS as CAST_OWNERS } from '../../examples/cast.ts';
import { clock, signedIn, startBrowser } from '../browser.ts';
import { type Client, tokenFor, withDaemon } from '../daemon.ts';
import { median, rounded } from '../figures.ts';
import { lastDays, registeredHistory } from '../history.ts';
import { LOAD_END } from '../load.ts';
import type { Workspace } from '../workspace.ts';
import { type Scrolling, scrolled } from './console-scroll.ts';

const TAILED_EVENTS = 20;
const MS_PER_MINUTE = 60_000;
const DAYS = 30;

/** Medians, ms. From the click on a link inside of the open console, with a range that was not asked for before. */
interface Painted {
  /** Until the frame with what the page begins with: the sentence, or the first lines of a list. */
  readonly firstMs: number;
  /** Until the last frame that changes anything, after which nothing is awaited. */
  readonly wholeMs: number;
}

/** Medians, ms. From the navigation of a browser that has nothing of the console yet. */
interface Cold {
  /** Until the frame with the head. */
  readonly shellMs: number;
  /** Until the frame that shows the effect of a key, pressed as soon as there is a head. */
  readonly inputMs: number;
  readonly wholeMs: number;
}

export interface ConsoleSpeed {
  readonly events: number;
  readonly cold: Cold;
  /** A day is what the console opens with. */
  readonly overviewDay: Painted;
  readonly overview: Painted;
  readonly overviewAll: Painted;
  readonly search: Painted;
  readonly searchAll: Painted;
  readonly key: Painted;
  readonly keyAll: Painted;
  readonly address: Painted;
  readonly addressAll: Painted;
  readonly app: Painted;
  readonly owner: Painted;
  /** From the answer to a push until the frame with the event in the live tail; ms. */
  readonly tailMs: number;
  readonly tailMaxMs: number;
  readonly scroll: Scrolling;
}

/** Pages by what they begin with; of each repeat another one, so that no answer is the one before. */
const PAGES = {
  overview: { first: '.sentence', path: () => '/' },
  search: { first: '.list-row', path: () => '/search' },
  key: { first: '.sentence', path: (at: number) => `/keys/key-${17 + at}` },
  address: { first: '.sentence', path: (at: number) => `/addresses/10.0.3.${4 + at}` },
  app: { first: '.sentence', path: (at: number) => `/apps/app-${1 + at}` },
  owner: { first: '.sentence', path: (at: number) => `/owners/${OWNERS[at % OWNERS.length] ?? ''}` },
} as const;
const OWNERS = Object.values(CAST_OWNERS).map(({ email }) => email);

export async function measureConsole(workspace: Workspace): Promise<ConsoleSpeed | undefined> {
  const browser = await startBrowser();
  if (browser === undefined) return undefined;
  try {
    const { dataDir } = await registeredHistory(workspace);
    const reader = await tokenFor(dataDir, '--role', 'analyst');
    const pusher = await tokenFor(dataDir, '--role', 'push', '--source', 'gateway/request');
    let speed: Omit<ConsoleSpeed, 'events'> | undefined;
    workspace.say('looking at the console');
    await withDaemon(dataDir, ['--no-detections'], async (client) => {
      speed = await lookedAt(browser, client, { reader, pusher }, workspace.options.repeats);
    });
    if (speed === undefined) throw new Error('the daemon ended before the console was measured');
    return { events: workspace.options.history, ...speed };
  } finally {
    await browser.close();
  }
}

interface Tokens {
  readonly reader: string;
  readonly pusher: string;
}

async function lookedAt(browser: Browser, client: Client, { reader, pusher }: Tokens, repeats: number) {
  const cold = await coldStarts(browser, client.url, reader, repeats);
  const context = await signedIn(browser, client.url, reader);
  const page = await context.newPage();
  await page.goto('/access');
  const month = (name: keyof typeof PAGES) => paintings(page, name, DAYS, repeats);
  const year = (name: keyof typeof PAGES) => paintings(page, name, 366, repeats);
  const pages = {
    overviewDay: await paintings(page, 'overview', 1, repeats),
    ...{ overview: await month('overview'), overviewAll: await year('overview') },
    ...{ search: await month('search'), searchAll: await year('search') },
    ...{ key: await month('key'), keyAll: await year('key') },
    ...{ address: await month('address'), addressAll: await year('address') },
    ...{ app: await month('app'), owner: await month('owner') },
  };
  const tail = await tailed(page, client, pusher);
  await page.goto(`/search?${rangeOf(366, 0)}`);
  const scroll = await scrolled(page);
  await context.close();
  return { cold, ...pages, ...tail, scroll };
}

async function coldStarts(browser: Browser, url: string, token: string, repeats: number): Promise<Cold> {
  const taken: Cold[] = [];
  for (let at = 0; at < repeats; at += 1) {
    const context = await signedIn(browser, url, token);
    const page = await context.newPage();
    await page.goto(`/?${rangeOf(DAYS, at)}`, { waitUntil: 'commit' });
    taken.push(await clock<Cold>(page, 'interactive'));
    await context.close();
  }
  return medians(taken);
}

async function paintings(page: Page, name: keyof typeof PAGES, days: number, repeats: number): Promise<Painted> {
  const { first, path } = PAGES[name];
  const taken: Painted[] = [];
  // Where it comes from is a page without questions about events.
  for (let at = 0; at < repeats; at += 1) {
    await clock(page, 'follow', '/access', 'h1');
    taken.push(await clock<Painted>(page, 'follow', `${path(at)}?${rangeOf(days, at + 1)}`, first));
  }
  return medians(taken);
}

async function tailed(page: Page, client: Client, pusher: string): Promise<{ tailMs: number; tailMaxMs: number }> {
  await clock(page, 'follow', '/tail', 'h1');
  await page.getByText('listening').waitFor();
  const taken: number[] = [];
  for (let at = 0; at < TAILED_EVENTS; at += 1) {
    const path = `/v1/tailed/${crypto.randomUUID()}`;
    const seen = clock<number>(page, 'seen', path);
    // At another moment each time of whatever is looked at in turns.
    await sleep(137 * at);
    const answer = await client.push(pusher, requestTo(path, at));
    if (answer.status !== 202) throw new Error(`a push was answered with ${answer.status}`);
    const storedAt = performance.timeOrigin + performance.now();
    taken.push((await seen) - storedAt);
  }
  return { tailMs: rounded(median(taken), 0), tailMaxMs: rounded(Math.max(...taken), 0) };
}

function requestTo(path: string, at: number): Buffer {
  return Buffer.from(
    `${JSON.stringify({
      id: crypto.randomUUID(),
      time: new Date(LOAD_END + MS_PER_MINUTE + at).toISOString(),
      apiKeyName: 'key-17',
      request: { sourceIp: '10.0.3.4', method: 'GET', path, status: 200, userAgent: 'curl/8.5.0' },
      authentication: { accountId: '118204', keyName: 'key-17', result: 'success', reason: '' },
    })}\n`,
  );
}

/** The last days of the load; each `turn` begins and ends a minute later, and so is another question. */
function rangeOf(days: number, turn: number): string {
  const later = (time: string): string => new Date(Date.parse(time) + turn * MS_PER_MINUTE).toISOString();
  const { from, to } = lastDays(days);
  return `from=${later(from)}&to=${later(to)}`;
}

function medians<Times extends object>(taken: readonly Times[]): Times {
  const names = Object.keys(taken[0] ?? {}) as (keyof Times)[];
  return Object.fromEntries(
    names.map((name) => [name, rounded(median(taken.map((times) => Number(times[name]))), 0)]),
  ) as Times;
}
