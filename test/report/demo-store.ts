/** The store of the demo, made by the built program. */
import { beforeAll } from 'vitest';
import type { Store } from '../../src/store/store.ts';
import { DEMO_END } from '../support/shared-stores.ts';
import { copyOf, openForTest } from '../support/store.ts';

/** When the 90 days of the demo end. */
export const DEMO_NOW = new Date(DEMO_END);

export function demoFolder(): { readonly dataDir: () => string } {
  let dataDir = '';
  beforeAll(async () => {
    dataDir = await copyOf('demo-of-october');
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
