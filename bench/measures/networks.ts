/** What it costs to look addresses up while ingesting: by itself, and of a whole ingest. */
import { median, rounded } from '../figures.ts';
import { loadOptions, writeLoad } from '../load.ts';
import { part } from '../measured-process.ts';
import type { Workspace } from '../workspace.ts';
import { answerOf, cpuPerMillion, ingestFile } from './rates.ts';

/** What the part `look-up-networks` prints. */
export interface LookUpFigures {
  readonly readIpv4Ms: number;
  readonly readIpv6Ms: number;
  readonly memoryMb: number;
  readonly lookUpNs: number;
  readonly rememberedNs: number;
}

export interface NetworkCosts extends LookUpFigures {
  /** CPU seconds per million events: medians of ingests of one file, which took turns. */
  readonly cpuWith: number;
  readonly cpuWithout: number;
  /** Median of the ratios of two ingests that followed each other: what else the machine does changes slowly. */
  readonly cpuRatio: number;
}

/** Addresses that are announced, and more of them than are remembered: the dear case. */
const PUBLIC = { firstOctet: 81, addresses: 200_000 };

export async function measureNetworks(workspace: Workspace): Promise<NetworkCosts> {
  const { events, repeats } = workspace.options;
  const figures = answerOf<LookUpFigures>(await part('look-up-networks', []));
  const file = workspace.path('public-load');
  await writeLoad(file, { ...loadOptions(events), ...PUBLIC });
  const cpu = { true: [] as number[], false: [] as number[] };
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    for (const enabled of ['true', 'false'] as const) {
      const run = await ingestFile(workspace, file, { KEYTRAIL_ENRICH_ENABLED: enabled });
      cpu[enabled].push(cpuPerMillion(run, events));
      workspace.say(`networks ${enabled}: ${rounded(cpuPerMillion(run, events))} CPU-s per million`);
    }
  }
  return {
    ...figures,
    cpuWith: rounded(median(cpu.true), 2),
    cpuWithout: rounded(median(cpu.false), 2),
    cpuRatio: rounded(median(cpu.true.map((of, at) => of / (cpu.false[at] ?? Number.NaN))), 3),
  };
}
