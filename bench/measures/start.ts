/** How long it takes until the program says something. */
import { median, rounded } from '../figures.ts';
import { loadOptions, writeLoad } from '../load.ts';
import { keytrail, type Taken } from '../measured-process.ts';
import type { Workspace } from '../workspace.ts';

const TIMES = 7;
const EVENTS = 20_000;

export interface StartTimes {
  readonly helpMs: number;
  readonly helpCpuMs: number;
  /** From the command to its end: start, open the embedded store, ask `key-usage` of a small store, close. */
  readonly firstQuestionMs: number;
  readonly firstQuestionCpuMs: number;
}

export async function measureStart(workspace: Workspace): Promise<StartTimes> {
  const help = await several(() => keytrail(['--help']));
  const [file, dataDir] = [workspace.path('small'), workspace.path('store')];
  await writeLoad(file, loadOptions(EVENTS));
  await keytrail(['ingest', file, '--source', 'gateway/request', '--data-dir', dataDir]);
  const asked = await several(() => keytrail(['query', 'key-usage', '--data-dir', dataDir, '--format', 'ndjson']));
  for (const path of [file, dataDir]) await workspace.remove(path);
  return {
    helpMs: rounded(median(help.map(({ wallSeconds }) => wallSeconds * 1_000)), 0),
    helpCpuMs: rounded(median(help.map(({ cpuSeconds }) => cpuSeconds * 1_000)), 0),
    firstQuestionMs: rounded(median(asked.map(({ wallSeconds }) => wallSeconds * 1_000)), 0),
    firstQuestionCpuMs: rounded(median(asked.map(({ cpuSeconds }) => cpuSeconds * 1_000)), 0),
  };
}

async function several(once: () => Promise<Taken>): Promise<Taken[]> {
  const taken: Taken[] = [];
  for (let time = 0; time < TIMES; time += 1) taken.push(await once());
  return taken;
}
