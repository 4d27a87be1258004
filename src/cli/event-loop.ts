/** How long the event loop kept everybody waiting while a command ran: heartbeats, answers of the store, a console. */
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Timers are looked at this often; no figure is below it. */
const RESOLUTION_MS = 10;
const NS_PER_MS = 1_000_000;

export interface EventLoopFigures {
  readonly eventLoopP99Ms: number;
  readonly eventLoopMaxMs: number;
}

/** @returns stops watching, and tells the figures up to then, as Node measures them */
export function watchEventLoop(): () => EventLoopFigures {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  return () => {
    histogram.disable();
    const milliseconds = (nanoseconds: number) => Math.round(nanoseconds / NS_PER_MS);
    return {
      eventLoopP99Ms: milliseconds(histogram.percentile(99)),
      eventLoopMaxMs: milliseconds(histogram.max),
    };
  };
}
