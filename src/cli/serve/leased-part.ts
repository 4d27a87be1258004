/** A part that does its work while it holds a lease, and stands by while another process does. */
import { pause } from '../../store/retry.ts';
import type { Part, PartLife, PartMode } from '../../supervisor/part.ts';

/** What the work sends with; it is opened before the lease is held, and does nothing by itself. */
interface Sending {
  close(): Promise<unknown>;
}

export interface LeasedWork<Sender extends Sending> {
  readonly name: string;
  /** See `Part`. */
  readonly isOptional?: boolean;
  /** Work under way is left to itself after this: whoever holds the lease next does the rest. */
  readonly stopMsMax: number;
  readonly open: () => Promise<Sender>;
  /** Resolves when the signal comes. */
  readonly work: (sender: Sender, signal: AbortSignal, onLease: (isHeld: boolean) => void) => Promise<void>;
  /** Told when the mode has changed. */
  readonly onMode: (mode: PartMode) => void;
}

export class LeasedPart<Sender extends Sending> implements Part {
  readonly name: string;
  readonly isOptional: boolean;
  readonly #work: LeasedWork<Sender>;
  #mode: PartMode = 'standby';
  #stop = new AbortController();
  #running: Promise<void> | undefined;
  #sender: Sender | undefined;

  constructor(work: LeasedWork<Sender>) {
    this.name = work.name;
    this.isOptional = work.isOptional ?? false;
    this.#work = work;
  }

  get mode(): PartMode {
    return this.#mode;
  }

  async start(life: PartLife): Promise<void> {
    const { open, work, onMode } = this.#work;
    const stop = new AbortController();
    this.#stop = stop;
    const sender = await open();
    this.#sender = sender;
    const onLease = (isHeld: boolean): void => {
      this.#mode = isHeld ? 'active' : 'standby';
      onMode(this.#mode);
    };
    this.#running = work(sender, stop.signal, onLease).catch((error: unknown) => life.failed(error));
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    const over = new AbortController();
    await Promise.race([this.#running, pause(this.#work.stopMsMax, over.signal)]);
    over.abort();
    await this.#sender?.close();
    this.#sender = undefined;
    this.#running = undefined;
    this.#mode = 'standby';
  }
}
