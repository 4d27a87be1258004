/** Takes records in as a file's intake does, without a file. */
import { randomUUID } from 'node:crypto';
import { createFingerprinter } from '../../src/core/fingerprint.ts';
import { BLOCK_AGE_MS_MAX, BLOCK_BYTES_MAX, BLOCK_ROWS_MAX, HELD_BYTES_MAX } from '../../src/core/limits.ts';
import type { ReaderOptions } from '../../src/core/record-reader.ts';
import { createScrubber } from '../../src/core/scrub.ts';
import { Pipeline } from '../../src/pipeline/pipeline.ts';
import { withRetry } from '../../src/store/retry.ts';
import type { Store } from '../../src/store/store.ts';

export const STORE_KEY = Buffer.alloc(32, 7);

export const READER: ReaderOptions = {
  storeKeyHex: STORE_KEY.toString('hex'),
  scrubber: createScrubber(createFingerprinter(STORE_KEY, 'k1')),
  isTrustedProxy: () => false,
  recordBytesMax: 65_536,
};

export interface Intake {
  readonly recordBytesMax?: number;
  readonly stream?: string;
  readonly source?: string;
  readonly accountId?: string;
  /** As when the intake has split containers already. */
  readonly framed?: boolean;
  readonly rowsMax?: number;
}

/** Every value is one message; resolves when all of them are durable. */
export async function takeIn(store: Store, values: readonly (string | Buffer)[], how: Intake = {}): Promise<void> {
  const pipeline = new Pipeline({
    store,
    reader: how.recordBytesMax === undefined ? READER : { ...READER, recordBytesMax: how.recordBytesMax },
    limits: {
      blockRowsMax: how.rowsMax ?? BLOCK_ROWS_MAX,
      blockBytesMax: BLOCK_BYTES_MAX,
      blockAgeMsMax: BLOCK_AGE_MS_MAX,
      heldBytesMax: HELD_BYTES_MAX,
      insertsAtOnce: 2,
    },
    now: Date.now,
    uuid: randomUUID,
    retry: (insert) => withRetry(insert),
  });
  const chain = await pipeline.open(
    {
      stream: how.stream ?? 'file:test',
      partition: 0,
      position: 0,
      accountId: how.accountId ?? '',
      ...(how.source === undefined ? {} : { source: how.source }),
    },
    () => undefined,
  );
  let position = 0;
  for (const value of values) {
    const bytes = Buffer.from(value);
    chain.add({ position, next: position + bytes.length + 1, value: bytes, framed: how.framed ?? true });
    position += bytes.length + 1;
  }
  await chain.flush();
  pipeline.close();
}

/** A system-log entry of Redis Cloud: its account comes from its origin. */
export function systemLogEntry(id: number, more: Record<string, unknown> = {}): string {
  return JSON.stringify({
    id,
    time: '2026-03-05T10:00:00Z',
    originator: 'Ada (ada@example.com)',
    apiKeyName: `key-${id % 3}`,
    type: 'Database',
    description: `Database ${id} created`,
    ...more,
  });
}
