/**
 * Detections as long as a process runs: one process of all that run them on a store looks, the others stand by until it
 * is gone.
 */
import { DETECTION_CYCLE_MS, LOOKED_LATELY_MS_MAX } from '../core/limits.ts';
import { LEASE, whileLeading } from '../store/lock.ts';
import { pause, type RetryNotice, withRetry } from '../store/retry.ts';
import { type CycleReport, DetectionEngine, type EngineOptions, type Lane } from './engine.ts';

/** Sends what is found: only who looks may send. */
export interface Sender {
  /** Before anything is looked for. */
  begin(): Promise<void>;
  /** @param isLooking whether all detections were asked lately, for who tells others that keytrail lives */
  step(isLooking: boolean): Promise<void>;
}

export interface WatchOptions extends EngineOptions {
  readonly sender: Sender;
  readonly signal: AbortSignal;
  /** Told when this process becomes the one that looks, and when it is not any more. */
  readonly onLease: (isHeld: boolean) => void;
  /** Told after each cycle in which a detection was due. */
  readonly onCycle: (report: CycleReport, ms: number) => void;
  readonly onRetry: (note: RetryNotice) => void;
}

/** Resolves when the signal comes; rejects with what does not heal. */
export function watch(options: WatchOptions): Promise<void> {
  return whileLeading(options.store, LEASE, options, () => look(options));
}

async function look(options: WatchOptions): Promise<void> {
  const { sender, signal, onRetry } = options;
  await withRetry(() => sender.begin(), { signal, onRetry });
  const engine = new DetectionEngine(options);
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  // Sending waits for no look, and what must be told within seconds for no other detection.
  const within: WatchOptions = { ...options, signal: either };
  const lookedAt = new Map<Lane, number>();
  const lanes = [
    lane(engine, 'urgent', within, lookedAt),
    lane(engine, 'thorough', within, lookedAt),
    send(within, lookedAt),
  ];
  // The first that fails stops the others, and what they say of being stopped says nothing.
  let failure: { readonly error: unknown } | undefined;
  const ending = lanes.map((one) =>
    one.catch((error: unknown) => {
      if (!either.aborted) failure = { error };
      failed.abort();
    }),
  );
  await Promise.all(ending);
  if (failure !== undefined) throw failure.error;
}

async function lane(
  engine: DetectionEngine,
  of: Lane,
  { signal, onCycle, onRetry }: WatchOptions,
  lookedAt: Map<Lane, number>,
): Promise<void> {
  while (!signal.aborted) {
    const started = performance.now();
    // A store that is away is waited for, as the intake does; what came meanwhile is what is new then.
    const report = await withRetry(() => engine.cycle({ onlyDue: true, lane: of }), { signal, onRetry });
    lookedAt.set(of, performance.now());
    if (report.rules.length > 0) onCycle(report, performance.now() - started);
    if (!report.more) await pause(DETECTION_CYCLE_MS, signal);
  }
}

async function send({ sender, signal, onRetry }: WatchOptions, lookedAt: ReadonlyMap<Lane, number>): Promise<void> {
  const isFresh = (at = Number.NEGATIVE_INFINITY) => performance.now() - at < LOOKED_LATELY_MS_MAX;
  while (!signal.aborted) {
    const isLooking = isFresh(lookedAt.get('urgent')) && isFresh(lookedAt.get('thorough'));
    await withRetry(() => sender.step(isLooking), { signal, onRetry });
    await pause(DETECTION_CYCLE_MS, signal);
  }
}
