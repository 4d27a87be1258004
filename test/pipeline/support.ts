/** A pipeline over the real engine, with the store's behaviour in the test's hands. */
import { randomUUID } from 'node:crypto';
import { createFingerprinter } from '../../src/core/fingerprint.ts';
import { createScrubber } from '../../src/core/scrub.ts';
import { Pipeline, type PipelineLimits, type PipelineOptions } from '../../src/pipeline/pipeline.ts';
import { withRetry } from '../../src/store/retry.ts';
import type { RowBinaryInsert, Store } from '../../src/store/store.ts';

const STORE_KEY = Buffer.alloc(32, 7);

export const READER: PipelineOptions['reader'] = {
  storeKeyHex: STORE_KEY.toString('hex'),
  scrubber: createScrubber(createFingerprinter(STORE_KEY, '1')),
  isTrustedProxy: () => false,
  recordBytesMax: 65_536,
};

const LIMITS: PipelineLimits = {
  blockRowsMax: 1_000,
  blockBytesMax: 1_048_576,
  blockAgeMsMax: 50,
  heldBytesMax: 8_388_608,
  insertsAtOnce: 2,
};

export interface PipelineParts {
  readonly limits?: Partial<PipelineLimits>;
  /** Called before each insert; may wait, or throw what a store would. */
  readonly before?: (insert: RowBinaryInsert) => Promise<void> | void;
  /** The same before each answer. */
  readonly beforeRead?: () => Promise<void> | void;
  readonly guard?: () => Promise<void>;
  readonly onFailure?: (error: unknown) => void;
  readonly now?: () => number;
}

export interface Watched {
  readonly pipeline: Pipeline;
  /** Every insert that reached the store, in order. */
  readonly inserts: RowBinaryInsert[];
}

export function watchedPipeline(store: Store, parts: PipelineParts = {}): Watched {
  const inserts: RowBinaryInsert[] = [];
  const watched: Store = {
    rows: async (sql, options) => {
      await parts.beforeRead?.();
      return store.rows(sql, options);
    },
    stream: (sql, format, options) => store.stream(sql, format, options),
    command: (sql, options) => store.command(sql, options),
    insert: async (insert) => {
      await parts.before?.(insert);
      inserts.push(insert);
      await store.insert(insert);
    },
    close: () => store.close(),
  };
  const pipeline = new Pipeline({
    store: watched,
    reader: READER,
    limits: { ...LIMITS, ...parts.limits },
    now: parts.now ?? Date.now,
    uuid: randomUUID,
    retry: (call) => withRetry(call, { sleep: async () => undefined }),
    ...(parts.guard === undefined ? {} : { guard: parts.guard }),
    ...(parts.onFailure === undefined ? {} : { onFailure: parts.onFailure }),
  });
  return { pipeline, inserts };
}

/** A stream that no other test has. */
export const streamOf = (name: string): string => `test:${name}-${randomUUID()}`;

/** A request event; the same id and fields give the same bytes. */
export function event(id: string, changes: Record<string, unknown> = {}): Buffer {
  return Buffer.from(
    JSON.stringify({
      id,
      time: '2026-11-01T10:00:00Z',
      apiKeyName: 'deploy',
      type: 'Configuration',
      request: { sourceIp: '203.0.113.7', method: 'GET', path: '/v1/logs', status: 200 },
      authentication: { accountId: '1001', result: 'success' },
      ...changes,
    }),
  );
}

export const partition = (stream: string, position = 0) => ({ stream, partition: 0, position, accountId: '' });
export const message = (position: number, value: Buffer) => ({ position, next: position + 1, value });
