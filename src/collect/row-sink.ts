/** Where collected rows go: into the pipeline, as records of files and Kafka do. A topic is the other way. */
import type { Receiver } from '../intake/intake.ts';

export interface RowSink {
  /** Takes rows, and waits while there is no room for more. */
  add(rows: readonly Buffer[]): Promise<void>;
  /** Resolves when everything that was taken is durable; rejects when it never will be. */
  flush(): Promise<void>;
}

export interface SinkOptions {
  readonly source: string;
  readonly accountId: string;
  /** Rows that were taken before, in all runs. */
  readonly position: number;
}

export type OpenSink = (options: SinkOptions) => Promise<RowSink>;

/** @param host names the stream, so that ledger and questions tell one API from another */
export function storeSinks(receiver: Receiver, host: string): OpenSink {
  return async ({ source, accountId, position }) => {
    const stream = `redis-cloud:${host}/${accountId}/${source.slice(source.indexOf('/') + 1)}`;
    const chain = await receiver.open({ stream, partition: 0, position, source, accountId }, () => undefined);
    let next = position;
    return {
      add: async (rows) => {
        for (const value of rows) {
          if (!receiver.hasRoom) await receiver.whenRoom();
          chain.add({ position: next, next: next + 1, value, framed: true });
          next += 1;
        }
        chain.end(next);
      },
      flush: () => chain.flush(),
    };
  };
}
