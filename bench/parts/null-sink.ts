/**
 * Answers like a migrated ClickHouse that has nothing stored, and forgets what is inserted: our own cost without the
 * engine. Ends with its standard input.
 */
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { createGunzip } from 'node:zlib';
import { readMigrations } from '../../src/store/migrations.ts';
import { checkOf } from '../../src/store/store-key.ts';

const [keyFile = ''] = process.argv.slice(2);
const key = Buffer.from(readFileSync(keyFile, 'latin1').trim(), 'hex');
const migrations = await readMigrations();
const DURABLE = 'SETTINGS fsync_after_insert = 1, fsync_part_directory = 1';
let insertedBytes = 0;

/** Rows of the program's own questions before and after its work. */
function answer(sql: string, url: URL): readonly object[] {
  if (sql.includes('FROM schema_migrations')) return migrations;
  if (sql.includes('FROM store_facts')) return [{ value: checkOf(key) }];
  if (sql.includes('FROM system.settings')) {
    const names = url.searchParams.get('param_names') ?? '';
    return [...url.searchParams].flatMap(([name, value]) => (names.includes(`'${name}'`) ? { name, value } : []));
  }
  if (sql.includes('FROM system.tables')) {
    return ['audit_events', 'dead_letters', 'dead_letter_log', 'ledger'].map((name) => ({ name, sql: DURABLE }));
  }
  return [];
}

function textOf(request: IncomingMessage): Promise<string> {
  return text(request.headers['content-encoding'] === 'gzip' ? request.pipe(createGunzip()) : request);
}

const server = createServer(async (request, response) => {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const query = url.searchParams.get('query') ?? '';
  let rows: readonly object[] = [];
  if (/^\s*INSERT\b/i.test(query)) {
    request.on('data', (chunk: Buffer) => {
      insertedBytes += chunk.length;
    });
    await new Promise<void>((resolve) => request.once('end', resolve));
  } else rows = answer(`${query}\n${await textOf(request)}`, url);
  response.writeHead(200, { 'X-ClickHouse-Timezone': 'UTC', 'X-ClickHouse-Server-Display-Name': 'null' });
  response.end(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`${JSON.stringify({ port: typeof address === 'object' ? address?.port : 0 })}\n`);
});
process.stdin.resume().on('end', () => {
  process.stdout.write(`${JSON.stringify({ insertedBytes })}\n`);
  server.close();
  server.closeAllConnections();
});
