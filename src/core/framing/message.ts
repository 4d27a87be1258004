/** One Kafka message that may hold more than one record. */
import { gunzipSync, constants as zlib } from 'node:zlib';
import { MESSAGE_EXPANDED_BYTES_MAX, RECORD_BYTES_MAX } from '../limits.ts';
import { asBuffer, isGzip } from './head.ts';
import { type CutReason, Framer } from './stream.ts';
import { type Framed, unframed } from './text.ts';

export interface MessageLimits {
  readonly recordBytesMax?: number;
  readonly messageExpandedBytesMax?: number;
}

/** The records of one message; positions count within it, expanded where it is compressed. */
export function frameMessage(value: Uint8Array, limits: MessageLimits = {}): Framed[] {
  const framer = new Framer({ recordBytesMax: limits.recordBytesMax ?? RECORD_BYTES_MAX });
  if (!isGzip(value)) return [...framer.push(value), ...framer.end()];
  const { bytes, cut } = expandGzip(asBuffer(value), limits.messageExpandedBytesMax ?? MESSAGE_EXPANDED_BYTES_MAX);
  if (cut === 'container-too-large') return [unframed(0, value.length, cut, asBuffer(value))];
  return [...framer.push(bytes), ...framer.end(cut)];
}

export interface Expanded {
  readonly bytes: Buffer;
  /** Why `bytes` is not all of it. */
  readonly cut?: CutReason;
}

/**
 * All that a gzip text gives: everything, or what comes out before it ends or breaks. What grows beyond `bytesMax` is
 * not expanded in parts: there is no cheap way to stop at the bound, and nothing honest is that large.
 */
export function expandGzip(value: Buffer, bytesMax: number): Expanded {
  try {
    return { bytes: gunzipSync(value, { maxOutputLength: bytesMax }) };
  } catch (error) {
    const cut = cutReason(error);
    return { bytes: cut === 'container-too-large' ? EMPTY : longestExpansion(value, bytesMax), cut };
  }
}

const EMPTY: Buffer = Buffer.alloc(0);

/** @throws what is no error of decompression */
export function cutReason(error: unknown): CutReason {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'Z_BUF_ERROR') return 'container-truncated';
  if (code === 'ERR_BUFFER_TOO_LARGE') return 'container-too-large';
  if (code === 'Z_DATA_ERROR' || code === 'Z_NEED_DICT' || code === 'Z_STREAM_ERROR') return 'container-damaged';
  throw error;
}

/** Expanded bytes that the search for the place of the damage may cost. */
const SEARCH_BYTES_MAX = 4 * MESSAGE_EXPANDED_BYTES_MAX;

/** What breaks at one byte breaks with all longer beginnings, so the longest one that does not is soon found. */
function longestExpansion(value: Buffer, bytesMax: number): Buffer {
  let good = 0;
  let bad = value.length + 1;
  let bytes = EMPTY;
  let cost = 0;
  // A text that was only cut short gives all it has at once.
  let length = value.length;
  while (bad - good > 1 && cost < SEARCH_BYTES_MAX) {
    const expanded = expandStart(value.subarray(0, length), bytesMax);
    if (expanded) {
      good = length;
      bytes = expanded;
    } else bad = length;
    cost += expanded?.length ?? bytes.length;
    length = (good + bad) >> 1;
  }
  return bytes;
}

function expandStart(start: Buffer, bytesMax: number): Buffer | undefined {
  try {
    return gunzipSync(start, { maxOutputLength: bytesMax, finishFlush: zlib.Z_SYNC_FLUSH });
  } catch (error) {
    cutReason(error);
    return undefined;
  }
}
