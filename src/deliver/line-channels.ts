/** Channels that are one line of JSON for each message: a stream, a file, a topic. */
import { open } from 'node:fs/promises';
import { clean } from '../core/alerts/message.ts';
import { messageOf } from '../core/errors.ts';
import { ALERT_DETAIL_CHARS_MAX } from '../core/limits.ts';
import type { Channel, Sent } from './channel.ts';

const failed = (error: unknown): Sent => ({
  kind: 'retry',
  detail: clean(messageOf(error), ALERT_DETAIL_CHARS_MAX),
});
const nothingToClose = async (): Promise<void> => undefined;

export function stdoutChannel(name: string, stdout: NodeJS.WritableStream): Channel {
  return {
    ...{ name, resolves: true, close: nothingToClose },
    send: ({ json }) =>
      new Promise((resolve) => {
        stdout.write(`${JSON.stringify(json)}\n`, (error) => {
          resolve(error ? failed(error) : { kind: 'delivered', detail: 'written' });
        });
      }),
  };
}

const NEWLINE = 10;

/** Appended and synced to disk before it counts; a line that a crash cut is ended, so that it spoils no other one. */
export function fileChannel(name: string, path: string): Channel {
  let last: Promise<unknown> = Promise.resolve();
  const append = async (line: string): Promise<Sent> => {
    try {
      const file = await open(path, 'a+', 0o600);
      try {
        const { size } = await file.stat();
        const end = Buffer.alloc(1);
        if (size > 0) await file.read(end, 0, 1, size - 1);
        const isCut = size > 0 && end[0] !== NEWLINE;
        await file.appendFile(`${isCut ? '\n' : ''}${line}\n`);
        await file.sync();
      } finally {
        await file.close();
      }
      return { kind: 'delivered', detail: 'written' };
    } catch (error) {
      return failed(error);
    }
  };
  return {
    ...{ name, resolves: true, close: nothingToClose },
    send: ({ json }) => {
      // One after the other: two that look at the end of the file at once would both end a cut line.
      const sent = last.then(() => append(JSON.stringify(json)));
      last = sent;
      return sent;
    },
  };
}

export interface TopicRecord {
  readonly key: string;
  readonly value: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Topic {
  /** Resolves when all replicas hold the record. */
  put(record: TopicRecord): Promise<void>;
  close(): Promise<void>;
}

/** @param openTopic is called when the first message comes, and again after it failed */
export function topicChannel(name: string, openTopic: () => Promise<Topic>): Channel {
  let opened: Promise<Topic> | undefined;
  return {
    ...{ name, resolves: true },
    send: async ({ id, dedup, json }) => {
      try {
        opened ??= openTopic();
        const record = { key: dedup, value: Buffer.from(JSON.stringify(json)), headers: { 'keytrail-id': id } };
        await (await opened).put(record);
        return { kind: 'delivered', detail: 'held by all replicas' };
      } catch (error) {
        const before = opened;
        opened = undefined;
        await before?.then((topic) => topic.close()).catch(() => undefined);
        return failed(error);
      }
    },
    close: async () => {
      await opened?.then((topic) => topic.close()).catch(() => undefined);
    },
  };
}
