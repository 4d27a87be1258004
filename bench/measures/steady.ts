/** A steady run: memory must not grow while events come in as they come in on a busy day. */
import { setTimeout as sleep } from 'node:timers/promises';
import { rounded, slope } from '../figures.ts';
import { fillTopic, loadOptions } from '../load.ts';
import { keytrail } from '../measured-process.ts';
import type { Workspace } from '../workspace.ts';
import { loggedNumber } from './rates.ts';

const MS_PER_MINUTE = 60_000;
/** Caches and pools fill in the first minutes. */
const FROM_MINUTE = 2;

export interface Steady {
  readonly minutes: number;
  readonly eventsPerSecond: number;
  readonly events: number;
  readonly cpuSecondsPerMillion: number;
  readonly peakRssMb: number;
  /** MB per minute, from the second minute on: of all processes, and of the intake alone. */
  readonly rssSlope: number;
  readonly intakeRssSlope: number;
  readonly eventLoopP99Ms?: number;
}

export async function measureSteady(workspace: Workspace): Promise<Steady> {
  const { steadyMinutes: minutes, steadyRate } = workspace.options;
  const topic = await workspace.topic();
  const brokers = await workspace.brokers();
  const dataDir = workspace.path('store');
  const command = ['consume', '--brokers', brokers.join(','), '--topic', `${topic}=gateway/request`];
  const rest = ['--group', topic, '--format', 'ndjson', '--data-dir', dataDir];
  workspace.say(`a steady run of ${minutes} minutes at ${steadyRate} events/s`);
  const events = minutes * 60 * steadyRate;
  const taken = await keytrail([...command, ...rest], {
    meanwhile: async (child) => {
      await fillTopic(brokers, topic, loadOptions(events), steadyRate);
      await sleep(2_000);
      child.kill('SIGTERM');
    },
  });
  await workspace.remove(dataDir);
  const late = taken.samples.filter(({ at }) => at >= FROM_MINUTE * MS_PER_MINUTE && at <= minutes * MS_PER_MINUTE);
  const points = (of: 'rssMb' | 'ownRssMb') => late.map((one) => ({ x: one.at / MS_PER_MINUTE, y: one[of] }));
  const eventLoopP99Ms = loggedNumber(taken.stderr, 'eventLoopP99Ms');
  return {
    minutes,
    eventsPerSecond: steadyRate,
    events,
    cpuSecondsPerMillion: rounded((taken.cpuSeconds / events) * 1e6, 2),
    peakRssMb: rounded(taken.peakRssMb, 0),
    rssSlope: rounded(slope(points('rssMb')), 2),
    intakeRssSlope: rounded(slope(points('ownRssMb')), 2),
    ...(eventLoopP99Ms === undefined ? {} : { eventLoopP99Ms }),
  };
}
