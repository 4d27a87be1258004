/**
 * One Kafka broker for the whole run, started when the first test file asks for it: a run without Kafka tests pays
 * nothing. Test files live in other processes, so they ask over a socket whose address vitest hands to them.
 */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Broker, brokerAvailability, startBroker } from './kafka-broker.ts';
import { runKeytrail } from './keytrail.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where to ask for the run's broker. */
    readonly sharedKafka: string;
    /** Where to ask for the folder of a store that holds the demo: made once, to be copied and never opened. */
    readonly sharedDemo: string;
  }
}

/** What a test file is told. */
export type SharedKafka = { readonly brokers: readonly string[] } | { readonly install: string };

interface Project {
  provide(name: 'sharedKafka' | 'sharedDemo', address: string): void;
}

export async function setup(project: Project): Promise<() => Promise<void>> {
  const shared = new SharedBroker();
  const demo = new SharedDemo();
  const server = createServer((request, response) => {
    const asked = request.url === '/demo' ? demo.folder() : shared.answer();
    asked.then(
      (answer) => response.end(JSON.stringify(answer)),
      (cause) => response.writeHead(500).end(String(cause)),
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  server.unref();
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no address to hand to the tests');
  project.provide('sharedKafka', `http://127.0.0.1:${address.port}/`);
  project.provide('sharedDemo', `http://127.0.0.1:${address.port}/demo`);
  return async () => {
    server.close();
    await shared.close();
    await demo.close();
  };
}

class SharedDemo {
  #folder: Promise<string> | undefined;

  folder(): Promise<string> {
    this.#folder ??= this.#make();
    return this.#folder;
  }

  async close(): Promise<void> {
    const folder = await this.#folder?.catch(() => undefined);
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }

  async #make(): Promise<string> {
    const folder = await mkdtemp(path.join(tmpdir(), 'keytrail-demo-'));
    const { code, stderr } = await runKeytrail(['demo', '--data-dir', path.join(folder, 'store')]);
    if (code !== 0) throw new Error(`the demo ended with ${code}: ${stderr}`);
    return folder;
  }
}

class SharedBroker {
  #broker: Promise<Broker> | undefined;
  #skipped = '';

  async answer(): Promise<SharedKafka> {
    const availability = await brokerAvailability();
    if (!availability.available && !process.env.KAFKA_BROKERS) {
      this.#skipped = availability.install;
      return { install: availability.install };
    }
    this.#broker ??= startBroker();
    return { brokers: (await this.#broker).brokers };
  }

  async close(): Promise<void> {
    if (this.#skipped !== '') console.error(`\nSKIPPED: the tests that need Kafka did not run; ${this.#skipped}\n`);
    await (await this.#broker)?.close();
  }
}
