/** What the framer gives out, and texts too long to be held. */
import { createHash, hash } from 'node:crypto';
import type { RejectionReason } from '../../../schemas/rejection.ts';
import { DEAD_LETTER_HEAD_BYTES } from '../limits.ts';

/** One record, or what should have been one: its parse tells. */
export interface FramedRecord {
  readonly kind: 'record';
  /** A view of what was pushed: not to be changed, and to be copied by whoever keeps it. */
  readonly bytes: Buffer;
  /** Where it begins in the stream, in bytes. */
  readonly position: number;
  /** Where it ends. */
  readonly next: number;
}

/** Something that could not even be cut into a record; the fields are those of intake's `UnframedText`. */
export interface Unframed {
  readonly kind: 'unframed';
  readonly position: number;
  readonly next: number;
  readonly reason: RejectionReason;
  readonly head: Buffer;
  readonly bytes: number;
  readonly digest: string;
}

export type Framed = FramedRecord | Unframed;

export function unframed(position: number, next: number, reason: RejectionReason, text: Buffer): Unframed {
  return {
    kind: 'unframed',
    position,
    next,
    reason,
    head: text.subarray(0, DEAD_LETTER_HEAD_BYTES),
    bytes: text.length,
    digest: hash('sha256', text, 'hex'),
  };
}

/** A text beyond the limit of a record: its head is kept, the rest is counted and hashed as it passes. */
export class LongText {
  readonly #hash = createHash('sha256');
  #head: Buffer = Buffer.alloc(0);
  #bytes = 0;

  constructor(start: Buffer) {
    this.add(start);
  }

  get head(): Buffer {
    return this.#head;
  }

  add(bytes: Buffer): void {
    this.#hash.update(bytes);
    this.#bytes += bytes.length;
    const missing = DEAD_LETTER_HEAD_BYTES - this.#head.length;
    // A copy: a view would hold the whole of what was read with it.
    if (missing > 0) this.#head = Buffer.concat([this.#head, bytes.subarray(0, missing)]);
  }

  unframed(position: number, next: number, reason: RejectionReason): Unframed {
    const digest = this.#hash.digest('hex');
    return { kind: 'unframed', position, next, reason, head: this.#head, bytes: this.#bytes, digest };
  }
}
