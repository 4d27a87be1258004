/** A store whose server may be another process: when it has gone, the next call finds or becomes its successor. */
import { UserError } from '../../core/errors.ts';
import { connectionCodeOf, storeErrorOf } from '../errors.ts';
import { type QueryOptions, type RowBinaryInsert, type Store, StoreError } from '../store.ts';

/** Nobody took the request: it can be sent again, whatever it was. */
const NEVER_SENT: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ENOENT']);
/** It may have been taken: only a question can be asked again. */
const CUT: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE']);

/**
 * Who answers the election may be going away itself, as the engine of a process that was killed does: the question then
 * meets the same end once more.
 */
const ATTEMPTS_MAX = 3;

export class ReconnectingStore implements Store {
  readonly #inner: Store;
  readonly #elect: () => Promise<void>;
  readonly #onClose: () => Promise<void>;

  constructor(inner: Store, elect: () => Promise<void>, onClose: () => Promise<void>) {
    this.#inner = inner;
    this.#elect = elect;
    this.#onClose = onClose;
  }

  rows<Row>(sql: string, options?: QueryOptions): Promise<Row[]> {
    return this.#asked(() => this.#inner.rows<Row>(sql, options));
  }

  async *stream(sql: string, format: string, options?: QueryOptions): AsyncIterable<Uint8Array> {
    const begin = async (): Promise<{ rest: AsyncIterator<Uint8Array>; first: IteratorResult<Uint8Array> }> => {
      const rest = this.#inner.stream(sql, format, options)[Symbol.asyncIterator]();
      return { rest, first: await rest.next() };
    };
    const { rest, first } = await this.#asked(begin);
    try {
      for (let next = first; next.done !== true; next = await rest.next()) yield next.value;
    } finally {
      await rest.return?.();
    }
  }

  async command(sql: string, options?: QueryOptions): Promise<void> {
    return this.#changed(() => this.#inner.command(sql, options), true);
  }

  /** Not sent again here: the caller's retry does that, with the same token, and by then somebody serves. */
  insert(insert: RowBinaryInsert): Promise<void> {
    return this.#changed(() => this.#inner.insert(insert), false);
  }

  async close(): Promise<void> {
    await this.#inner.close();
    await this.#onClose();
  }

  async #asked<T>(question: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await question();
      } catch (cause) {
        const code = connectionCodeOf(cause);
        if ((!NEVER_SENT.has(code) && !CUT.has(code)) || attempt === ATTEMPTS_MAX) throw cause;
        await this.#succeed();
      }
    }
  }

  async #changed(change: () => Promise<void>, again: boolean): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await change();
      } catch (cause) {
        const code = connectionCodeOf(cause);
        if (!NEVER_SENT.has(code) && !CUT.has(code)) throw cause;
        await this.#succeed();
        if (!again || !NEVER_SENT.has(code) || attempt === ATTEMPTS_MAX) throw storeErrorOf(cause);
      }
    }
  }

  /** An election that nobody wins is worth another try later: the holder may come back, space may be freed. */
  async #succeed(): Promise<void> {
    try {
      await this.#elect();
    } catch (cause) {
      if (cause instanceof UserError && RETRIABLE_ELECTIONS.has(cause.code)) {
        throw new StoreError('retriable', 0, `${cause.message} (${cause.code})`, cause);
      }
      throw cause;
    }
  }
}

const RETRIABLE_ELECTIONS: ReadonlySet<string> = new Set(['DATA_DIR_HELD', 'DATA_DIR_FULL', 'ENGINE_NOT_OPENED']);
