import { randomBytes } from 'node:crypto';
import { afterAll } from 'vitest';
import { openClickHouseStore } from '../../src/store/clickhouse-store.ts';
import { migrate } from '../../src/store/migrations.ts';
import { FaultProxy } from '../support/fault-proxy.ts';
import { temporaryStore } from '../support/store.ts';
import { storeContract } from './contract.ts';

const cleanups: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

storeContract('the embedded store', async () => {
  const { store } = await temporaryStore('child');
  return { store, hasReaderRole: true };
});

storeContract('the embedded store over TCP, through a proxy that lets everything pass', async () => {
  const { socketPath } = await temporaryStore('child');
  const proxy = await FaultProxy.open({ socketPath });
  cleanups.push(() => proxy.close());
  return { store: openClickHouseStore({ url: proxy.url, compression: true }), hasReaderRole: true };
});

const url = process.env.CLICKHOUSE_URL ?? '';
if (url !== '') {
  storeContract('a ClickHouse server', async () => {
    const database = `keytrail_test_${randomBytes(6).toString('hex')}`;
    const admin = openClickHouseStore({ url });
    await admin.command(`CREATE DATABASE ${database}`);
    cleanups.push(async () => {
      await admin.command(`DROP DATABASE ${database}`);
      await admin.close();
    });
    const store = openClickHouseStore({ url, database, readerRole: '' });
    await migrate(store);
    return { store, hasReaderRole: false };
  });
}
