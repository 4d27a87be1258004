/** What reports cost: one of thirty days, and one for each of five hundred owners. */
import { rounded } from '../figures.ts';
import { historyStore, lastDays } from '../history.ts';
import { HISTORY_KEYS, LOAD_END, writeRegistry } from '../load.ts';
import { keytrail, part } from '../measured-process.ts';
import type { Workspace } from '../workspace.ts';

/** What the part `report` tells. */
export interface ReportTimes {
  documents: number;
  bytes: number;
  failed: number;
  /** Composing and writing, without starting and opening. */
  ms: number;
  /** Of the process that makes reports; the engine has its own. */
  peakRssMb: number;
}

export interface ReportCosts {
  readonly keyUsageSeconds: number;
  readonly keyUsageRssMb: number;
  readonly ownerDocuments: number;
  readonly ownersSeconds: number;
  readonly ownersRssMb: number;
}

const DAYS = 30;
const OWNERS = 500;

export async function measureReports(workspace: Workspace): Promise<ReportCosts> {
  const { dataDir } = await historyStore(workspace);
  const registry = workspace.path('report-keys.csv');
  await writeRegistry(registry, { keys: HISTORY_KEYS, versions: 1, end: LOAD_END, owners: OWNERS });
  await keytrail(['keys', 'import', registry, '--data-dir', dataDir]);
  const { from, to } = lastDays(DAYS);
  const period = `${from.slice(0, 10)}..${to.slice(0, 10)}`;
  const whole = await times([dataDir, 'key-usage', period, 'html,csv,json']);
  const owners = await times([dataDir, 'access-review', period, 'html,csv', 'per-owner']);
  return {
    keyUsageSeconds: rounded(whole.ms / 1_000, 2),
    keyUsageRssMb: rounded(whole.peakRssMb, 0),
    ownerDocuments: owners.documents,
    ownersSeconds: rounded(owners.ms / 1_000, 1),
    ownersRssMb: rounded(owners.peakRssMb, 0),
  };
}

async function times(args: readonly string[]): Promise<ReportTimes> {
  const taken = await part('report', args);
  const told = JSON.parse(taken.stdout) as ReportTimes;
  // A report that is quick because half of it failed is no figure.
  if (told.failed > 0) throw new Error(`${told.failed} sections have no answer`);
  return told;
}
