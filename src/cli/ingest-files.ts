/** Stores the records of files, as `ingest` and `demo` do. */
import type { Logger } from 'pino';
import type { Config } from '../config/load.ts';
import type { FoundFile } from '../intake/file/find-files.ts';
import { ingestFile } from '../intake/file/ingest-file.ts';
import type { Chain, Receiver } from '../intake/intake.ts';
import type { CliContext, OpenedStore } from './context.ts';
import { openIntake } from './intake-session.ts';
import { countNew, type IntakeSummary, summarise } from './intake-summary.ts';

export interface IngestWork {
  readonly files: readonly FoundFile[];
  readonly source?: string | undefined;
  readonly accountId?: string | undefined;
  readonly config: Config;
  readonly opened: OpenedStore;
  readonly logger: Logger;
  readonly context: CliContext;
  /** Stops reading; what was read is stored before this resolves. */
  readonly signal?: AbortSignal;
  /** Bytes read of all files, and records in them. */
  readonly onProgress?: (bytesRead: number, records: number) => void;
}

export async function ingestFiles(work: IngestWork): Promise<IntakeSummary> {
  const { config, opened, logger, context } = work;
  const { env, now } = context;
  const session = await openIntake({ config, opened, logger, env, now, signal: new AbortController().signal });
  const { pipeline } = session;
  const chains: Chain[] = [];
  const receiver = remembering(pipeline, chains);
  const startedAt = now();
  let bytesBefore = 0;
  for (const file of work.files) {
    if (work.signal?.aborted) break;
    const result = await ingestFile(file, receiver, {
      ...(work.source === undefined ? {} : { source: work.source }),
      accountId: work.accountId ?? '',
      recordBytesMax: config.recordBytesMax,
      ...(work.signal === undefined ? {} : { signal: work.signal }),
      onProgress: ({ bytesRead }) => work.onProgress?.(bytesBefore + bytesRead, pipeline.received),
    });
    bytesBefore += result.bytesRead;
    // A file that is done needs its chain no more.
    for (const chain of chains.splice(0)) chain.abandon();
  }
  const elapsedMs = now() - startedAt;
  pipeline.close();
  const { records, deadLetters } = pipeline.totals;
  return summarise(records, deadLetters, await countNew(opened.store, pipeline.chainIds), elapsedMs);
}

/** The receiver, remembering the chains that it opens. */
function remembering(receiver: Receiver, chains: Chain[]): Receiver {
  return {
    open: async (partition, onSettled) => {
      const chain = await receiver.open(partition, onSettled);
      chains.push(chain);
      return chain;
    },
    get hasRoom() {
      return receiver.hasRoom;
    },
    whenRoom: () => receiver.whenRoom(),
  };
}
