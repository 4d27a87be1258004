/** What `doctor` asks the store. It only reads. */
import { z } from 'zod';
import { UserError } from '../core/errors.ts';
import { CLOCK_SKEW_MS_MAX, DOCTOR_ANSWER_MS_MAX } from '../core/limits.ts';
import { monthName } from '../core/months.ts';
import { DICTIONARY_USER, READER_ROLE } from '../store/clickhouse-store.ts';
import { durabilityWeaknesses } from '../store/durability.ts';
import { lockLife, REWRITE_LOCK } from '../store/lock.ts';
import { appliedIn, checkSchema, readMigrations } from '../store/migrations.ts';
import { statement } from '../store/statements.ts';
import type { Settings, Store } from '../store/store.ts';
import { verifyStoreKey } from '../store/store-key.ts';
import { type Finding, fail, failureOf, look, ok, warn } from './finding.ts';

export interface StoreFacts {
  readonly store: Store;
  readonly dataDir: string | undefined;
  readonly storeKeyFile: string | undefined;
  /** Settings of inserts beyond the usual ones, such as a cluster's quorum. */
  readonly insertSettings: Settings;
  /** Who answers, for a person: `embedded, served by this process`. */
  readonly where: string;
  readonly now: () => number;
}

const storeRow = z.object({ version: z.string(), now_ms: z.number() });
const mixedRow = z.object({ month: z.number(), source: z.string(), versions: z.array(z.number()) });
const registryRow = z.object({ keys: z.number(), recorded_at_ms: z.coerce.number() });
const tableRow = z.object({ name: z.string(), engine_full: z.string() });

export async function lookAtStore(facts: StoreFacts): Promise<Finding[]> {
  const store = impatient(facts.store);
  let answered: { version: string; skewMs: number };
  try {
    answered = await firstAnswer(store, facts.now);
  } catch (error) {
    return [away(facts.where, error)];
  }
  const findings = [ok('store', facts.where), ok('engine', `ClickHouse ${answered.version}`), clock(answered.skewMs)];
  const schema = await look('migrations', () => migrations(store));
  findings.push(...schema);
  if (schema.some(({ level }) => level === 'fail')) return findings;
  return [
    ...findings,
    ...(await look('schema versions', () => schemaVersions(store))),
    ...(await look('rewriting', () => rewriting(store))),
    ...(await look('durability', () => durability(store, facts.insertSettings))),
    ...(await look('repeated inserts', () => repeatedInserts(store))),
    ...(await look('reader role', () => readerRole(store))),
    ...(await look('registry', () => registry(store))),
    ...(await look('store key', () => storeKey({ ...facts, store }))),
  ];
}

/** The store could not even be opened. */
export function away(where: string, error: unknown): Finding {
  const finding = failureOf('store', error);
  const next =
    finding.next === '' ? 'see that it runs and can be reached from here; intake waits until it is back' : finding.next;
  return fail('store', `away (${where}): ${finding.found}`, next);
}

/** A store that does not answer must not keep a person waiting who asks what is wrong. */
function impatient(store: Store): Store {
  return {
    ...{ stream: store.stream.bind(store), command: store.command.bind(store) },
    ...{ insert: store.insert.bind(store), close: store.close.bind(store) },
    rows: (sql, options = {}) => store.rows(sql, { ...options, signal: AbortSignal.timeout(DOCTOR_ANSWER_MS_MAX) }),
  };
}

async function firstAnswer(store: Store, now: () => number): Promise<{ version: string; skewMs: number }> {
  const before = now();
  const [row] = z.array(storeRow).parse(await store.rows(statement('doctor-store')));
  const after = now();
  if (row === undefined) throw new Error('the store gave no answer');
  // Between asking and answering the clock may have been read at any time: what the way explains is no skew.
  const skewMs = Math.max(0, before - row.now_ms, row.now_ms - after);
  return { version: row.version, skewMs };
}

function clock(skewMs: number): Finding {
  const found = `${Math.round(skewMs)} ms between this machine and the store`;
  if (skewMs <= CLOCK_SKEW_MS_MAX) return ok('clock', found);
  return warn('clock', found, 'set both clocks by the same time server: ranges such as -24h are told by this one');
}

async function migrations(store: Store): Promise<Finding> {
  const known = await readMigrations();
  const applied = await appliedIn(store);
  try {
    await checkSchema(store, known);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return failureOf('migrations', error);
  }
  return ok('migrations', `${applied.length} of ${known.length} applied`);
}

async function schemaVersions(store: Store): Promise<Finding[]> {
  const mixed = z.array(mixedRow).parse(await store.rows(statement('doctor-mixed-versions')));
  if (mixed.length === 0) return [ok('schema versions', 'each month holds one version of each source')];
  return mixed.map(({ month, source, versions }) =>
    warn(
      'schema versions',
      `${monthName(month)} of ${source} holds versions ${versions.join(', ')}`,
      'keytrail renormalise brings the month to the newest version',
    ),
  );
}

/** Tables that are there only while a month is rewritten. */
async function rewriting(store: Store): Promise<Finding> {
  if ((await store.rows(statement('renormalise-tables'))).length === 0) return ok('rewriting', 'no month is under way');
  if ((await lockLife(store, REWRITE_LOCK)).life === 'living')
    return ok('rewriting', 'keytrail renormalise is under way');
  return warn(
    'rewriting',
    'keytrail renormalise was cut while it rewrote a month; every row is there, some may be there twice',
    'any command that opens the store finishes it, such as keytrail query key-usage',
  );
}

async function durability(store: Store, insertSettings: Settings): Promise<Finding[]> {
  const weaknesses = await durabilityWeaknesses(store, insertSettings);
  if (weaknesses.length === 0) return [ok('durability', 'what is acknowledged is on the disk')];
  return weaknesses.map(({ setting, got, expected }) =>
    fail(
      'durability',
      `${setting} is ${got}, expected ${expected}: records may be acknowledged before they are safe`,
      'take it out of the profile of this user, or set it on the table',
    ),
  );
}

/** A table without a window would store a repeated insert twice; answers stay the same, space and merges do not. */
async function repeatedInserts(store: Store): Promise<Finding[]> {
  const tables = z.array(tableRow).parse(await store.rows(statement('doctor-tables')));
  const forgetful = tables.filter(
    ({ engine_full: engine }) => engine.startsWith('Replicated') === false && windowOf(engine) === 0,
  );
  if (forgetful.length === 0) return [ok('repeated inserts', 'every table knows a repeated insert')];
  return forgetful.map(({ name }) =>
    warn(
      'repeated inserts',
      `${name} remembers no inserts (non_replicated_deduplication_window is 0)`,
      name === 'audit_events'
        ? 'keytrail retention was ended in the middle: run it again'
        : 'set it as its migration does',
    ),
  );
}

function windowOf(engineFull: string): number {
  return Number(/non_replicated_deduplication_window = (\d+)/.exec(engineFull)?.[1] ?? 0);
}

async function readerRole(store: Store): Promise<Finding> {
  try {
    await store.rows('SELECT 1 AS one', { role: 'reader' });
    return ok('reader role', `${READER_ROLE} is there`);
  } catch (error) {
    return fail(
      'reader role',
      `questions cannot be asked: ${failureOf('reader role', error).found}`,
      `CREATE ROLE ${READER_ROLE}; GRANT SELECT ON <database>.* TO ${READER_ROLE}; GRANT ${READER_ROLE} TO <user>`,
    );
  }
}

/** Dictionaries are loaded at their first use, by a user of their own: what is wrong with them shows only then. */
async function registry(store: Store): Promise<Finding> {
  try {
    const [row] = z.array(registryRow).parse(await store.rows(statement('doctor-registry')));
    const since = row?.recorded_at_ms ? `, changed last ${new Date(row.recorded_at_ms).toISOString()}` : '';
    return ok('registry', `${row?.keys ?? 0} keys${since}`);
  } catch (error) {
    return fail(
      'registry',
      `owners, apps and networks cannot be looked up: ${failureOf('registry', error).found}`,
      `the server needs the user ${DICTIONARY_USER}, which reads without a password from itself: docs/configuration.md`,
    );
  }
}

async function storeKey({ store, dataDir, storeKeyFile }: StoreFacts): Promise<Finding> {
  const fits = await verifyStoreKey({ store, dataDir, keyFile: storeKeyFile });
  if (fits) return ok('store key', 'it is the one that this store was written with');
  return warn(
    'store key',
    'this store has none yet',
    dataDir === undefined ? 'keytrail migrate with KEYTRAIL_STORE_KEY_FILE enters one' : 'the first intake makes one',
  );
}
