/** The store of the demo, made by the built program once for a test file. */
import path from 'node:path';
import { beforeAll } from 'vitest';
import type { Store } from '../../src/store/store.ts';
import { runKeytrail } from '../support/keytrail.ts';
import { openForTest, temporaryDirectory } from '../support/store.ts';

/** When the 90 days of the demo end. */
export const DEMO_NOW = new Date('2026-11-01T00:00:00.000Z');

export function demoFolder(): { readonly dataDir: () => string } {
  let dataDir = '';
  beforeAll(async () => {
    const folder = await temporaryDirectory();
    dataDir = path.join(folder, 'demo');
    const made = await runKeytrail(['demo', '--end', DEMO_NOW.toISOString(), '--data-dir', dataDir], { cwd: folder });
    if (made.code !== 0) throw new Error(made.stderr);
  });
  return { dataDir: () => dataDir };
}

export function demoStore(): { readonly store: () => Store; readonly dataDir: () => string } {
  const { dataDir } = demoFolder();
  let store: Store | undefined;
  beforeAll(async () => {
    store = (await openForTest({ dataDir: dataDir(), mode: 'in-process' })).store;
  });
  return {
    dataDir,
    store: () => {
      if (store === undefined) throw new Error('the store opens before the first test');
      return store;
    },
  };
}
