/**
 * The store as a part of the daemon. The engine's process is started again by whoever owns it; this part says how it
 * is.
 */
import { STORE_BEAT_MS, STORE_SILENT_MS_MAX } from '../../core/limits.ts';
import { pause } from '../../store/retry.ts';
import type { Store } from '../../store/store.ts';
import type { Part, PartLife } from '../../supervisor/part.ts';

export class StorePart implements Part {
  readonly name = 'store';
  readonly #store: Store;
  #watching: Promise<void> | undefined;

  constructor(store: Store) {
    this.#store = store;
  }

  async start(life: PartLife): Promise<void> {
    await this.#ask(life.signal);
    this.#watching = this.#watch(life);
  }

  async stop(): Promise<void> {
    await this.#watching;
    this.#watching = undefined;
  }

  async #watch(life: PartLife): Promise<void> {
    while (!life.signal.aborted) {
      await pause(STORE_BEAT_MS, life.signal);
      if (life.signal.aborted) return;
      try {
        await this.#ask(life.signal);
      } catch (error) {
        life.failed(error);
      }
    }
  }

  async #ask(signal: AbortSignal): Promise<void> {
    const late = AbortSignal.timeout(STORE_SILENT_MS_MAX);
    await this.#store.rows('SELECT 1 AS one', { signal: AbortSignal.any([signal, late]) });
  }
}
