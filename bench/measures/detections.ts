/** What it costs to look: at a minute that waits, and all the while beside 5,000 events a second. */
import { generateLoad } from '../../examples/load.ts';
import { quantile, rounded } from '../figures.ts';
import { HISTORY_KEYS, habitsOptions, LOAD_END, writeRegistry } from '../load.ts';
import { keytrail, part } from '../measured-process.ts';
import type { Workspace } from '../workspace.ts';

export interface Cost {
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
}

/** What the part `detect` tells. */
export interface DetectTaken {
  /** All that was there, looked at for the first time. */
  readonly caughtUp: Cost;
  readonly cycle: Cost;
  readonly rules: readonly { readonly rule: string; readonly ms: number; readonly failed: boolean }[];
  /** The same seconds of events without and with the loop that looks. */
  readonly alone: Cost;
  readonly looking: Cost;
  readonly liveSeconds: number;
  /** From stored to found, of events from outside of an allow list. */
  readonly delaysMs: readonly number[];
}

export interface DetectionCosts {
  readonly events: number;
  readonly caughtUpSeconds: number;
  readonly caughtUpCpuSeconds: number;
  readonly cycleSeconds: number;
  readonly cycleCpuSeconds: number;
  readonly slowest: Readonly<Record<string, number>>;
  readonly failed: readonly string[];
  /** Processors that looking keeps busy. */
  readonly processors: number;
  readonly found: number;
  readonly foundP50Ms: number;
  readonly foundP99Ms: number;
  readonly peakRssMb: number;
}

const SLOWEST = 5;

export async function measureDetections(workspace: Workspace): Promise<DetectionCosts> {
  const { history } = workspace.options;
  const [dataDir, registry] = [workspace.path('habits'), workspace.path('keys.csv')];
  workspace.say(`storing ${history} events of a month`);
  const command = ['ingest', '-', '--source', 'gateway/request', '--format', 'ndjson', '--data-dir', dataDir];
  await keytrail(command, { input: generateLoad(habitsOptions(history)) });
  await writeRegistry(registry, { keys: HISTORY_KEYS, versions: 1, end: LOAD_END });
  await keytrail(['keys', 'import', registry, '--data-dir', dataDir]);
  workspace.say('looking at them');
  const { stdout, peakRssMb } = await part('detect', [dataDir]);
  const taken = JSON.parse(stdout) as DetectTaken;
  await workspace.remove(dataDir);
  const slowest = taken.rules.toSorted((one, other) => other.ms - one.ms).slice(0, SLOWEST);
  const looking = taken.looking.cpuSeconds - taken.alone.cpuSeconds;
  return {
    events: history,
    caughtUpSeconds: rounded(taken.caughtUp.wallSeconds),
    caughtUpCpuSeconds: rounded(taken.caughtUp.cpuSeconds),
    cycleSeconds: rounded(taken.cycle.wallSeconds, 2),
    cycleCpuSeconds: rounded(taken.cycle.cpuSeconds, 2),
    slowest: Object.fromEntries(slowest.map(({ rule, ms }) => [rule, rounded(ms, 0)])),
    failed: taken.rules.filter(({ failed }) => failed).map(({ rule }) => rule),
    processors: rounded(looking / taken.liveSeconds, 2),
    found: taken.delaysMs.length,
    foundP50Ms: rounded(quantile([...taken.delaysMs], 0.5), 0),
    foundP99Ms: rounded(quantile([...taken.delaysMs], 0.99), 0),
    peakRssMb: rounded(peakRssMb, 0),
  };
}
