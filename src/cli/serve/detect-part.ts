/** Detections as a part of the daemon: they look while it holds the lease, and stand by while another process does. */
import { messageOf } from '../../core/errors.ts';
import { DETECT_STOP_MS_MAX } from '../../core/limits.ts';
import type { Detection } from '../../detect/detections.ts';
import type { CycleReport } from '../../detect/engine.ts';
import { watch } from '../../detect/watch.ts';
import { pause } from '../../store/retry.ts';
import type { Store } from '../../store/store.ts';
import type { Part, PartLife, PartMode } from '../../supervisor/part.ts';

export interface DetectPartOptions {
  readonly store: Store;
  readonly detections: readonly Detection[];
  readonly now: () => number;
  readonly log: { info(facts: object, message: string): void; warn(facts: object, message: string): void };
  /** Told after each look: for figures, and for who delivers what was found. */
  readonly onCycle: (report: CycleReport, ms: number) => void;
}

export class DetectPart implements Part {
  readonly name = 'detections';
  readonly #options: DetectPartOptions;
  #mode: PartMode = 'standby';
  #stop = new AbortController();
  #running: Promise<void> | undefined;

  constructor(options: DetectPartOptions) {
    this.#options = options;
  }

  get mode(): PartMode {
    return this.#mode;
  }

  async start(life: PartLife): Promise<void> {
    const { store, detections, now, log, onCycle } = this.#options;
    const stop = new AbortController();
    this.#stop = stop;
    this.#running = watch({
      ...{ store, detections, now, signal: stop.signal },
      onLease: (isHeld) => {
        this.#mode = isHeld ? 'active' : 'standby';
        log.info({ detections: detections.length, mode: this.#mode }, 'detections');
      },
      onRetry: ({ failures, error }) => log.warn({ failures, reason: error.message }, 'detections wait for the store'),
      onCycle: (report, ms) => {
        complain(report, log);
        onCycle(report, ms);
      },
    }).catch((error: unknown) => life.failed(error));
  }

  /** A look under way is left to itself after a while: its cursor does not move, and who looks next sees the same. */
  async stop(): Promise<void> {
    this.#stop.abort();
    const over = new AbortController();
    await Promise.race([this.#running, pause(DETECT_STOP_MS_MAX, over.signal)]);
    over.abort();
    this.#running = undefined;
    this.#mode = 'standby';
  }
}

function complain({ rules }: CycleReport, log: DetectPartOptions['log']): void {
  for (const { rule, error, capped } of rules) {
    if (error !== undefined) log.warn({ rule, reason: messageOf(error) }, 'a detection could not look');
    if (capped) log.warn({ rule }, 'a detection found more than it may keep');
  }
}
