/**
 * The store's schema: numbered files, applied in order, once, under a lock.
 *
 * Each file holds one statement that may be run again (IF NOT EXISTS, OR REPLACE): a process that is killed between the
 * statement and the note that it was applied runs it a second time.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { UserError } from '../core/errors.ts';
import { PACKAGE_ROOT } from '../core/package-root.ts';
import { storeErrorOf } from './errors.ts';
import { withStoreLock } from './lock.ts';
import type { Store } from './store.ts';

export interface Migration {
  readonly number: number;
  /** The file's name without its ending. */
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the file, 64 hex digits. */
  readonly digest: string;
}

interface Applied {
  readonly number: number;
  readonly name: string;
  readonly digest: string;
}

const FOLDER = new URL('schemas/clickhouse/', PACKAGE_ROOT);
const UNKNOWN_TABLE = 60;

const NOTES_TABLE = `
CREATE TABLE IF NOT EXISTS schema_migrations
(
    number     UInt32,
    name       String,
    digest     String,
    applied_at DateTime64(3, 'UTC')
)
ENGINE = MergeTree
ORDER BY number
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1`;

/** The program's own migrations, lowest number first. */
export async function readMigrations(folder: URL = FOLDER): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => /^\d{3}-[\w-]+\.sql$/.test(name)).sort();
  return Promise.all(
    names.map(async (file) => {
      const sql = (await readFile(new URL(file, folder), 'utf8')).replaceAll('\r\n', '\n');
      const digest = createHash('sha256').update(sql).digest('hex');
      return { number: Number(file.slice(0, 3)), name: file.replace(/\.sql$/, ''), sql, digest };
    }),
  );
}

/**
 * Applies what is missing. Two processes at once are safe, and so is a second run.
 *
 * @returns names of the migrations that this call applied
 * @throws UserError STORE_NEWER, MIGRATION_CHANGED, STORE_LOCKED
 */
export async function migrate(store: Store, migrations?: readonly Migration[]): Promise<{ applied: string[] }> {
  const known = migrations ?? (await readMigrations());
  if (missing(known, await appliedIn(store)).length === 0) return { applied: [] };
  return withStoreLock(store, 'migrate', async () => {
    await store.command(NOTES_TABLE);
    const applied: string[] = [];
    for (const migration of missing(known, await appliedIn(store))) {
      await store.command(migration.sql);
      await note(store, migration);
      applied.push(migration.name);
    }
    return { applied };
  });
}

/**
 * @throws UserError STORE_NEWER, STORE_OLDER, MIGRATION_CHANGED when the store's schema is not the program's
 */
export async function checkSchema(store: Store, migrations?: readonly Migration[]): Promise<void> {
  const lacking = missing(migrations ?? (await readMigrations()), await appliedIn(store));
  if (lacking.length === 0) return;
  throw new UserError('STORE_OLDER', 'the store lacks tables of this program', {
    got: `not applied: ${lacking.map((migration) => migration.name).join(', ')}`,
    next: 'keytrail migrate',
  });
}

async function note(store: Store, { number, name, digest }: Migration): Promise<void> {
  await store.command(
    'INSERT INTO schema_migrations SELECT {number:UInt32}, {name:String}, {digest:String}, now64(3)',
    { parameters: { number, name, digest } },
  );
}

/** What the store has noted; a store without the table is a new one. */
export async function appliedIn(store: Store): Promise<Applied[]> {
  try {
    return await store.rows<Applied>(
      'SELECT number, any(name) AS name, any(digest) AS digest FROM schema_migrations GROUP BY number ORDER BY number',
    );
  } catch (cause) {
    if (storeErrorOf(cause).code === UNKNOWN_TABLE) return [];
    throw cause;
  }
}

function missing(known: readonly Migration[], applied: readonly Applied[]): Migration[] {
  const byNumber = new Map(known.map((migration) => [migration.number, migration]));
  for (const one of applied) {
    const migration = byNumber.get(one.number);
    if (migration === undefined) throw newerError(one, known.at(-1)?.name ?? 'none');
    if (migration.digest !== one.digest) throw changedError(migration, one);
  }
  const done = new Set(applied.map((one) => one.number));
  return known.filter((migration) => !done.has(migration.number));
}

function newerError(applied: Applied, last: string): UserError {
  return new UserError('STORE_NEWER', 'the store was written by a newer keytrail than this one', {
    got: `migration ${applied.name}`,
    expected: `none after ${last}`,
    next: 'update keytrail, or use the store with the version that wrote it; nothing was changed',
  });
}

function changedError(migration: Migration, applied: Applied): UserError {
  return new UserError('MIGRATION_CHANGED', `the file of migration ${migration.name} is not the one that was applied`, {
    got: `SHA-256 ${migration.digest}`,
    expected: `SHA-256 ${applied.digest} (${applied.name})`,
    next: 'install this version of keytrail again; a change of the schema is a new file, never another text of an old one',
  });
}
