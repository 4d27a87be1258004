/** How a test file gets at a real broker, and what happens when there is none. */
import { describe, inject, test } from 'vitest';
import type { SharedKafka } from '../global-setup.ts';
import { brokerAvailability } from '../kafka-broker.ts';

/** The broker of the whole run: `host:port` list, or what to install. */
export async function sharedKafka(): Promise<SharedKafka> {
  const response = await fetch(inject('sharedKafka'));
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as SharedKafka;
}

/**
 * A suite that needs Kafka. Without one it is skipped, and the run's last line says what to install; with
 * KEYTRAIL_REQUIRE_BROKER=1 such a skip is a failure.
 */
export async function describeWithKafka(name: string, suite: (brokers: readonly string[]) => void): Promise<void> {
  const answer = await sharedKafka();
  if ('brokers' in answer) describe(name, () => suite(answer.brokers));
  else refuseOrSkip(name, answer.install);
}

/** A suite that starts brokers of its own: TLS, authentication, restarts. `KAFKA_BROKERS` does not help it. */
export async function describeWithOwnBroker(name: string, suite: () => void): Promise<void> {
  const answer = await brokerAvailability();
  if (answer.available) return void describe(name, suite);
  // Asked so that the run's last line tells of the skip.
  await fetch(inject('sharedKafka'));
  refuseOrSkip(name, answer.install);
}

function refuseOrSkip(name: string, install: string): void {
  if (process.env.KEYTRAIL_REQUIRE_BROKER === '1') {
    test(name, () => {
      throw new Error(`KEYTRAIL_REQUIRE_BROKER is set and no broker can be started: ${install}`);
    });
  } else {
    describe.skip(`${name} (no Kafka: ${install})`, () => test('is skipped', () => {}));
  }
}
