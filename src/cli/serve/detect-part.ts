/** Detections as a part of the daemon: they look while it holds the lease, and stand by while another process does. */
import { messageOf } from '../../core/errors.ts';
import { DETECT_STOP_MS_MAX } from '../../core/limits.ts';
import type { CycleReport, EngineOptions } from '../../detect/engine.ts';
import { watch } from '../../detect/watch.ts';
import { pause } from '../../store/retry.ts';
import type { Part, PartLife, PartMode } from '../../supervisor/part.ts';
import type { Delivery } from '../alert-delivery.ts';

export interface DetectPartOptions extends EngineOptions {
  /** Opens what sends alerts; nothing is sent before it looks. */
  readonly openDelivery: () => Promise<Delivery>;
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
  #delivery: Delivery | undefined;

  constructor(options: DetectPartOptions) {
    this.#options = options;
  }

  get mode(): PartMode {
    return this.#mode;
  }

  async start(life: PartLife): Promise<void> {
    const { openDelivery, log, onCycle, ...looking } = this.#options;
    const stop = new AbortController();
    this.#stop = stop;
    const delivery = await openDelivery();
    this.#delivery = delivery;
    this.#running = watch({
      ...{ ...looking, sender: delivery, signal: stop.signal },
      onLease: (isHeld) => {
        this.#mode = isHeld ? 'active' : 'standby';
        log.info({ detections: looking.detections.length, mode: this.#mode }, 'detections');
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
    await this.#delivery?.close();
    this.#delivery = undefined;
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
