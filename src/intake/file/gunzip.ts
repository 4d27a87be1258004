/** gzip undone piece by piece, telling how far it came when the text ends early, breaks, or grows out of proportion. */
import { createGunzip } from 'node:zlib';
import { type CutReason, cutReason, expandGzip } from '../../core/framing.ts';
import {
  EXPANSION_RATIO_FROM_BYTES,
  EXPANSION_RATIO_MAX,
  FILE_CHUNK_BYTES,
  FILE_EXPANDED_BYTES_MAX,
  GZIP_HISTORY_BYTES_MAX,
  GZIP_PIECE_BYTES,
  MESSAGE_EXPANDED_BYTES_MAX,
} from '../../core/limits.ts';

export interface ExpansionLimits {
  readonly expandedBytesMax: number;
  readonly ratioMax: number;
  readonly ratioFromBytes: number;
}

export const EXPANSION_LIMITS: ExpansionLimits = {
  expandedBytesMax: FILE_EXPANDED_BYTES_MAX,
  ratioMax: EXPANSION_RATIO_MAX,
  ratioFromBytes: EXPANSION_RATIO_FROM_BYTES,
};

/**
 * @param chunks gzip, one member or several behind each other, zeros behind them allowed
 * @returns why the expanded text is not all of it; `undefined` when it is
 */
export async function* gunzip(
  chunks: AsyncIterable<Buffer>,
  limits: ExpansionLimits,
): AsyncGenerator<Buffer, CutReason | undefined> {
  const engine = new Engine();
  const history = new History();
  let expanded = 0;
  try {
    for await (const chunk of chunks) {
      history.add(chunk);
      for (let from = 0; from < chunk.length; from += GZIP_PIECE_BYTES) {
        await engine.write(chunk.subarray(from, from + GZIP_PIECE_BYTES));
        for (const bytes of engine.take()) {
          expanded += bytes.length;
          if (isTooLarge(expanded, engine.read, limits)) return 'container-too-large';
          yield bytes;
        }
        if (engine.error) break;
      }
      if (engine.error) break;
    }
    if (!engine.error) await engine.end();
    for (const bytes of engine.take()) {
      expanded += bytes.length;
      yield bytes;
    }
    if (!engine.error) return engine.isDamagedBehind ? 'container-damaged' : undefined;
    const rest = history.rest(expanded);
    if (rest) yield rest;
    return cutReason(engine.error);
  } finally {
    engine.close();
  }
}

function isTooLarge(expanded: number, read: number, limits: ExpansionLimits): boolean {
  if (expanded > limits.expandedBytesMax) return true;
  return expanded > limits.ratioFromBytes && expanded > read * limits.ratioMax;
}

class Engine {
  readonly #gunzip = createGunzip({ chunkSize: FILE_CHUNK_BYTES });
  #out: Buffer[] = [];
  #wake: () => void = () => undefined;
  #isOver = false;
  /** Compressed bytes given in. */
  read = 0;
  error: unknown;
  /** Something other than padding stands behind the last member. */
  isDamagedBehind = false;

  constructor() {
    this.#gunzip.on('data', (bytes: Buffer) => this.#out.push(bytes));
    this.#gunzip.on('end', () => {
      this.#isOver = true;
      this.#wake();
    });
    this.#gunzip.on('error', (error) => {
      this.error = error;
      this.#wake();
    });
  }

  take(): Buffer[] {
    const out = this.#out;
    this.#out = [];
    return out;
  }

  /** Resolves when all that the piece gives has come out. */
  async write(piece: Buffer): Promise<void> {
    this.read += piece.length;
    if (this.#isOver) return this.#behind(piece);
    // Each piece is done with before the next or the end comes: an error at the end then costs nothing that was good.
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      this.#gunzip.write(piece, () => resolve());
    });
    if (this.#isOver) this.#behind(piece.subarray(piece.length - (this.read - this.#gunzip.bytesWritten)));
  }

  async end(): Promise<void> {
    if (this.#isOver) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      this.#gunzip.end();
    });
  }

  close(): void {
    this.#gunzip.destroy();
  }

  #behind(bytes: Buffer): void {
    if (bytes.some((byte) => byte !== 0)) this.isDamagedBehind = true;
  }
}

/**
 * What was read of a small file. The engine gives nothing of a piece in which it meets an error; of a small file the
 * piece may be all of it, so it is expanded again up to the very place.
 */
class History {
  #chunks: Buffer[] = [];
  #bytes = 0;

  add(chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > GZIP_HISTORY_BYTES_MAX) this.#chunks = [];
    else this.#chunks.push(chunk);
  }

  /** What comes out behind the first `expanded` bytes. */
  rest(expanded: number): Buffer | undefined {
    if (this.#bytes > GZIP_HISTORY_BYTES_MAX || expanded > MESSAGE_EXPANDED_BYTES_MAX) return undefined;
    const { bytes } = expandGzip(Buffer.concat(this.#chunks), MESSAGE_EXPANDED_BYTES_MAX);
    return bytes.length > expanded ? bytes.subarray(expanded) : undefined;
  }
}
