/** The engine behind the embedded server, in its child process as `consume` has it, fed with prepared blocks. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EVENT_COLUMNS } from '../../src/core/event-row.ts';
import { INSERTS_AT_ONCE } from '../../src/core/limits.ts';
import { openEmbedded } from '../../src/store/embedded/open.ts';
import { migrate } from '../../src/store/migrations.ts';

const [dataDir = '', folder = ''] = process.argv.slice(2);
const { store, close } = await openEmbedded({ dataDir, mode: 'child' });
await migrate(store);
const names = (await readdir(folder)).sort();
const startedAt = performance.now();
await Promise.all(Array.from({ length: INSERTS_AT_ONCE }, insertOnAndOn));
const seconds = (performance.now() - startedAt) / 1_000;
const [stored] = await store.rows<{ rows: string }>('SELECT count() AS rows FROM audit_events');
await close();
process.stdout.write(`${JSON.stringify({ seconds, stored: Number(stored?.rows) })}\n`);

async function insertOnAndOn(): Promise<void> {
  for (let name = names.shift(); name !== undefined; name = names.shift()) {
    const [, rows = '0', token = ''] = name.split('-');
    const body = [await readFile(join(folder, name))];
    await store.insert({ table: 'audit_events', columns: EVENT_COLUMNS, body, rows: Number(rows), token });
  }
}
