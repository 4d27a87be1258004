/** The broker's jars, and whether a broker can be started here. */
import { type JarSet, jarsOf, missingFor } from '../maven.ts';

const BROKER: JarSet = { pom: 'test/support/kafka/pom.xml', name: 'kafka', marker: 'kafka_2.13-' };

export type Availability = { readonly available: true } | { readonly available: false; readonly install: string };

let known: Promise<Availability> | undefined;

/** Whether a broker can be started here: Java 17 or newer, and Maven unless the jars are already in the cache. */
export function brokerAvailability(): Promise<Availability> {
  known ??= findOut();
  return known;
}

async function findOut(): Promise<Availability> {
  const missing = await missingFor(BROKER);
  if (missing.length === 0) return { available: true };
  return { available: false, install: `install ${missing.join(' and ')}, or set KAFKA_BROKERS=host:port` };
}

/** @returns the folder with the broker's jars, downloaded when it is not there yet */
export function brokerJars(): Promise<string> {
  return jarsOf(BROKER);
}
