/**
 * Detections over a store with a month of history, on a clock of its own that goes on where the history ends: what is
 * there first, then one cycle over a minute of new events that wait, then events that come in while a loop looks.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadLines } from '../../examples/load.ts';
import { sourceNamed } from '../../schemas/sources/index.ts';
import { builtInDetections } from '../../src/cli/detections.ts';
import { BlockBuilder } from '../../src/core/block.ts';
import { NO_DIGEST } from '../../src/core/dead-letter-row.ts';
import { createFingerprinter } from '../../src/core/fingerprint.ts';
import { DETECTION_CYCLE_MS, RECORD_BYTES_MAX } from '../../src/core/limits.ts';
import { readRecord } from '../../src/core/record-reader.ts';
import { ChunkPool } from '../../src/core/row-buffer.ts';
import { createScrubber, SCRUBBER_VERSION } from '../../src/core/scrub.ts';
import { loadDetections } from '../../src/detect/detections.ts';
import { type CycleReport, DetectionEngine } from '../../src/detect/engine.ts';
import { watch } from '../../src/detect/watch.ts';
import { ledgerInsert } from '../../src/pipeline/enter-block.ts';
import { storeBlock } from '../../src/pipeline/store-block.ts';
import { openEmbedded } from '../../src/store/embedded/open.ts';
import { LOAD_END, liveOptions } from '../load.ts';
import type { Cost, DetectTaken } from '../measures/detections.ts';
import { Sampler } from '../sampler.ts';

const WAITING_SECONDS = 60;
const STEADY_SECONDS = 60;
/** A key whose allow list holds only its own addresses. */
const WATCHED_KEY = 'key-2';
const WATCHED_RULE = 'source-ip-outside-allow-list';
const MS_PER_SECOND = 1_000;
/** Apart from the history's. */
const SEEDS_FROM = 1_000_000;

const [dataDir = ''] = process.argv.slice(2);
const key = Buffer.alloc(32, 7);
const source = sourceNamed('gateway/request');
const pool = new ChunkPool();
const reader = {
  storeKeyHex: key.toString('hex'),
  scrubber: createScrubber(createFingerprinter(key, '1')),
  isTrustedProxy: () => false,
  recordBytesMax: RECORD_BYTES_MAX,
};
const chainId = randomUUID();
let seconds = 0;
const now = () => LOAD_END + seconds * MS_PER_SECOND;
const { store, close } = await openEmbedded({ dataDir, mode: 'child' });
const detections = await loadDetections([builtInDetections()]);
const engine = new DetectionEngine({ store, detections, now });
const sampler = new Sampler(process.pid);

const caughtUp = await costOf(async () => {
  while ((await engine.cycle()).more) {
    // Everything that is there is looked at once.
  }
});
for (let second = 0; second < WAITING_SECONDS; second += 1) await storeSecond();
const rules: { readonly rule: string; readonly ms: number; readonly failed: boolean }[] = [];
const cycle = await costOf(async () => {
  const report = await engine.cycle();
  rules.push(...report.rules.map(({ rule, ms, error }) => ({ rule, ms, failed: error !== undefined })));
});
const alone = await costOf(() => live(false, async () => {}));
await engine.cycle();
const delaysMs: number[] = [];
const looking = await costOf(() => live(true, lookOn));
sampler.stop();
await close();
const taken: DetectTaken = { caughtUp, cycle, rules, alone, looking, liveSeconds: STEADY_SECONDS, delaysMs };
process.stdout.write(`${JSON.stringify(taken)}\n`);

type Beside = (stop: AbortSignal, stored: ReadonlyMap<string, number>) => Promise<void>;

/** A second of events every second, and beside it whatever is given, until it is told to stop. */
async function live(isWatched: boolean, beside: Beside): Promise<void> {
  const stored = new Map<string, number>();
  const stop = new AbortController();
  const besides = beside(stop.signal, stored);
  const startedAt = performance.now();
  for (let second = 1; second <= STEADY_SECONDS; second += 1) {
    const address = `203.0.113.${second}`;
    await storeSecond(isWatched ? address : undefined);
    stored.set(address, performance.now());
    await sleep(Math.max(0, startedAt + second * MS_PER_SECOND - performance.now()));
  }
  // The last second is looked at as well.
  await sleep(3 * DETECTION_CYCLE_MS);
  stop.abort();
  await besides;
}

/** As the program does it. */
async function lookOn(signal: AbortSignal, stored: ReadonlyMap<string, number>): Promise<void> {
  const onCycle = ({ found }: CycleReport): void => {
    for (const { rule, entity } of found) {
      const at = stored.get(new Map(entity).get('source_ip') ?? '');
      if (rule === WATCHED_RULE && at !== undefined) delaysMs.push(performance.now() - at);
    }
  };
  const sender = { begin: async () => undefined, step: async () => undefined };
  const silent = (): void => undefined;
  await watch({ store, detections, now, signal, sender, onCycle, onLease: silent, onRetry: silent });
}

/** @param foreign an address that one request comes from beside all others */
async function storeSecond(foreign?: string): Promise<void> {
  seconds += 1;
  const blockId = randomUUID();
  const stamp = { blockId, ingestedAt: now(), stream: 'live', partition: 0 };
  const block = new BlockBuilder({ ...stamp, scrubberVersion: SCRUBBER_VERSION, fingerprintKeyId: '1' }, pool);
  for (const line of linesOf(foreign)) {
    const value = Buffer.from(line, 'latin1');
    block.add(readRecord(value, source, '', reader), block.records, 0, value.length);
  }
  await storeBlock({ insert: (insert) => store.insert(insert), pool }, block);
  const entered = {
    ...{ kind: 'block' as const, stamp: block.stamp, block, refused: 0, recordedAt: now() },
    ...{ positionFrom: 0, positionTo: block.records, streamEnd: block.records },
  };
  const place = { chainId, chainIndex: seconds - 1, previousDigest: NO_DIGEST };
  await store.insert(ledgerInsert(entered, place).insert);
  block.release();
}

function* linesOf(foreign: string | undefined): Iterable<string> {
  const options = liveOptions(SEEDS_FROM + seconds, now());
  yield* loadLines(options);
  if (foreign === undefined) return;
  const [line = ''] = loadLines({ ...options, seed: 2 * SEEDS_FROM + seconds, count: 1, keys: 1 });
  yield line.replaceAll('key-0', WATCHED_KEY).replace(/"sourceIp":"[^"]*"/, `"sourceIp":"${foreign}"`);
}

async function costOf(work: () => Promise<void>): Promise<Cost> {
  const [startedAt, cpuBefore] = [performance.now(), cpuSeconds()];
  await work();
  return { wallSeconds: (performance.now() - startedAt) / MS_PER_SECOND, cpuSeconds: cpuSeconds() - cpuBefore };
}

/** Of this process and of the engine below it. */
function cpuSeconds(): number {
  sampler.look();
  return sampler.samples.at(-1)?.cpuSeconds ?? 0;
}
