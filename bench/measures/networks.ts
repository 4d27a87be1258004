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
  /** Medians of ingests of one file, which took turns. */
  readonly cpuWith: number;
  readonly cpuWithout: number;
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
  const [cpuWith, cpuWithout] = [median(cpu.true), median(cpu.false)];
  return {
    ...figures,
    cpuWith: rounded(cpuWith, 2),
    cpuWithout: rounded(cpuWithout, 2),
    cpuRatio: rounded(cpuWith / cpuWithout, 3),
  };
}
