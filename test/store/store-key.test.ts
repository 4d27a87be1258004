import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import type { EmbeddedStore } from '../../src/store/embedded/open.ts';
import { resolveStoreKey } from '../../src/store/store-key.ts';
import { temporaryDirectory, temporaryStore } from '../support/store.ts';

let opened: EmbeddedStore;
let dataDir: string;
beforeEach(async () => {
  opened = await temporaryStore('child');
  dataDir = opened.dataDir;
});

const putEvent = (): Promise<void> =>
  opened.store.command("INSERT INTO audit_events (source, event_id) SELECT 'gateway/request', '1'");

test('an empty store gets one key, once, also when two processes begin together', async () => {
  const { store } = opened;
  const keys = await Promise.all([1, 2, 3].map(() => resolveStoreKey({ store, dataDir, mayCreate: true })));
  expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(1);
  expect(keys[0]?.length).toBe(32);
  expect((await stat(path.join(dataDir, 'store.key'))).mode & 0o777).toBe(0o600);
  await putEvent();
  expect(await resolveStoreKey({ store, dataDir, mayCreate: false })).toEqual(keys[0]);
  // The store holds a check value, and nothing from which the key could be had.
  const facts = JSON.stringify(await store.rows('SELECT * FROM store_facts'));
  expect(facts).not.toContain(keys[0]?.toString('hex'));
});

test('a key of another store is refused, and so is a store that lost its key', async () => {
  const { store } = opened;
  const key = await resolveStoreKey({ store, dataDir, mayCreate: true });
  const file = path.join(dataDir, 'store.key');
  await writeFile(file, 'ab'.repeat(32));
  await expect(resolveStoreKey({ store, dataDir, mayCreate: true })).rejects.toMatchObject({
    code: 'STORE_KEY_MISMATCH',
  });
  await rm(file);
  await expect(resolveStoreKey({ store, dataDir, mayCreate: true })).rejects.toMatchObject({
    code: 'STORE_KEY_MISSING',
  });
  await writeFile(file, 'not a key');
  await expect(resolveStoreKey({ store, dataDir, mayCreate: true })).rejects.toMatchObject({
    code: 'STORE_KEY_INVALID',
  });
  // 32 bytes as well as 64 digits, and a named file before the data directory's.
  const named = path.join(await temporaryDirectory(), 'named.key');
  await writeFile(named, key);
  expect(await resolveStoreKey({ store, dataDir, keyFile: named, mayCreate: false })).toEqual(key);
});

test('a store with events and without a check value gets no key', async () => {
  await putEvent();
  const asked = resolveStoreKey({ store: opened.store, dataDir, mayCreate: true });
  await expect(asked).rejects.toMatchObject({ code: 'STORE_KEY_MISSING' });
  await expect(readFile(path.join(dataDir, 'store.key'))).rejects.toMatchObject({ code: 'ENOENT' });
});

test('an empty server gets its key from migrate only, into the file that was named', async () => {
  const { store } = opened;
  await expect(resolveStoreKey({ store, mayCreate: false })).rejects.toMatchObject({ code: 'STORE_KEY_NOT_ENTERED' });
  await expect(resolveStoreKey({ store, mayCreate: true })).rejects.toMatchObject({ code: 'STORE_KEY_MISSING' });
  const keyFile = path.join(await temporaryDirectory(), 'server.key');
  const key = await resolveStoreKey({ store, keyFile, mayCreate: true });
  expect((await readFile(keyFile, 'utf8')).trim()).toBe(key.toString('hex'));
  expect(await resolveStoreKey({ store, keyFile, mayCreate: false })).toEqual(key);
});
