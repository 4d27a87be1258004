/** What it costs to know who is behind the requests: importing the registry, and asking through it. */
import { median, rounded } from '../figures.ts';
import { lastDays, registeredHistory } from '../history.ts';
import { LOAD_END, writeRegistry } from '../load.ts';
import { keytrail, part } from '../measured-process.ts';
import type { Workspace } from '../workspace.ts';
import type { Asked, AskTimes } from './questions.ts';

const LARGE_KEYS = 100_000;
/** One of each, of those that the load has. */
const KEY = 'key-17';
const ADDRESS = '10.0.3.4';

export interface AttributionCosts {
  /** `keytrail keys import` of 50,000 rows into the store of history, and of 100,000 rows into an empty store. */
  readonly importVersionsMs: number;
  readonly importLargeMs: number;
  readonly importLargeRssMb: number;
  readonly keyUsageMs: number;
  readonly keyUsageAllTimeMs: number;
  readonly keyTimelineMs: number;
  readonly ipTimelineMs: number;
  readonly verdictSummaryMs: number;
  /** Every column of the view, and of the bare table without duplicates, over the last 30 days. */
  readonly viewMs: number;
  readonly bareMs: number;
  readonly viewRatio: number;
}

export async function measureAttribution(workspace: Workspace): Promise<AttributionCosts> {
  const { dataDir, importMs } = await registeredHistory(workspace);
  const large = await importLarge(workspace);
  const times = await ask(dataDir);
  const of = (name: string) => rounded(median([...(times[name]?.ms ?? [])]), 0);
  return {
    importVersionsMs: rounded(importMs, 0),
    importLargeMs: rounded(large.wallSeconds * 1_000, 0),
    importLargeRssMb: rounded(large.peakRssMb, 0),
    keyUsageMs: of('keyUsage'),
    keyUsageAllTimeMs: of('keyUsageAllTime'),
    keyTimelineMs: of('keyTimeline'),
    ipTimelineMs: of('ipTimeline'),
    verdictSummaryMs: of('verdictSummary'),
    viewMs: of('view'),
    bareMs: of('bare'),
    viewRatio: rounded(of('view') / of('bare'), 2),
  };
}

async function importLarge(workspace: Workspace): ReturnType<typeof keytrail> {
  const [file, dataDir] = [workspace.path('large.csv'), workspace.path('large')];
  await writeRegistry(file, { keys: LARGE_KEYS, versions: 1, end: LOAD_END });
  await keytrail(['keys', 'list', '--data-dir', dataDir]);
  return keytrail(['keys', 'import', file, '--data-dir', dataDir]);
}

async function ask(dataDir: string): Promise<Readonly<Record<string, AskTimes>>> {
  const { from, to } = lastDays(30);
  const range = `event_time >= toDateTime64('${from}', 3, 'UTC') AND event_time < toDateTime64('${to}', 3, 'UTC')`;
  const asked: Asked[] = [
    { name: 'keyUsage', question: 'key-usage', given: { from, to } },
    { name: 'keyUsageAllTime', question: 'key-usage', given: {} },
    { name: 'keyTimeline', question: 'key-timeline', given: { ...lastDays(90), key_id: KEY } },
    { name: 'ipTimeline', question: 'ip-timeline', given: { ...lastDays(90), source_ip: ADDRESS } },
    { name: 'verdictSummary', question: 'verdict-summary', given: { from, to } },
    // Other columns of the table than those of the arrival are in both.
    { name: 'view', sql: `SELECT sum(cityHash64(*)) FROM activity WHERE ${range}` },
    { name: 'bare', sql: `SELECT sum(cityHash64(*)) FROM audit_events FINAL WHERE ${range}` },
  ];
  const taken = await part('ask', [dataDir, JSON.stringify(asked)]);
  return JSON.parse(taken.stdout) as Readonly<Record<string, AskTimes>>;
}
