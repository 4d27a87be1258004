/** Detections as a part of the daemon: they look while it holds the lease, and stand by while another process does. */
import { messageOf } from '../../core/errors.ts';
import { DETECT_STOP_MS_MAX } from '../../core/limits.ts';
import type { CycleReport, EngineOptions } from '../../detect/engine.ts';
import { watch } from '../../detect/watch.ts';
import type { Delivery } from '../alert-delivery.ts';
import { LeasedPart } from './leased-part.ts';

export interface DetectPartOptions extends EngineOptions {
  /** Opens what sends alerts; nothing is sent before it looks. */
  readonly openDelivery: () => Promise<Delivery>;
  readonly log: { info(facts: object, message: string): void; warn(facts: object, message: string): void };
  /** Told after each look: for figures, and for who delivers what was found. */
  readonly onCycle: (report: CycleReport, ms: number) => void;
}

export function detectPart({ openDelivery, log, onCycle, ...looking }: DetectPartOptions): LeasedPart<Delivery> {
  return new LeasedPart({
    name: 'detections',
    // A look that is left to itself moves no cursor, and who looks next sees the same.
    stopMsMax: DETECT_STOP_MS_MAX,
    open: openDelivery,
    onMode: (mode) => log.info({ detections: looking.detections.length, mode }, 'detections'),
    work: (sender, signal, onLease) =>
      watch({
        ...{ ...looking, sender, signal, onLease },
        onRetry: ({ failures, error }) =>
          log.warn({ failures, reason: error.message }, 'detections wait for the store'),
        onCycle: (report, ms) => {
          complain(report, log);
          onCycle(report, ms);
        },
      }),
  });
}

function complain({ rules }: CycleReport, log: DetectPartOptions['log']): void {
  for (const { rule, error, capped } of rules) {
    if (error !== undefined) log.warn({ rule, reason: messageOf(error) }, 'a detection could not look');
    if (capped) log.warn({ rule }, 'a detection found more than it may keep');
  }
}
