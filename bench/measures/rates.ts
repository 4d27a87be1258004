/** The five rates: events per second, processor time and memory, each beside its ceilings. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { median, rounded } from '../figures.ts';
import { fillTopic, loadOptions, writeLoad } from '../load.ts';
import { environment, keytrail, killWithUs, part, partPath, type Taken } from '../measured-process.ts';
import type { Workspace } from '../workspace.ts';

export type RateName = 'kafkajs' | 'engine' | 'kafka' | 'file' | 'sink';

export interface Rate {
  readonly name: RateName;
  readonly events: number;
  readonly eventsPerSecond: number;
  /** User and system time of the whole tree of processes, start-up included. */
  readonly cpuSecondsPerMillion: number;
  readonly peakRssMb: number;
  /** As Node tells it, which is never below the 10 ms at which it looks. */
  readonly eventLoopP99Ms?: number;
  readonly othersBusy: number;
  /** Of each repeat. */
  readonly repeats: readonly { readonly eventsPerSecond: number; readonly cpuSecondsPerMillion: number }[];
}

export interface Run {
  readonly seconds: number;
  readonly taken: Taken;
  readonly eventLoopP99Ms?: number;
}

const RUNS: Readonly<Record<RateName, (workspace: Workspace) => Promise<Run>>> = {
  kafkajs: runEmptyHandler,
  engine: runEngine,
  kafka: runKafka,
  file: runFile,
  sink: runSink,
};

/** The median of several runs. */
export async function measureRate(workspace: Workspace, name: RateName): Promise<Rate> {
  const { events, repeats } = workspace.options;
  const runs: Run[] = [];
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    const run = await RUNS[name](workspace);
    runs.push(run);
    workspace.say(`${name}: ${sentence(run, events)}`);
  }
  const delays = runs.flatMap(({ eventLoopP99Ms }) => eventLoopP99Ms ?? []);
  return {
    name,
    events,
    eventsPerSecond: rounded(median(runs.map(({ seconds }) => events / seconds)), 0),
    cpuSecondsPerMillion: rounded(median(runs.map((run) => cpuPerMillion(run, events))), 2),
    peakRssMb: rounded(median(runs.map(({ taken }) => taken.peakRssMb)), 0),
    ...(delays.length === 0 ? {} : { eventLoopP99Ms: rounded(median(delays)) }),
    othersBusy: rounded(median(runs.map(({ taken }) => taken.othersBusy)), 2),
    repeats: runs.map((run) => ({
      eventsPerSecond: rounded(events / run.seconds, 0),
      cpuSecondsPerMillion: rounded(cpuPerMillion(run, events), 2),
    })),
  };
}

function sentence(run: Run, events: number): string {
  const { peakRssMb, othersBusy } = run.taken;
  const told = [
    `${rounded(events / run.seconds, 0)} events/s`,
    `${rounded(cpuPerMillion(run, events))} CPU-s per million`,
    `${rounded(peakRssMb, 0)} MB`,
    `others used ${rounded(othersBusy)} processors`,
  ];
  return told.join(', ');
}

export function cpuPerMillion({ taken }: Run, events: number): number {
  return (taken.cpuSeconds / events) * 1e6;
}

function topicOf(workspace: Workspace): Promise<string> {
  return workspace.once('topic', async () => {
    const topic = await workspace.topic();
    workspace.say(`producing ${workspace.options.events} events`);
    await fillTopic(await workspace.brokers(), topic, loadOptions(workspace.options.events));
    return topic;
  });
}

async function runEmptyHandler(workspace: Workspace): Promise<Run> {
  const topic = await topicOf(workspace);
  const brokers = (await workspace.brokers()).join(',');
  const taken = await part('empty-handler', [brokers, topic, String(workspace.options.events)]);
  return { seconds: answerOf<{ seconds: number }>(taken).seconds, taken };
}

async function runEngine(workspace: Workspace): Promise<Run> {
  const { events } = workspace.options;
  const blocks = await workspace.once('blocks', async () => {
    const folder = await workspace.folder('blocks');
    await part('prepare-blocks', [folder, String(events)]);
    return folder;
  });
  const dataDir = workspace.path('store');
  const taken = await part('insert-blocks', [dataDir, blocks]);
  await workspace.remove(dataDir);
  const { seconds, stored } = answerOf<{ seconds: number; stored: number }>(taken);
  expectAll('the engine', stored, events);
  return { seconds, taken };
}

async function runKafka(workspace: Workspace): Promise<Run> {
  const dataDir = workspace.path('store');
  const taken = await keytrail(['consume', ...(await consumeArguments(workspace)), '--data-dir', dataDir]);
  await workspace.remove(dataDir);
  return intakeRun(taken, workspace.options.events, true);
}

async function runFile(workspace: Workspace): Promise<Run> {
  const file = await workspace.once('file', async () => {
    const path = workspace.path('load');
    await writeLoad(path, loadOptions(workspace.options.events));
    return path;
  });
  return ingestFile(workspace, file);
}

/** @param file as many events as the options say */
export async function ingestFile(workspace: Workspace, file: string, env: Record<string, string> = {}): Promise<Run> {
  const { events } = workspace.options;
  const dataDir = workspace.path('store');
  const log = ['--log-level', 'debug'];
  const command = ['ingest', file, '--source', 'gateway/request', '--format', 'ndjson', '--data-dir', dataDir, ...log];
  const taken = await keytrail(command, { env });
  await workspace.remove(dataDir);
  return intakeRun(taken, events, true);
}

async function runSink(workspace: Workspace): Promise<Run> {
  const keyFile = workspace.path('store-key');
  await writeFile(keyFile, randomBytes(32).toString('hex'), { mode: 0o600 });
  const sink = spawn(process.execPath, [partPath('null-sink'), keyFile], {
    env: environment(),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const forget = killWithUs(sink);
  const lines = createInterface({ input: sink.stdout })[Symbol.asyncIterator]();
  try {
    const { port } = JSON.parse((await lines.next()).value) as { port: number };
    const url = `http://127.0.0.1:${port}`;
    const taken = await keytrail(['consume', ...(await consumeArguments(workspace)), '--clickhouse-url', url], {
      env: { KEYTRAIL_STORE_KEY_FILE: keyFile },
    });
    return intakeRun(taken, workspace.options.events, false);
  } finally {
    const ended = once(sink, 'close');
    sink.stdin.end();
    await ended;
    forget();
  }
}

async function consumeArguments(workspace: Workspace): Promise<string[]> {
  const topic = `${await topicOf(workspace)}=gateway/request`;
  const brokers = (await workspace.brokers()).join(',');
  const group = `bench-${crypto.randomUUID()}`;
  return ['--brokers', brokers, '--topic', topic, '--group', group, '--until-end', '--format', 'ndjson'];
}

interface Summary {
  readonly records: number;
  readonly new_events: number;
  readonly dead_letters: number;
  readonly seconds: number;
}

/** A run that lost something is no run. */
function intakeRun(taken: Taken, events: number, stored: boolean): Run {
  const { records, new_events, dead_letters, seconds } = answerOf<Summary>(taken);
  expectAll('the intake', records, events);
  if (stored) expectAll('the store', new_events, events);
  expectAll('dead letters', dead_letters, 0);
  const eventLoopP99Ms = loggedNumber(taken.stderr, 'eventLoopP99Ms');
  return { seconds, taken, ...(eventLoopP99Ms === undefined ? {} : { eventLoopP99Ms }) };
}

export function answerOf<T>(taken: Taken): T {
  return JSON.parse(taken.stdout.trim().split('\n').at(-1) ?? '') as T;
}

function expectAll(where: string, got: number, expected: number): void {
  if (got !== expected) throw new Error(`${where}: ${got} in place of ${expected}`);
}

/** The last number of this name in a log of JSON lines. */
export function loggedNumber(log: string, name: string): number | undefined {
  const found = [...log.matchAll(new RegExp(`"${name}":([0-9.]+)`, 'g'))].at(-1)?.[1];
  return found === undefined ? undefined : Number(found);
}
