/** The daemon: what its answers cost on a year of events, how fast pushes are, and what readers cost them. */
import { setTimeout as sleep } from 'node:timers/promises';
import { generateLoad } from '../../examples/load.ts';
import { type Client, tokenFor, withDaemon } from '../daemon.ts';
import { median, quantile, rounded } from '../figures.ts';
import { historyStore, lastDays } from '../history.ts';
import { HISTORY_KEYS, LOAD_END } from '../load.ts';
import { Sampler } from '../sampler.ts';
import type { Workspace } from '../workspace.ts';

const MS_PER_SECOND = 1_000;
const MS_PER_MINUTE = 60_000;
const MS_PER_HOUR = 3_600_000;
const REPEATS = 7;
const PUSHERS = 4;
const PUSH_EVENTS = 1_000;
const BIG_PUSH_EVENTS = 5_000;
const PUSHED_EVENTS = 400_000;
const READERS = 20;
const INTAKE_RATE = 5_000;
const INTAKE_SECONDS = 30;
const IDLE_SECONDS = 30;

/** Intake at the offered rate while people read. */
interface Beside {
  readonly eventsPerSecond: number;
  readonly readerP95Ms: number;
  readonly answers: number;
}

export interface Serving {
  readonly events: number;
  readonly searchMs: number;
  readonly searchAllMs: number;
  readonly facetsMs: number;
  readonly facetsAllMs: number;
  readonly entityMs: number;
  readonly pushEventsPerSecond: number;
  readonly bigPushEventsPerSecond: number;
  readonly intakeAlone: number;
  /** Readers of the last day, which is what people look at first, and of thirty days. */
  readonly besideDay: Beside;
  readonly besideMonth: Beside;
  readonly idlePercent: number;
}

export async function measureServe(workspace: Workspace): Promise<Serving> {
  const { dataDir } = await historyStore(workspace);
  const readers: string[] = [];
  for (let at = 0; at < 5; at += 1) readers.push(await tokenFor(dataDir, '--role', 'analyst'));
  const pusher = await tokenFor(dataDir, '--role', 'push', '--source', 'gateway/request');
  let figures: Omit<Serving, 'events'> | undefined;
  workspace.say('asking the daemon');
  await withDaemon(dataDir, ['--no-detections'], async (client) => {
    const idlePercent = await idle(client);
    const asked = await askedAlone(client, readers[0] ?? '');
    const intakeAlone = await atRate(client, pusher, 5);
    const besideDay = await beside(client, pusher, readers, 1);
    const besideMonth = await beside(client, pusher, readers, 30);
    figures = {
      ...asked,
      pushEventsPerSecond: await pushAll(client, pusher, 10, PUSH_EVENTS),
      bigPushEventsPerSecond: await pushAll(client, pusher, 20, BIG_PUSH_EVENTS),
      ...{ intakeAlone, besideDay, besideMonth, idlePercent },
    };
  });
  if (figures === undefined) throw new Error('the daemon ended before it was measured');
  return { events: workspace.options.history, ...figures };
}

async function askedAlone(client: Client, token: string) {
  const range = rangeOf(30);
  const timed = (path: string) => medianOf(client, path, token);
  return {
    searchMs: await timed(`/api/v1/events?${range}`),
    searchAllMs: await timed('/api/v1/events'),
    facetsMs: await timed(`/api/v1/events/facets?${range}`),
    facetsAllMs: await timed('/api/v1/events/facets'),
    entityMs: await timed(`/api/v1/addresses/10.0.3.4?${range}`),
  };
}

async function beside(client: Client, pusher: string, readers: readonly string[], days: number): Promise<Beside> {
  const reading = readersOf(client, readers, rangeOf(days));
  const eventsPerSecond = await atRate(client, pusher, days);
  const times = await reading.stop();
  return { eventsPerSecond, readerP95Ms: rounded(quantile(times, 0.95), 0), answers: times.length };
}

function rangeOf(days: number): string {
  const to = new Date(LOAD_END + MS_PER_HOUR).toISOString();
  return `from=${lastDays(days).from}&to=${to}`;
}

async function medianOf(client: Client, path: string, token: string): Promise<number> {
  const times: number[] = [];
  for (let at = 0; at < REPEATS; at += 1) times.push(await answered(client, path, token));
  return rounded(median(times), 0);
}

async function answered(client: Client, path: string, token: string): Promise<number> {
  const begun = performance.now();
  const response = await client.get(path, token);
  await response.arrayBuffer();
  if (response.status !== 200) throw new Error(`${path} was answered with ${response.status}`);
  return performance.now() - begun;
}

/** Processor time of the daemon and its engine while nothing is asked, in per cent of one processor. */
async function idle({ pid }: Client): Promise<number> {
  await sleep(5_000);
  const sampler = new Sampler(pid);
  await sleep(IDLE_SECONDS * 1_000);
  sampler.look();
  sampler.stop();
  const [first, last] = [sampler.samples[0], sampler.samples.at(-1)];
  if (first === undefined || last === undefined) return Number.NaN;
  return rounded(((last.cpuSeconds - first.cpuSeconds) / ((last.at - first.at) / 1_000)) * 100, 2);
}

/** As records come in: of now, from keys that are known. Bodies are made before the clock runs. */
function bodiesOf(seed: number, count: number, events: number): Buffer[] {
  return Array.from({ length: count }, (_, at) => {
    const end = LOAD_END + seed * MS_PER_MINUTE + (at * events * MS_PER_SECOND) / INTAKE_RATE;
    const options = { seed: seed * 1_000 + at, count: events, end, spread: 'second', keys: HISTORY_KEYS } as const;
    return Buffer.concat([...generateLoad(options)]);
  });
}

async function pushAll(client: Client, token: string, seed: number, events: number): Promise<number> {
  const bodies = bodiesOf(seed, PUSHED_EVENTS / events, events);
  const begun = performance.now();
  const pusher = async (): Promise<void> => {
    for (let body = bodies.pop(); body !== undefined; body = bodies.pop()) await pushed(client, token, body);
  };
  await Promise.all(Array.from({ length: PUSHERS }, pusher));
  return rounded(PUSHED_EVENTS / ((performance.now() - begun) / 1_000), 0);
}

async function pushed(client: Client, token: string, body: Buffer): Promise<void> {
  for (;;) {
    const response = await client.push(token, body);
    await response.arrayBuffer();
    if (response.status === 202) return;
    if (response.status !== 503 && response.status !== 429) throw new Error(`a push got ${response.status}`);
    await sleep(200);
  }
}

/** @returns events per second that were acknowledged, of those that were offered at the rate */
async function atRate(client: Client, token: string, seed: number): Promise<number> {
  const bodies = bodiesOf(seed, (INTAKE_RATE * INTAKE_SECONDS) / PUSH_EVENTS, PUSH_EVENTS);
  const begun = performance.now();
  const everyMs = (PUSH_EVENTS / INTAKE_RATE) * 1_000;
  let next = 0;
  const pusher = async (): Promise<void> => {
    for (let at = next++; at < bodies.length; at = next++) {
      const early = at * everyMs - (performance.now() - begun);
      if (early > 0) await sleep(early);
      await pushed(client, token, bodies[at] ?? Buffer.alloc(0));
    }
  };
  await Promise.all(Array.from({ length: PUSHERS }, pusher));
  return rounded((bodies.length * PUSH_EVENTS) / ((performance.now() - begun) / 1_000), 0);
}

function readersOf(client: Client, tokens: readonly string[], range: string) {
  const paths = [
    `/api/v1/events?${range}`,
    `/api/v1/events/facets?${range}`,
    `/api/v1/addresses/10.0.3.4?${range}`,
    `/api/v1/questions/key-usage/answer?${range}`,
  ];
  const times: number[] = [];
  let isOver = false;
  const reader = async (at: number): Promise<void> => {
    for (let turn = at; !isOver; turn += 1) {
      times.push(await answered(client, paths[turn % paths.length] ?? '', tokens[at % tokens.length] ?? ''));
      // People read what they were told.
      await sleep(500);
    }
  };
  const all = Array.from({ length: READERS }, (_, at) => reader(at));
  return {
    stop: async (): Promise<readonly number[]> => {
      isOver = true;
      await Promise.all(all);
      return times;
    },
  };
}
