/** How much one token may ask at once. What is beyond it waits, and what is beyond that is told to come later. */
import PQueue from 'p-queue';
import { TOKEN_QUERIES_AT_ONCE, TOKEN_WAITING_QUERIES_MAX } from '../core/limits.ts';
import { Problem, RETRY_AFTER } from './problem.ts';

export class Turnstile {
  readonly #queues = new Map<string, PQueue>();
  readonly #atOnce: number;
  readonly #waitingMax: number;

  constructor(atOnce = TOKEN_QUERIES_AT_ONCE, waitingMax = TOKEN_WAITING_QUERIES_MAX) {
    this.#atOnce = atOnce;
    this.#waitingMax = waitingMax;
  }

  /**
   * @returns to be called when the work is done
   * @throws Problem TOO_MANY_REQUESTS; what the signal says when the client went away while it waited
   */
  async enter(token: string, signal: AbortSignal): Promise<() => void> {
    const queue = this.#queueOf(token);
    if (queue.size >= this.#waitingMax) {
      throw new Problem(
        429,
        'TOO_MANY_REQUESTS',
        'this token asks too much at once',
        { expected: `at most ${this.#atOnce} questions at once and ${this.#waitingMax} that wait` },
        RETRY_AFTER,
      );
    }
    return new Promise((resolve, reject) => {
      queue
        .add(() => new Promise<void>((leave) => resolve(() => leave())), { signal })
        .catch(reject)
        .finally(() => {
          if (queue.size === 0 && queue.pending === 0) this.#queues.delete(token);
        });
    });
  }

  #queueOf(token: string): PQueue {
    const known = this.#queues.get(token);
    if (known !== undefined) return known;
    const queue = new PQueue({ concurrency: this.#atOnce });
    this.#queues.set(token, queue);
    return queue;
  }
}
