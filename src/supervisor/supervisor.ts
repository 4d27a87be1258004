/**
 * Keeps the parts of a daemon running, each for itself: one that fails waits and begins again, and the others go on.
 */
import { messageOf } from '../core/errors.ts';
import { PART_PAUSE_MS_MAX, PART_PAUSE_MS_MIN, PART_STEADY_MS_MIN } from '../core/limits.ts';
import type { Part, PartState, PartStatus } from './part.ts';

export interface SupervisorLog {
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
}

export interface SupervisorOptions {
  readonly parts: readonly Part[];
  readonly log: SupervisorLog;
  readonly now: () => number;
  readonly random?: () => number;
  /** Resolves after the time, or at once when the signal is aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

export class Supervisor {
  readonly #keepers: readonly Keeper[];
  readonly #stop = new AbortController();
  #lives: Promise<void>[] = [];

  constructor(options: SupervisorOptions) {
    this.#keepers = options.parts.map((part) => new Keeper(part, options, this.#stop.signal));
  }

  get states(): readonly PartState[] {
    return this.#keepers.map((keeper) => keeper.state);
  }

  /** Every part that the daemon cannot do without is running. */
  get isReady(): boolean {
    return this.#keepers.every(({ state }) => state.isOptional || state.status === 'running');
  }

  /**
   * Starts the parts in their order, each when the one before has begun.
   *
   * @throws what the first start of a part failed with: a daemon that cannot begin says so and ends
   */
  async start(): Promise<void> {
    for (const keeper of this.#keepers) {
      await keeper.begin();
      this.#lives.push(keeper.keep());
    }
  }

  /** Ends one life of a running part; it begins again as after a failure. @returns whether there is such a part */
  restart(name: string): boolean {
    const keeper = this.#keepers.find(({ state }) => state.name === name && state.status === 'running');
    keeper?.fail(new Error('a restart was asked for'));
    return keeper !== undefined;
  }

  /**
   * Stops the parts against their order. Resolves when all have ended, or after `msMax`. @returns those that had not
   */
  async stop(msMax: number): Promise<readonly string[]> {
    this.#stop.abort();
    const timeout = new AbortController();
    const late = setTimeout(() => timeout.abort(), msMax);
    const over = new Promise<void>((resolve) => timeout.signal.addEventListener('abort', () => resolve()));
    const ended = (async () => {
      for (const keeper of [...this.#keepers].reverse()) await keeper.end();
      await Promise.all(this.#lives);
    })();
    await Promise.race([ended, over]);
    clearTimeout(late);
    return this.states.filter(({ status }) => status !== 'stopped').map(({ name }) => name);
  }
}

class Keeper {
  readonly #part: Part;
  readonly #options: SupervisorOptions;
  readonly #stop: AbortSignal;
  #status: PartStatus = 'stopped';
  #sinceMs: number;
  #restarts = 0;
  #failure: string | undefined;
  #retryAtMs: number | undefined;
  #life = new Life();
  #ending: Promise<void> | undefined;
  #hasStopped = true;

  constructor(part: Part, options: SupervisorOptions, stop: AbortSignal) {
    this.#part = part;
    this.#options = options;
    this.#stop = stop;
    this.#sinceMs = options.now();
  }

  get state(): PartState {
    const mode = this.#status === 'running' ? this.#part.mode : undefined;
    return {
      name: this.#part.name,
      status: this.#status,
      isOptional: this.#part.isOptional ?? false,
      sinceMs: this.#sinceMs,
      restarts: this.#restarts,
      ...(this.#failure === undefined ? {} : { failure: this.#failure }),
      ...(this.#retryAtMs === undefined ? {} : { retryAtMs: this.#retryAtMs }),
      ...(mode === undefined ? {} : { mode }),
    };
  }

  async begin(): Promise<void> {
    this.#life = new Life();
    this.#hasStopped = false;
    this.#become('starting');
    try {
      await this.#part.start(this.#life);
      // A part that failed or was stopped while it began is not running.
      if (!this.#life.signal.aborted) this.#become('running');
    } catch (error) {
      this.#life.failed(error);
      await this.#stopPart();
      throw error;
    }
  }

  fail(error: Error): void {
    this.#life.failed(error);
  }

  /** Resolves when the supervisor stops. */
  async keep(): Promise<void> {
    let shortLives = 0;
    while (!this.#stop.aborted) {
      const begun = this.#options.now();
      const error = await this.#life.over(this.#stop);
      if (this.#stop.aborted) return;
      this.#failure = messageOf(error);
      // What ran for a while has failed anew, not again.
      shortLives = this.#options.now() - begun < PART_STEADY_MS_MIN ? shortLives + 1 : 0;
      await this.#stopPart();
      await this.#wait(shortLives);
      if (this.#stop.aborted) return;
      this.#restarts++;
      await this.begin().catch(() => {
        // The life that failed tells it to the next round.
      });
    }
  }

  /** Called once, when the supervisor stops. */
  async end(): Promise<void> {
    await this.#stopPart();
    this.#become('stopped');
  }

  async #wait(shortLives: number): Promise<void> {
    const { log, now, random = Math.random, sleep } = this.#options;
    const bound = Math.min(PART_PAUSE_MS_MAX, PART_PAUSE_MS_MIN * 2 ** Math.min(shortLives, 20));
    const pauseMs = Math.round(bound / 2 + (random() * bound) / 2);
    this.#retryAtMs = now() + pauseMs;
    this.#become('waiting');
    log.warn({ part: this.#part.name, reason: this.#failure, pauseMs }, 'a part has failed and is started again');
    await sleep(pauseMs, this.#stop);
    this.#retryAtMs = undefined;
  }

  /** Two may ask for it at once: the failure of a part, and the end of the daemon. */
  #stopPart(): Promise<void> {
    this.#life.end();
    if (this.#hasStopped) return Promise.resolve();
    this.#ending ??= this.#stopOnce().finally(() => {
      this.#ending = undefined;
    });
    return this.#ending;
  }

  async #stopOnce(): Promise<void> {
    this.#become('stopping');
    this.#hasStopped = true;
    try {
      await this.#part.stop();
    } catch (error) {
      this.#options.log.warn({ part: this.#part.name, reason: messageOf(error) }, 'a part did not end in order');
    }
  }

  #become(status: PartStatus): void {
    this.#status = status;
    this.#sinceMs = this.#options.now();
  }
}

/** One run of a part, from its start to its failure or its end. */
class Life {
  readonly #end = new AbortController();
  #failure: { readonly error: unknown } | undefined;

  get signal(): AbortSignal {
    return this.#end.signal;
  }

  failed = (error: unknown): void => {
    if (this.#end.signal.aborted) return;
    this.#failure = { error };
    this.#end.abort();
  };

  end(): void {
    this.#end.abort();
  }

  /** Resolves with the failure, or when the daemon stops. */
  async over(stop: AbortSignal): Promise<unknown> {
    if (!this.#end.signal.aborted && !stop.aborted) {
      await new Promise<void>((resolve) => {
        this.#end.signal.addEventListener('abort', () => resolve(), { once: true });
        stop.addEventListener('abort', () => resolve(), { once: true });
      });
    }
    return this.#failure?.error;
  }
}
