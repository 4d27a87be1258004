/** Reading a stream text by text: what is held, where reading stands, and what has come out. */
import type { RejectionReason } from '../../../schemas/rejection.ts';
import { isWhiteSpaceByte, NEWLINE } from './bytes.ts';
import { columnAt, trim } from './line.ts';
import { type Framed, LongText, unframed } from './text.ts';
import { Window } from './window.ts';

export interface Text {
  /** Index of the first byte of it that is held. */
  start: number;
  readonly position: number;
  /** Blanks before it on its line; negative where other text stands before it. */
  readonly column: number;
  /** A member of a container that holds no records: it is read over. */
  readonly skipped: boolean;
}

export interface FinishOptions {
  /** Given out as unframed, for this reason. */
  readonly reason?: RejectionReason;
  /** A comma behind it belongs to the list, not to the text. */
  readonly trimComma?: boolean;
  /** Given out although it was to be read over. */
  readonly broken?: boolean;
}

export class TextReader {
  readonly window = new Window();
  readonly #recordBytesMax: number;
  /** Index of the next byte. */
  at = 0;
  /** Blanks since the newline; negative behind anything else. */
  column = 0;
  /** A record has ended on this line. */
  onLine = false;
  /** The text that is being read. */
  text: Text | undefined;
  /** Set once that text is longer than a record may be. */
  long: LongText | undefined;
  #out: Framed[] = [];

  constructor(recordBytesMax: number) {
    this.#recordBytesMax = recordBytesMax;
  }

  get bytes(): Buffer {
    return this.window.bytes;
  }

  get position(): number {
    return this.window.base + this.at;
  }

  get heldFrom(): number {
    return this.text ? this.text.start : this.at;
  }

  /** @returns by how much indexes have moved down */
  append(chunk: Buffer): number {
    const moved = this.window.append(chunk, this.heldFrom);
    this.at -= moved;
    if (this.text) this.text.start -= moved;
    return moved;
  }

  take(): Framed[] {
    const out = this.#out;
    this.#out = [];
    return out;
  }

  /** Moves over white space to the next byte that is none; `undefined` where there is none yet. */
  nextByte(): number | undefined {
    const { bytes } = this.window;
    let byte = bytes[this.at];
    while (isWhiteSpaceByte(byte)) {
      if (byte === NEWLINE) {
        this.column = 0;
        this.onLine = false;
      } else if (this.column >= 0) this.column++;
      byte = bytes[++this.at];
    }
    return byte;
  }

  moveTo(at: number): void {
    this.at = at;
    this.column = -1;
  }

  /** To a place that was found by searching, with its column. */
  jumpTo(at: number): void {
    this.at = at;
    this.column = columnAt(this.bytes, at);
  }

  begin(skipped: boolean): void {
    this.text = { start: this.at, position: this.position, column: this.column, skipped };
    this.column = -1;
  }

  current(): Text {
    if (!this.text) throw new Error('broken promise: a text is being read');
    return this.text;
  }

  /** Of a text beyond the limit only the head is held; the rest up to `to` is counted and hashed. */
  release(to: number): void {
    const text = this.current();
    if (this.long) this.long.add(this.bytes.subarray(text.start, to));
    else if (to - text.start > this.#recordBytesMax) this.long = new LongText(this.bytes.subarray(text.start, to));
    else return;
    text.start = to;
  }

  /**
   * Gives the current text out; it ends before `end`.
   *
   * @returns its length in bytes
   */
  finish(end: number, { reason, trimComma = false, broken = false }: FinishOptions = {}): number {
    const { start, position, skipped } = this.current();
    const held = this.bytes.subarray(start, end);
    const next = this.window.base + end;
    if (!skipped || broken || reason) {
      if (this.long) {
        this.long.add(held);
        this.#out.push(this.long.unframed(position, next, reason ?? 'record-too-large'));
      } else if (reason) this.#out.push(unframed(position, next, reason, held));
      else if (held.length > this.#recordBytesMax) this.#out.push(unframed(position, next, 'record-too-large', held));
      else {
        const bytes = trim(held, trimComma);
        if (bytes.length > 0) this.#out.push({ kind: 'record', bytes, position, next });
      }
    }
    this.text = undefined;
    this.long = undefined;
    this.moveTo(end);
    return next - position;
  }

  /** A record that ends before `end` and needs no trimming. */
  emitRecord(end: number): void {
    const { base, bytes } = this.window;
    this.#out.push({ kind: 'record', bytes: bytes.subarray(this.at, end), position: base + this.at, next: base + end });
    this.moveTo(end);
  }

  /** A comma where none belongs. */
  emitComma(position: number): void {
    this.#out.push({ kind: 'record', bytes: Buffer.from(','), position, next: position + 1 });
  }

  /** Nothing but a reason: a container ends here, before its end. */
  emitCut(reason: RejectionReason): void {
    this.#out.push(unframed(this.position, this.position, reason, Buffer.alloc(0)));
  }
}
