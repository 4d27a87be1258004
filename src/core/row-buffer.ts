/** Rows in ClickHouse's RowBinary, written into pooled chunks. */

/** A chunk holds many rows; a row never straddles two. */
export const CHUNK_BYTES = 1_048_576;

/** Gives chunks out and takes them back: growing new buffers for each block costs a fifth of the whole pipeline. */
export class ChunkPool {
  readonly #free: Buffer[] = [];
  readonly #chunksKeptMax: number;

  constructor(chunksKeptMax = 64) {
    this.#chunksKeptMax = chunksKeptMax;
  }

  take(bytesMin: number): Buffer {
    if (bytesMin > CHUNK_BYTES) return Buffer.allocUnsafeSlow(bytesMin);
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(CHUNK_BYTES);
  }

  give(chunk: Buffer): void {
    if (chunk.length === CHUNK_BYTES && this.#free.length < this.#chunksKeptMax) this.#free.push(chunk);
  }
}

/** The rows of one insert: those of one block that go to one table, and of one month where the table has months. */
export class RowBuffer {
  readonly #pool: ChunkPool;
  readonly #chunks: Buffer[] = [];
  /** Bytes used of each chunk, and of all chunks before it. */
  readonly #used: number[] = [];
  readonly #before: number[] = [];
  #starts = new Float64Array(256);
  #ordinals = new Uint32Array(256);
  #rows = 0;
  #bytes = 0;
  /** The chunk that `begin` made room in; the encoder writes into it at `at`. */
  chunk: Buffer = Buffer.alloc(0);
  at = 0;

  constructor(pool: ChunkPool) {
    this.#pool = pool;
  }

  get rows(): number {
    return this.#rows;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Makes room for one row of at most `bytesMax`; the encoder then writes to `chunk` from `at` and calls `end`. */
  begin(ordinal: number, bytesMax: number): void {
    if (this.at + bytesMax > this.chunk.length) this.#nextChunk(bytesMax);
    if (this.#rows === this.#starts.length) this.#grow();
    this.#starts[this.#rows] = this.#bytes;
    this.#ordinals[this.#rows] = ordinal;
  }

  /** The row ends before `end` of the present chunk. */
  end(end: number): void {
    this.#bytes += end - this.at;
    this.at = end;
    this.#used[this.#chunks.length - 1] = end;
    this.#rows++;
  }

  /** Ordinals in the block of the rows [from, to). */
  ordinals(from = 0, to = this.#rows): Uint32Array {
    return this.#ordinals.subarray(from, to);
  }

  /** The bytes of the rows [from, to), piece by piece. */
  pieces(from = 0, to = this.#rows): Buffer[] {
    const first = this.#start(from);
    const last = this.#start(to);
    const pieces: Buffer[] = [];
    this.#chunks.forEach((chunk, index) => {
      const before = this.#before[index] ?? 0;
      const begin = Math.max(first - before, 0);
      const end = Math.min(last - before, this.#used[index] ?? 0);
      if (begin < end) pieces.push(chunk.subarray(begin, end));
    });
    return pieces;
  }

  /** Gives the chunks back; nothing may read the rows after this. */
  release(): void {
    for (const chunk of this.#chunks) this.#pool.give(chunk);
    this.#chunks.length = 0;
    this.#used.length = 0;
    this.#before.length = 0;
    this.#rows = 0;
    this.#bytes = 0;
    this.chunk = Buffer.alloc(0);
    this.at = 0;
  }

  #start(row: number): number {
    return row === this.#rows ? this.#bytes : (this.#starts[row] ?? 0);
  }

  #nextChunk(bytesMin: number): void {
    this.chunk = this.#pool.take(bytesMin);
    this.at = 0;
    this.#chunks.push(this.chunk);
    this.#used.push(0);
    this.#before.push(this.#bytes);
  }

  #grow(): void {
    const starts = new Float64Array(this.#rows * 2);
    starts.set(this.#starts);
    const ordinals = new Uint32Array(this.#rows * 2);
    ordinals.set(this.#ordinals);
    this.#starts = starts;
    this.#ordinals = ordinals;
  }
}

/** RowBinary's variable-length integer (LEB128), as latin1 characters. */
export function varint(value: number): string {
  if (value < 128) return SHORT[value] ?? '';
  let text = '';
  let rest = value;
  while (rest >= 128) {
    text += String.fromCharCode((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  return text + String.fromCharCode(rest);
}

const SHORT: readonly string[] = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code));

/** At most 5 bytes of length stand before a text of up to 32 GiB. */
export const VARINT_BYTES_MAX = 5;

/** A length and a text for RowBinary; only for text that is ASCII, where length and bytes are the same. */
export function sizedAscii(text: string): string {
  return text.length < 128 ? SHORT[text.length] + text : varint(text.length) + text;
}

/** Writes a length and the text's UTF-8 bytes. @returns the position behind them */
export function writeText(target: Buffer, text: string, at: number): number {
  const bytes = Buffer.byteLength(text);
  const head = varint(bytes);
  target.write(head, at, 'latin1');
  return at + head.length + target.write(text, at + head.length, 'utf8');
}

export function writeUInt64(target: Buffer, value: number, at: number): void {
  target.writeUInt32LE(value % 4_294_967_296, at);
  target.writeUInt32LE(Math.floor(value / 4_294_967_296), at + 4);
}

/** ClickHouse keeps a UUID as two little-endian 64-bit halves. */
export function writeUuid(target: Buffer, uuid: string, at: number): void {
  const bytes = Buffer.from(uuid.replaceAll('-', ''), 'hex');
  for (let byte = 0; byte < 8; byte++) {
    target[at + byte] = bytes[7 - byte] ?? 0;
    target[at + 8 + byte] = bytes[15 - byte] ?? 0;
  }
}
