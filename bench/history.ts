/** The store of a year's events that several measures ask, and what is known of its keys. */
import { access, cp, mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { generateLoad } from '../examples/load.ts';
import { HISTORY_KEYS, historyOptions, LOAD_END, writeRegistry } from './load.ts';
import { keytrail } from './measured-process.ts';
import type { Workspace } from './workspace.ts';

const MS_PER_DAY = 86_400_000;
const VERSIONS = 10;

/** Times of `from` and `to` for the last days of the load. */
export function lastDays(days: number): { readonly from: string; readonly to: string } {
  return { from: new Date(LOAD_END - days * MS_PER_DAY).toISOString(), to: new Date(LOAD_END).toISOString() };
}

export interface HistoryStore {
  readonly dataDir: string;
  /** Absent where the store was made by a run before. */
  readonly eventsPerSecond?: number;
}

/** @returns the folder of the store, which is this run's own */
export function historyStore(workspace: Workspace): Promise<HistoryStore> {
  return workspace.once('history', async () => {
    const { history, historyFolder } = workspace.options;
    const dataDir = workspace.path('history');
    if (historyFolder === undefined) return store(workspace, dataDir);
    // Measures push into their store and import into it: what is kept is never asked itself.
    const kept = join(historyFolder, `history-${history}`);
    const isThere = await access(kept).then(
      () => true,
      () => false,
    );
    const made = isThere ? { dataDir } : await store(workspace, dataDir);
    if (isThere) await cp(kept, dataDir, { recursive: true });
    else await keep(dataDir, kept, historyFolder);
    return made;
  });
}

/** @returns how many ms it took to make 50,000 versions of 5,000 keys known to that store */
export function registeredHistory(workspace: Workspace): Promise<HistoryStore & { readonly importMs: number }> {
  return workspace.once('registered history', async () => {
    const made = await historyStore(workspace);
    const versions = workspace.path('versions.csv');
    await writeRegistry(versions, { keys: HISTORY_KEYS, versions: VERSIONS, end: LOAD_END });
    const imported = await keytrail(['keys', 'import', versions, '--data-dir', made.dataDir]);
    return { ...made, importMs: imported.wallSeconds * 1_000 };
  });
}

async function store(workspace: Workspace, dataDir: string): Promise<HistoryStore> {
  const { history } = workspace.options;
  workspace.say(`storing ${history} events of a year`);
  const command = ['ingest', '-', '--source', 'gateway/request', '--format', 'ndjson', '--data-dir', dataDir];
  const stored = await keytrail(command, { input: generateLoad(historyOptions(history)) });
  const { records_per_second } = JSON.parse(stored.stdout) as { records_per_second: number };
  return { dataDir, eventsPerSecond: records_per_second };
}

/** Whole or not at all. */
async function keep(dataDir: string, kept: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await cp(dataDir, `${kept}.making`, { recursive: true });
  await rename(`${kept}.making`, kept);
}
