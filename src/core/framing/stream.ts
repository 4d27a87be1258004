/**
 * Cuts a stream of bytes into records: NDJSON, JSON texts one behind the other, pretty-printed or not, and containers
 * (an array of records, `{"Records":[…]}`, `{"entries":[…]}`), in constant memory, each byte looked at a bounded
 * number of times. What comes out depends on the bytes alone, never on how they were chunked.
 *
 * A broken record harms only itself: it reaches to the next place where a record can begin, searched for from its own
 * first newline on, so that a neighbour which it swallowed is given back.
 */
import type { RejectionReason } from '../../../schemas/rejection.ts';
import { RECORD_BYTES_MAX } from '../limits.ts';
import { mayHoldSecret } from '../scrub.ts';
import { BYTE_ORDER_MARK, CLOSE_ARRAY, CLOSE_OBJECT, COLON, COMMA, OPEN_ARRAY, OPEN_OBJECT, QUOTE } from './bytes.ts';
import { asBuffer, HeadScan, isListName, LIST_NAME_BYTES_MAX, startsWithByteOrderMark } from './head.ts';
import { continuesLine, recordLineEnd } from './line.ts';
import { type FinishOptions, type Text, TextReader } from './reader.ts';
import { findResync, openingOf, type Siblings } from './resync.ts';
import { RunScan, ValueScan } from './scan.ts';
import type { Framed } from './text.ts';

/** Why a stream ended before its end. */
export type CutReason = Extract<RejectionReason, 'container-truncated' | 'container-damaged' | 'container-too-large'>;

/**
 * Bytes that may be read again because a broken record swallowed its neighbours: so many at once, and so many more for
 * each byte that went out. Beyond that the search goes on from where the text broke, and hostile input stays linear.
 */
const REREAD_BYTES_MAX = 16 * RECORD_BYTES_MAX;
const REREAD_PER_BYTE = 8;

/** `members`: of a container, beside its list. `run`: an element that is no object. `line`: text that is no JSON. */
type Mode = 'between' | 'elements' | 'members' | 'value' | 'run' | 'line' | 'resync';

export class Framer {
  readonly #recordBytesMax: number;
  readonly #reader: TextReader;
  readonly #head = new HeadScan();
  readonly #scan = new ValueScan();
  readonly #runScan = new RunScan();
  #mode: Mode = 'between';
  #container: 'none' | 'array' | 'object' = 'none';
  #needsComma = false;
  /** Position of the comma behind which an element is expected; negative when there is none. */
  #comma = -1;
  /** Among a container's members: a list's name was the last, and a colon. */
  #listFollows = false;
  #expectsValue = false;
  /** Where the search of `line` and `resync` goes on, and where the text of `resync` broke. */
  #search = 0;
  #brokeAt = 0;
  #siblings: Siblings = { column: -1, opening: undefined };
  #reread = REREAD_BYTES_MAX;
  #ended = false;
  #cut: CutReason | undefined;

  constructor(limits: { readonly recordBytesMax: number } = { recordBytesMax: RECORD_BYTES_MAX }) {
    this.#recordBytesMax = limits.recordBytesMax;
    this.#reader = new TextReader(limits.recordBytesMax);
  }

  /** Bytes that wait for the end of their record. */
  get heldBytes(): number {
    return this.#reader.bytes.length - this.#reader.heldFrom;
  }

  /** Everything before this position has been given out. */
  get passed(): number {
    return this.#reader.text?.position ?? this.#reader.position;
  }

  /** @param chunk must not be changed afterwards: records are views of it */
  push(chunk: Uint8Array): Framed[] {
    const moved = this.#reader.append(asBuffer(chunk));
    this.#search -= moved;
    this.#brokeAt -= moved;
    this.#drain();
    return this.#reader.take();
  }

  /** @param cut why the stream ends here, when that is not its end; gives exactly one unframed text of this reason */
  end(cut?: CutReason): Framed[] {
    this.#ended = true;
    this.#cut = cut;
    this.#drain();
    if (this.#container !== 'none') this.#endContainer(this.#cut ?? 'container-truncated');
    else if (this.#cut) this.#endContainer(this.#cut);
    return this.#reader.take();
  }

  #drain(): void {
    while (this.#step());
  }

  /** @returns whether anything moved; else more bytes are needed */
  #step(): boolean {
    switch (this.#mode) {
      case 'between':
        return this.#between();
      case 'elements':
        return this.#elements();
      case 'members':
        return this.#members();
      case 'value':
        return this.#value();
      case 'run':
        return this.#run();
      case 'line':
        return this.#line();
      case 'resync':
        return this.#resync();
    }
  }

  #between(): boolean {
    const reader = this.#reader;
    const byte = reader.nextByte();
    if (byte === undefined) return false;
    const { bytes, at } = reader;
    if (byte === BYTE_ORDER_MARK) {
      if (bytes.length - at < 3 && !this.#ended) return false;
      if (startsWithByteOrderMark(bytes, at)) {
        reader.at += 3;
        return true;
      }
    }
    if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      const head = this.#head.read(reader, this.#ended);
      if (head.kind === 'more') return false;
      if (head.kind !== 'none') {
        this.#container = head.kind;
        return this.#enterElements(head.at);
      }
      if (byte === OPEN_OBJECT) return this.#record();
    }
    if (byte === COMMA && reader.onLine) return this.#strayComma();
    return this.#begin('line');
  }

  /** A record that fills its line is cut out without looking at each of its bytes. */
  #record(): boolean {
    const reader = this.#reader;
    const { bytes, at } = reader;
    const newline = reader.window.newlines.next(bytes, at);
    const length = (newline < 0 ? bytes.length : newline) - at;
    if (length > this.#recordBytesMax) return this.#begin('value');
    if (!this.#ended && (newline < 0 || newline + 1 === bytes.length)) return false;
    const end = newline < 0 ? undefined : recordLineEnd(bytes, at, newline);
    if (end === undefined) return this.#begin('value');
    reader.emitRecord(end);
    reader.onLine = true;
    return true;
  }

  #elements(): boolean {
    const reader = this.#reader;
    const byte = reader.nextByte();
    if (byte === undefined) return false;
    if (byte === CLOSE_ARRAY) return this.#closeArray();
    if (byte === COMMA) {
      if (!this.#needsComma) return this.#strayComma();
      this.#needsComma = false;
      this.#comma = reader.position;
      reader.moveTo(reader.at + 1);
      return true;
    }
    if (reader.column === 0 && (byte === OPEN_OBJECT || byte === OPEN_ARRAY)) {
      // Another line begins without a comma before it, or begins a container: ours was cut.
      const head = this.#needsComma ? undefined : this.#head.read(reader, this.#ended);
      if (head?.kind === 'more') return false;
      if (!head || (head.kind === 'object' && head.bare)) return this.#endContainer('container-truncated');
    }
    return this.#begin(byte === OPEN_OBJECT ? 'value' : 'run');
  }

  #enterElements(at: number): boolean {
    this.#expectElement('elements');
    this.#reader.moveTo(at);
    return true;
  }

  #expectElement(mode: Mode): void {
    this.#mode = mode;
    this.#needsComma = false;
    this.#comma = -1;
  }

  #closeArray(): boolean {
    const reader = this.#reader;
    if (this.#comma >= 0) reader.emitComma(this.#comma);
    this.#listFollows = false;
    this.#expectsValue = false;
    reader.moveTo(reader.at + 1);
    if (this.#container === 'object') this.#mode = 'members';
    else this.#leaveContainer();
    return true;
  }

  #leaveContainer(): void {
    this.#container = 'none';
    this.#mode = 'between';
    this.#reader.onLine = true;
  }

  #strayComma(): boolean {
    this.#reader.emitComma(this.#reader.position);
    this.#comma = -1;
    this.#reader.moveTo(this.#reader.at + 1);
    return true;
  }

  /** Beside the list: `"links":[…]`, `"NextToken":"…"`. What is no member of an object means that ours was cut. */
  #members(): boolean {
    const reader = this.#reader;
    const byte = reader.nextByte();
    if (byte === undefined) return false;
    if (this.#expectsValue) return this.#memberValue(byte);
    if (byte === QUOTE) {
      if (reader.bytes.length - reader.at < LIST_NAME_BYTES_MAX && !this.#ended) return false;
      this.#listFollows = isListName(reader.bytes, reader.at);
      return this.#begin('value', true);
    }
    if (byte === CLOSE_OBJECT) this.#leaveContainer();
    else if (byte === COLON) this.#expectsValue = true;
    else if (byte !== COMMA) return this.#endContainer('container-truncated');
    reader.moveTo(reader.at + 1);
    return true;
  }

  #memberValue(byte: number): boolean {
    const reader = this.#reader;
    if (byte === OPEN_ARRAY && this.#listFollows) return this.#enterElements(reader.at + 1);
    if (byte === OPEN_OBJECT || byte === OPEN_ARRAY || byte === QUOTE) {
      this.#expectsValue = false;
      return this.#begin('value', true);
    }
    // A number, true, false or null: it ends before the next comma or bracket.
    if (byte === COMMA || byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) this.#expectsValue = false;
    else reader.moveTo(reader.at + 1);
    return true;
  }

  #value(): boolean {
    const reader = this.#reader;
    const text = reader.current();
    const { bytes } = reader;
    const limit = reader.long ? bytes.length : Math.min(bytes.length, text.start + this.#recordBytesMax + 1);
    const outcome = this.#scan.run(bytes, reader.at, limit);
    reader.at = this.#scan.at;
    if (outcome === 'done') return this.#endValue(text);
    if (outcome === 'broken') return this.#breakAt(reader.at);
    if (!reader.long && reader.at - text.start > this.#recordBytesMax && this.#mayHoldNeighbour(text, limit)) {
      return this.#breakAt(reader.at);
    }
    reader.release(reader.at);
    if (reader.at < bytes.length) return true;
    return this.#ended ? this.#breakAt(reader.at) : false;
  }

  /** Before a text is given up as too large: perhaps it is broken, and what made it so large are its neighbours. */
  #mayHoldNeighbour(text: Text, limit: number): boolean {
    const { bytes, window } = this.#reader;
    const start = bytes.subarray(0, limit);
    return findResync(start, text.start + 1, this.#siblingsOf(text), window.newlines, true).kind !== 'none';
  }

  #endValue(text: Text): boolean {
    if (this.#container !== 'none' && !text.skipped) return this.#endElement(this.#reader.at);
    this.#finish(this.#reader.at);
    if (this.#container === 'none') this.#leaveContainer();
    else this.#mode = 'members';
    return true;
  }

  /** Behind an element a comma belongs. */
  #endElement(at: number): boolean {
    this.#finish(at);
    this.#expectElement('elements');
    this.#needsComma = true;
    return true;
  }

  #run(): boolean {
    const reader = this.#reader;
    const outcome = this.#runScan.run(reader.bytes, reader.at, reader.bytes.length);
    const isOver = outcome === 'done';
    reader.at = this.#runScan.at;
    reader.release(reader.at);
    if (outcome === 'comma') return this.#partRun();
    if (!isOver && !this.#ended) return false;
    this.#finish(reader.at, isOver ? { trimComma: true } : { reason: this.#takeCut('container-truncated') });
    this.#expectElement(this.#container === 'none' ? 'between' : 'elements');
    reader.jumpTo(reader.at);
    return true;
  }

  /** Each element is a text of its own, but the name of a secret is not parted from what may be its value. */
  #partRun(): boolean {
    const { bytes, at, long } = this.#reader;
    // What is longer than a record is no name.
    this.#runScan.whole = !long && mayHoldSecret(bytes.toString('latin1', this.#reader.current().start, at));
    return this.#runScan.whole || this.#endElement(at);
  }

  #line(): boolean {
    const reader = this.#reader;
    const { bytes, window } = reader;
    const newline = window.newlines.next(bytes, this.#search);
    if (newline >= 0 && continuesLine(bytes[newline + 1])) {
      this.#search = newline + 1;
      return true;
    }
    const isOver = newline >= 0 && (newline + 1 < bytes.length || this.#ended);
    this.#search = newline < 0 ? bytes.length : newline;
    reader.release(this.#search);
    if (!isOver && !this.#ended) return false;
    this.#finish(this.#search, !isOver && this.#cut ? { reason: this.#takeCut(this.#cut) } : {});
    this.#mode = 'between';
    return true;
  }

  /** The text breaks here: it ends where the next record can begin. */
  #breakAt(at: number): boolean {
    const text = this.#reader.current();
    this.#siblings = this.#siblingsOf(text);
    this.#brokeAt = at;
    this.#search = this.#reader.long ? at : text.start + 1;
    this.#mode = 'resync';
    return true;
  }

  #siblingsOf(text: Text): Siblings {
    const { bytes, long } = this.#reader;
    if (this.#container === 'none' || text.skipped) return { column: text.column, opening: undefined };
    return { column: text.column, opening: long ? openingOf(long.head, 0) : openingOf(bytes, text.start) };
  }

  #resync(): boolean {
    const reader = this.#reader;
    const found = findResync(reader.bytes, this.#search, this.#siblings, reader.window.newlines, this.#ended);
    if (found.kind === 'none') {
      this.#search = found.at;
      reader.release(found.at);
      return this.#ended ? this.#endBroken() : false;
    }
    const again = this.#brokeAt - found.at;
    if (again > this.#reread) {
      this.#search = this.#brokeAt;
      this.#brokeAt = found.at;
      return true;
    }
    if (again > 0) this.#reread -= again;
    if (found.kind === 'line' || reader.current().skipped) this.#container = 'none';
    this.#finish(found.at, { broken: true });
    this.#expectElement(this.#container === 'none' ? 'between' : 'elements');
    reader.jumpTo(found.at);
    return true;
  }

  /** The stream is over within a text that found no end. */
  #endBroken(): boolean {
    const end = this.#reader.bytes.length;
    const reason = this.#container === 'none' ? this.#cut : (this.#cut ?? 'container-truncated');
    const wasOpen = this.#brokeAt === end;
    this.#finish(end, wasOpen && reason ? { reason: this.#takeCut(reason) } : { broken: true });
    this.#expectElement(this.#container === 'none' ? 'between' : 'elements');
    return true;
  }

  #begin(mode: 'value' | 'run' | 'line', skipped = false): boolean {
    this.#search = this.#reader.at;
    this.#reader.begin(skipped);
    this.#scan.reset();
    this.#runScan.reset();
    this.#mode = mode;
    return true;
  }

  #finish(end: number, options: FinishOptions = {}): void {
    const bytes = this.#reader.finish(end, options);
    this.#reread = Math.min(REREAD_BYTES_MAX, this.#reread + bytes * REREAD_PER_BYTE);
  }

  /** The container ends here, before its end. */
  #endContainer(reason: CutReason): boolean {
    this.#reader.emitCut(reason);
    this.#takeCut(reason);
    this.#mode = 'between';
    return true;
  }

  /** The reason has been told: no second text says it again. */
  #takeCut(reason: CutReason): CutReason {
    const told = this.#cut ?? reason;
    if (this.#ended) this.#cut = undefined;
    this.#container = 'none';
    return told;
  }
}
