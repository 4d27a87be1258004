/** What questions cost, and what they cost the inserts beside them. */
import { median, quantile, rounded } from '../figures.ts';
import { historyStore, lastDays } from '../history.ts';
import { keytrail, part } from '../measured-process.ts';
import type { Workspace } from '../workspace.ts';

const LAST_DAYS = 30;
/** A small insert is what a second of a quiet topic gives. */
const SMALL_BLOCK_ROWS = 1_000;
const SMALL_BLOCKS = 2_000;
const LATENCY_EVENTS = 1_000_000;

export interface InsertLatency {
  readonly questionMs: number;
  readonly idleP50Ms: number;
  readonly idleP99Ms: number;
  readonly busyP50Ms: number;
  readonly busyP99Ms: number;
  readonly insertsDuringQuestion: number;
  /** p99 during the question in p99 at rest. */
  readonly ratio: number;
}

export async function measureInserts(workspace: Workspace): Promise<InsertLatency> {
  const [blocks, small] = [await workspace.folder('blocks'), await workspace.folder('small-blocks')];
  const events = Math.min(LATENCY_EVENTS, workspace.options.events);
  await part('prepare-blocks', [blocks, String(events)]);
  await part('prepare-blocks', [small, String(SMALL_BLOCKS * SMALL_BLOCK_ROWS), String(SMALL_BLOCK_ROWS)]);
  const dataDir = workspace.path('store');
  const taken = await part('insert-latency', [dataDir, blocks, small]);
  for (const path of [dataDir, blocks, small]) await workspace.remove(path);
  const { questionMs, idle, busy } = JSON.parse(taken.stdout) as {
    readonly questionMs: number;
    readonly idle: number[];
    readonly busy: number[];
  };
  const figures = {
    questionMs: rounded(questionMs, 0),
    idleP50Ms: rounded(median(idle)),
    idleP99Ms: rounded(quantile(idle, 0.99)),
    busyP50Ms: rounded(median(busy)),
    busyP99Ms: rounded(quantile(busy, 0.99)),
    insertsDuringQuestion: busy.length,
  };
  return { ...figures, ratio: rounded(figures.busyP99Ms / figures.idleP99Ms, 2) };
}

/** What the part `ask` asks, under which name it tells how long it took. */
export type Asked = { readonly name: string } & (
  | { readonly question: string; readonly given: Readonly<Record<string, string>> }
  | { readonly sql: string }
);

export interface AskTimes {
  /** Of each time that it was asked, the first first. */
  readonly ms: readonly number[];
  readonly rows: number;
}

export interface QuestionTimes {
  readonly events: number;
  /** Keys in the answer. */
  readonly rows: number;
  readonly lastDaysMs: number;
  readonly lastDaysFirstMs: number;
  readonly allTimeMs: number;
  readonly allTimeFirstMs: number;
  /** The same as a command, with starting and opening. */
  readonly lastDaysCommandMs: number;
  readonly ingestEventsPerSecond?: number;
  readonly peakRssMb: number;
}

/** Before anything is known of the keys: see `attribution`. */
export async function measureQuestions(workspace: Workspace): Promise<QuestionTimes> {
  const { dataDir, eventsPerSecond } = await historyStore(workspace);
  const range = lastDays(LAST_DAYS);
  const asked: Asked[] = [
    { name: 'lastDays', question: 'key-usage', given: range },
    { name: 'allTime', question: 'key-usage', given: {} },
  ];
  const taken = await part('ask', [dataDir, JSON.stringify(asked)]);
  const times = JSON.parse(taken.stdout) as Record<'lastDays' | 'allTime', AskTimes>;
  const query = ['query', 'key-usage', '--from', range.from, '--to', range.to, '--data-dir', dataDir];
  const whole = await keytrail([...query, '--format', 'ndjson']);
  return {
    events: workspace.options.history,
    rows: times.allTime.rows,
    lastDaysMs: rounded(median(times.lastDays.ms), 0),
    lastDaysFirstMs: rounded(times.lastDays.ms[0] ?? Number.NaN, 0),
    allTimeMs: rounded(median(times.allTime.ms), 0),
    allTimeFirstMs: rounded(times.allTime.ms[0] ?? Number.NaN, 0),
    lastDaysCommandMs: rounded(whole.wallSeconds * 1_000, 0),
    ...(eventsPerSecond === undefined ? {} : { ingestEventsPerSecond: eventsPerSecond }),
    peakRssMb: rounded(taken.peakRssMb, 0),
  };
}
