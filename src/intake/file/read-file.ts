/** A file's bytes, expanded where they are compressed, and the name of its stream. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { addAbortSignal, type Readable } from 'node:stream';
import { type CutReason, isGzip } from '../../core/framing.ts';
import { FILE_CHUNK_BYTES, STREAM_DIGEST_BYTES } from '../../core/limits.ts';
import { STDIN } from './find-files.ts';
import { type ExpansionLimits, gunzip } from './gunzip.ts';

export interface OpenedFile {
  /** `file:<absolute path>#<16 hex of SHA-256 of the first 64 KiB>`, or `stdin#…`: the same again for the same file. */
  readonly stream: string;
  /** SHA-256 of the first 64 KiB as stored, 64 hex digits. */
  readonly digest: string;
  readonly isCompressed: boolean;
  /** Bytes read so far, as stored. */
  readonly bytesRead: number;
  /** The expanded bytes; ends with the reason why they are not all, if so. */
  chunks(limits: ExpansionLimits): AsyncGenerator<Buffer, CutReason | undefined>;
  close(): void;
}

/** @param stdin stands for `-` */
export async function openFile(path: string, stdin: Readable, signal?: AbortSignal): Promise<OpenedFile> {
  const source = path === STDIN ? stdin : createReadStream(path, { highWaterMark: FILE_CHUNK_BYTES });
  if (signal) addAbortSignal(signal, source);
  const iterator: AsyncIterator<Buffer> = source[Symbol.asyncIterator]();
  const start = await readStart(iterator);
  const digest = createHash('sha256').update(start.subarray(0, STREAM_DIGEST_BYTES)).digest('hex');
  const name = path === STDIN ? 'stdin' : `file:${path}`;
  const isCompressed = isGzip(start);
  let bytesRead = 0;
  async function* stored(): AsyncGenerator<Buffer, undefined> {
    for (let chunk: Buffer | undefined = start; chunk; chunk = await nextChunk(iterator)) {
      bytesRead += chunk.length;
      if (chunk.length > 0) yield chunk;
    }
  }
  return {
    stream: `${name}#${digest.slice(0, DIGEST_HEX_CHARS)}`,
    digest,
    isCompressed,
    get bytesRead() {
      return bytesRead;
    },
    chunks: (limits) => (isCompressed ? gunzip(stored(), limits) : stored()),
    close: () => source.destroy(),
  };
}

const DIGEST_HEX_CHARS = 16;

/** The first 64 KiB at least, unless it is shorter. */
async function readStart(iterator: AsyncIterator<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  while (bytes < STREAM_DIGEST_BYTES) {
    const chunk = await nextChunk(iterator);
    if (!chunk) break;
    chunks.push(chunk);
    bytes += chunk.length;
  }
  return Buffer.concat(chunks);
}

async function nextChunk(iterator: AsyncIterator<Buffer | string>): Promise<Buffer | undefined> {
  const next = await iterator.next();
  if (next.done) return undefined;
  return typeof next.value === 'string' ? Buffer.from(next.value) : next.value;
}
