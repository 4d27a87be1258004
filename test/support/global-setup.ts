/**
 * What the whole run shares, one Kafka broker and stores to copy, made when the first test file asks: a run without
 * Kafka tests pays nothing. Test files live in other processes, so they ask over a socket whose address vitest hands to
 * them.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type Broker, brokerAvailability, startBroker } from './kafka-broker.ts';
import { SharedStores } from './shared-stores.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where to ask for the run's broker. */
    readonly sharedKafka: string;
    /** Where to ask for the folder of a store by its name: it is copied, and never opened. */
    readonly sharedStores: string;
  }
}

/** What a test file is told. */
export type SharedKafka = { readonly brokers: readonly string[] } | { readonly install: string };

interface Project {
  provide(name: 'sharedKafka' | 'sharedStores', address: string): void;
}

export async function setup(project: Project): Promise<() => Promise<void>> {
  const shared = new SharedBroker();
  const stores = new SharedStores();
  const server = createServer((request, response) => {
    const [, store] = /^\/stores\/(.+)$/.exec(request.url ?? '') ?? [];
    const asked = store === undefined ? shared.answer() : stores.folder(store);
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
  project.provide('sharedStores', `http://127.0.0.1:${address.port}/stores/`);
  return async () => {
    server.close();
    await shared.close();
    await stores.close();
  };
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
