/** The load of every measure: gateway events of half a kilobyte, made by the generator of the examples. */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs, { type Message, type Producer } from 'kafkajs';
import { generateLoad, type LoadOptions, loadLines } from '../examples/load.ts';
import { type LoadRegistryOptions, loadRegistryLines } from '../examples/load-registry.ts';

/** A fixed end, so that every run has the same events. */
export const LOAD_END = Date.UTC(2026, 10, 1);
export const PARTITIONS = 4;
const MESSAGES_PER_SEND = 2_000;

/** All within one month, as records that come in while they happen are. */
export function loadOptions(count: number): LoadOptions {
  return { seed: 7, count, end: LOAD_END, spread: 'month' };
}

/** Of the store that questions are asked of. */
export const HISTORY_KEYS = 5_000;

/** Evenly over 365 days. */
export function historyOptions(count: number): LoadOptions {
  return { seed: 11, count, end: LOAD_END, spread: 'year', keys: HISTORY_KEYS };
}

const ADDRESSES_OF_KEY = 3;
const LIVE_PER_SECOND = 5_000;

/** Of the store that detections look at: keys that keep to their own addresses, over a month. */
export function habitsOptions(count: number): LoadOptions {
  const ofKeys = { keys: HISTORY_KEYS, addressesOfKey: ADDRESSES_OF_KEY, refusals: false };
  return { seed: 13, count, end: LOAD_END, spread: 'month', ...ofKeys };
}

/** One second of the same keys, after that month. @param end ms since 1970, UTC */
export function liveOptions(seed: number, end: number): LoadOptions {
  return { ...habitsOptions(LIVE_PER_SECOND), seed, end, spread: 'second' };
}

export async function writeLoad(file: string, options: LoadOptions): Promise<void> {
  const target = createWriteStream(file);
  for (const piece of generateLoad(options)) if (!target.write(piece)) await once(target, 'drain');
  target.end();
  await once(target, 'close');
}

export async function writeRegistry(file: string, options: LoadRegistryOptions): Promise<void> {
  await writeFile(file, loadRegistryLines(options));
}

/** @param perSecond how fast at most; absent: as fast as the broker takes it */
export async function fillTopic(
  brokers: readonly string[],
  topic: string,
  options: LoadOptions,
  perSecond = Number.POSITIVE_INFINITY,
): Promise<void> {
  const kafka = new kafkajs.Kafka({ brokers: [...brokers], logLevel: kafkajs.logLevel.NOTHING });
  const producer = kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
  await producer.connect();
  const startedAt = performance.now();
  let sent = 0;
  for (const messages of sends(options)) {
    await send(producer, topic, messages);
    sent += messages.length;
    const early = (sent / perSecond) * 1_000 - (performance.now() - startedAt);
    if (early > 0) await sleep(early);
  }
  await producer.disconnect();
}

export async function createTopic(brokers: readonly string[], topic: string): Promise<void> {
  const admin = new kafkajs.Kafka({ brokers: [...brokers], logLevel: kafkajs.logLevel.NOTHING }).admin();
  await admin.connect();
  await admin.createTopics({
    waitForLeaders: true,
    topics: [{ topic, numPartitions: PARTITIONS, replicationFactor: 1 }],
  });
  await admin.disconnect();
}

/** For brokers that are not ours, and live on. */
export async function dropTopics(brokers: readonly string[], topics: readonly string[]): Promise<void> {
  const admin = new kafkajs.Kafka({ brokers: [...brokers], logLevel: kafkajs.logLevel.NOTHING }).admin();
  await admin.connect();
  await admin.deleteTopics({ topics: [...topics] });
  await admin.disconnect();
}

async function send(producer: Producer, topic: string, messages: Message[]): Promise<void> {
  await producer.send({ topic, acks: 1, messages });
}

/** Messages of one partition each, the partitions in turn. */
function* sends(options: LoadOptions): Iterable<Message[]> {
  let partition = 0;
  let messages: Message[] = [];
  for (const line of loadLines(options)) {
    messages.push({ partition, value: line });
    if (messages.length < MESSAGES_PER_SEND) continue;
    yield messages;
    messages = [];
    partition = (partition + 1) % PARTITIONS;
  }
  if (messages.length > 0) yield messages;
}
