/** What questions cost, and what they cost the inserts beside them. */
import { generateLoad } from '../../examples/load.ts';
import { median, quantile, rounded } from '../figures.ts';
import { historyOptions, LOAD_END } from '../load.ts';
import { keytrail, part } from '../measured-process.ts';
import type { Workspace } from '../workspace.ts';

const MS_PER_DAY = 86_400_000;
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
  readonly ingestEventsPerSecond: number;
  readonly peakRssMb: number;
}

export async function measureQuestions(workspace: Workspace): Promise<QuestionTimes> {
  const { history } = workspace.options;
  const dataDir = workspace.path('history');
  workspace.say(`storing ${history} events of a year`);
  const command = ['ingest', '-', '--source', 'gateway/request', '--format', 'ndjson', '--data-dir', dataDir];
  const stored = await keytrail(command, { input: generateLoad(historyOptions(history)) });
  const { records_per_second } = JSON.parse(stored.stdout) as { records_per_second: number };
  const [from, to] = [LOAD_END - LAST_DAYS * MS_PER_DAY, LOAD_END].map((ms) => new Date(ms).toISOString());
  const asked = await part('ask', [dataDir, from ?? '', to ?? '']);
  const { lastDays, allTime } = JSON.parse(asked.stdout) as Record<
    'lastDays' | 'allTime',
    { readonly ms: number[]; readonly rows: number }
  >;
  const query = ['query', 'key-usage', '--from', from ?? '', '--to', to ?? '', '--data-dir', dataDir];
  const whole = await keytrail([...query, '--format', 'ndjson']);
  await workspace.remove(dataDir);
  return {
    events: history,
    rows: allTime.rows,
    lastDaysMs: rounded(median(lastDays.ms), 0),
    lastDaysFirstMs: rounded(lastDays.ms[0] ?? Number.NaN, 0),
    allTimeMs: rounded(median(allTime.ms), 0),
    allTimeFirstMs: rounded(allTime.ms[0] ?? Number.NaN, 0),
    lastDaysCommandMs: rounded(whole.wallSeconds * 1_000, 0),
    ingestEventsPerSecond: records_per_second,
    peakRssMb: rounded(asked.peakRssMb, 0),
  };
}
