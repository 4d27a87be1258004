/** What the measures share: a temporary folder, the broker, and what is made once. Everything goes at the end. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Broker, startBroker } from '../test/support/kafka-broker.ts';
import { createTopic, dropTopics } from './load.ts';
import type { BenchOptions } from './options.ts';

export class Workspace {
  readonly options: BenchOptions;
  readonly #folder: string;
  readonly #made = new Map<string, Promise<unknown>>();
  #broker: Promise<Broker> | undefined;
  readonly #topics: string[] = [];
  #names = 0;

  private constructor(options: BenchOptions, folder: string) {
    this.options = options;
    this.#folder = folder;
  }

  static async open(options: BenchOptions): Promise<Workspace> {
    return new Workspace(options, await mkdtemp(join(options.folder ?? tmpdir(), 'keytrail-bench-')));
  }

  /** A path that nothing else uses; its end, which tells a file's format, is the given one. */
  path(of: string): string {
    this.#names += 1;
    return join(this.#folder, `${this.#names}-${of}`);
  }

  async folder(of: string): Promise<string> {
    const path = this.path(of);
    await mkdir(path);
    return path;
  }

  async remove(path: string): Promise<void> {
    await rm(path, { recursive: true, force: true, maxRetries: 5 });
  }

  /** Made at its first use, and then the same for all. */
  once<T>(name: string, make: () => Promise<T>): Promise<T> {
    const made = (this.#made.get(name) as Promise<T> | undefined) ?? make();
    this.#made.set(name, made);
    return made;
  }

  async brokers(): Promise<readonly string[]> {
    this.#broker ??= startBroker();
    return (await this.#broker).brokers;
  }

  /** @returns the name of a new topic */
  async topic(): Promise<string> {
    const topic = `keytrail-bench-${crypto.randomUUID()}`;
    await createTopic(await this.brokers(), topic);
    this.#topics.push(topic);
    return topic;
  }

  say(text: string): void {
    process.stderr.write(`${text}\n`);
  }

  async close(): Promise<void> {
    const broker = await this.#broker;
    if (broker !== undefined && process.env.KAFKA_BROKERS) await dropTopics(broker.brokers, this.#topics);
    await broker?.close();
    await this.remove(this.#folder);
  }
}
