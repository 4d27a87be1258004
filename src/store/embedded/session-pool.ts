/**
 * Sessions of one kind: so many at once, one statement at a time each.
 *
 * A session is used again only when nothing was set on it and nothing failed on it. The engine puts the partial output
 * of a failed statement in front of the session's next answer, parameters cannot be unset, and a new session costs less
 * than setting and resetting: so what must never leak from one caller to the next goes with its session.
 */
import type { Engine, Prepared, TaggedSession } from './engine.ts';

export class SessionPool {
  readonly #engine: Engine;
  readonly #idle: TaggedSession[] = [];
  readonly #waiting: (() => void)[] = [];
  #free: number;
  readonly #size: number;

  constructor(engine: Engine, size: number) {
    this.#engine = engine;
    this.#size = size;
    this.#free = size;
  }

  /**
   * Runs one statement on a session.
   *
   * @param prepared what is set on the session; `undefined` takes a clean one and gives it back
   * @param signal aborted when the client went away: then a statement that waits does not begin
   */
  async use<T>(
    prepared: Prepared | undefined,
    signal: AbortSignal,
    statement: (session: TaggedSession) => Promise<T>,
  ): Promise<T> {
    await this.#enter();
    let session: TaggedSession | undefined;
    let clean = false;
    try {
      signal.throwIfAborted();
      session = (prepared === undefined ? this.#idle.pop() : undefined) ?? (await this.#engine.session(prepared));
      const result = await statement(session);
      // A statement that nobody waits for any more is being killed by its session's tag, perhaps after it has ended.
      clean = prepared === undefined && !signal.aborted;
      return result;
    } finally {
      if (session !== undefined) this.#giveBack(session, clean);
      this.#leave();
    }
  }

  /**
   * Takes every place, so that nothing is running any more, and closes the sessions. Nothing can be used afterwards.
   */
  async close(): Promise<void> {
    for (let taken = 0; taken < this.#size; taken++) await this.#enter();
    for (const { session } of this.#idle.splice(0)) session.close();
  }

  #giveBack(session: TaggedSession, clean: boolean): void {
    if (clean) this.#idle.push(session);
    else session.session.close();
  }

  async #enter(): Promise<void> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free++;
    else next();
  }
}
