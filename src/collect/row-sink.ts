/** Where collected rows go: into the pipeline, as records of files and Kafka do. A topic is the other way. */
import { invariant } from '../core/errors.ts';
import { TOPIC_MESSAGES_MAX } from '../core/limits.ts';
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

/** Writes records of an account to a topic; resolves when they are safe there. */
export type WriteTopic = (topic: string, accountId: string, values: readonly Buffer[]) => Promise<void>;

/** @param topicOf by the name of the source, because records of one topic are of one source */
export function topicSinks(write: WriteTopic, topicOf: Readonly<Record<string, string>>): OpenSink {
  return async ({ source, accountId }) => {
    const topic = topicOf[source];
    invariant(topic !== undefined, `there is a topic for ${source}`);
    let waiting: Buffer[] = [];
    const flush = async (): Promise<void> => {
      const values = waiting;
      waiting = [];
      if (values.length > 0) await write(topic, accountId, values);
    };
    return {
      add: async (rows) => {
        waiting.push(...rows);
        if (waiting.length >= TOPIC_MESSAGES_MAX) await flush();
      },
      flush,
    };
  };
}
