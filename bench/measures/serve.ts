/** The daemon: what its answers cost on a year of events, how fast pushes are, and what readers cost them. */
import { setTimeout as sleep } from 'node:timers/promises';
import { generateLoad } from '../../examples/load.ts';
import { type Client, tokenFor, withDaemon } from '../daemon.ts';
import { median, quantile, rounded } from '../figures.ts';
import { loadOptions } from '../load.ts';
import { Sampler } from '../sampler.ts';
import type { Workspace } from '../workspace.ts';
import { historyStore, lastDays } from './questions.ts';

const REPEATS = 7;
const PUSHERS = 4;
const PUSH_EVENTS = 1_000;
const PUSHES = 400;
const READERS = 20;
const INTAKE_RATE = 5_000;
const INTAKE_SECONDS = 30;
const IDLE_SECONDS = 30;

export interface Serving {
  readonly events: number;
  readonly searchMs: number;
  readonly searchAllMs: number;
  readonly facetsMs: number;
  readonly facetsAllMs: number;
  readonly entityMs: number;
  readonly pushEventsPerSecond: number;
  readonly intakeAlone: number;
  readonly intakeBesideReaders: number;
  readonly readerP95Ms: number;
  readonly readerAnswers: number;
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
    const [reader = ''] = readers;
    const { from, to } = lastDays(30);
    const range = `from=${from}&to=${to}`;
    const idlePercent = await idle(client);
    const timed = (path: string) => medianOf(client, path, reader);
    const asked = {
      searchMs: await timed(`/api/v1/events?${range}`),
      searchAllMs: await timed('/api/v1/events'),
      facetsMs: await timed(`/api/v1/events/facets?${range}`),
      facetsAllMs: await timed('/api/v1/events/facets'),
      entityMs: await timed(`/api/v1/addresses/10.0.3.4?${range}`),
    };
    const pushEventsPerSecond = await pushAll(client, pusher);
    const alone = await atRate(client, pusher, 0);
    const besides = readersOf(client, readers, range);
    const besideReaders = await atRate(client, pusher, INTAKE_RATE * INTAKE_SECONDS);
    const times = await besides.stop();
    figures = {
      ...asked,
      ...{ pushEventsPerSecond, intakeAlone: alone, intakeBesideReaders: besideReaders, idlePercent },
      readerP95Ms: rounded(quantile(times, 0.95), 0),
      readerAnswers: times.length,
    };
  });
  if (figures === undefined) throw new Error('the daemon ended before it was measured');
  return { events: workspace.options.history, ...figures };
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

/** Bodies are made before the clock runs. */
function bodiesOf(from: number, count: number): Buffer[] {
  const lines = Buffer.concat([...generateLoad({ ...loadOptions(count * PUSH_EVENTS), seed: 100 + from })])
    .toString('utf8')
    .trim()
    .split('\n');
  return Array.from({ length: count }, (_, at) =>
    Buffer.from(lines.slice(at * PUSH_EVENTS, (at + 1) * PUSH_EVENTS).join('\n')),
  );
}

async function pushAll(client: Client, token: string): Promise<number> {
  const bodies = bodiesOf(0, PUSHES);
  const begun = performance.now();
  const pusher = async (): Promise<void> => {
    for (let body = bodies.pop(); body !== undefined; body = bodies.pop()) await pushed(client, token, body);
  };
  await Promise.all(Array.from({ length: PUSHERS }, pusher));
  return rounded((PUSHES * PUSH_EVENTS) / ((performance.now() - begun) / 1_000), 0);
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
async function atRate(client: Client, token: string, from: number): Promise<number> {
  const bodies = bodiesOf(1 + from, (INTAKE_RATE * INTAKE_SECONDS) / PUSH_EVENTS);
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
