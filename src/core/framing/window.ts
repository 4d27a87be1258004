/** The part of a stream that is held: from the text that is being read to the last byte that has arrived. */
import { Newlines } from './resync.ts';

export class Window {
  readonly newlines = new Newlines();
  bytes: Buffer = Buffer.alloc(0);
  /** Position in the stream of `bytes[0]`. */
  base = 0;
  /** Memory of our own behind `bytes`; absent while `bytes` is a chunk as it was pushed. */
  #store: Buffer | undefined;
  #storeStart = 0;

  /**
   * Adds what has arrived.
   *
   * @param from the first index that is still needed
   * @returns by how much all indexes have moved down
   */
  append(chunk: Buffer, from: number): number {
    const held = this.bytes.length - from;
    if (held > 0 && this.#extend(chunk)) return 0;
    if (held === 0) {
      this.bytes = chunk;
      this.#store = undefined;
    } else {
      // Twice what is held: a long text that comes in small pieces is copied a few times, not once per piece.
      this.#store = Buffer.allocUnsafeSlow(held * 2 + chunk.length);
      this.#storeStart = 0;
      this.#store.set(from === 0 ? this.bytes : this.bytes.subarray(from));
      this.#store.set(chunk, held);
      this.bytes = this.#store.subarray(0, held + chunk.length);
    }
    this.base += from;
    this.newlines.shift(from);
    return from;
  }

  /** Bytes given out are views, so nothing that was written may be written over: only what is free behind them. */
  #extend(chunk: Buffer): boolean {
    const end = this.#storeStart + this.bytes.length;
    if (!this.#store || end + chunk.length > this.#store.length) return false;
    this.#store.set(chunk, end);
    this.bytes = this.#store.subarray(this.#storeStart, end + chunk.length);
    return true;
  }
}
