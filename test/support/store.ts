/** A store of a test's own: a fresh data directory, migrated, closed and removed when the test file ends. */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, inject } from 'vitest';
import { type EmbeddedOptions, type EmbeddedStore, openEmbedded } from '../../src/store/embedded/open.ts';
import type { SharedStore } from './shared-stores.ts';

const cleanups: (() => Promise<void>)[] = [];

afterAll(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** An empty directory that is removed when the test file ends. */
export async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), 'keytrail-test-'));
  // The engine of a process that was killed ends by itself, and may write into the directory until it has.
  cleanups.push(() => rm(directory, { recursive: true, force: true, maxRetries: 30 }));
  return directory;
}

/** Opens the embedded store and closes it when the test file ends, if the test has not. */
export async function openForTest(options: EmbeddedOptions): Promise<EmbeddedStore> {
  const opened = await openEmbedded(options);
  cleanups.push(() => opened.close());
  return opened;
}

/** A directory of the test's own with a store that the run made once. */
export async function copyOf(name: SharedStore): Promise<string> {
  const response = await fetch(`${inject('sharedStores')}${name}`);
  if (!response.ok) throw new Error(await response.text());
  const directory = await temporaryDirectory();
  await cp((await response.json()) as string, directory, { recursive: true });
  return directory;
}

/**
 * Migrated as a copy: migrating takes as long as most tests.
 *
 * @param mode `in-process` (default) is faster, but a process has one such store at a time; `child` may be opened many
 * times
 */
export async function temporaryStore(mode: EmbeddedOptions['mode'] = 'in-process'): Promise<EmbeddedStore> {
  return openForTest({ dataDir: await copyOf('migrated'), mode });
}
